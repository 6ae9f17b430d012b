//! What a page of a long thread costs: one range of an index, however long the thread and however deep the page.

use diesel::prelude::*;
use diesel::sql_types::Json;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use serde_json::Value;

use super::{Scene, THREAD, at};
use crate::support::client::Answer;

#[derive(QueryableByName)]
struct Plan {
    #[diesel(sql_type = Json, column_name = "QUERY PLAN")]
    plan: Value,
}

/// Adds comments on the article itself, and as many replies to the oldest of them.
async fn many(scene: &Scene, count: usize) {
    let columns = "id, article_id, parent_id, depth, author_kind, author_name, avatar_key, body, body_html, status, \
                   reply_count, version, created_at, report_count";
    let row = |parent: &str, depth: usize, replies: &str, made: &str| {
        format!(
            "INSERT INTO comments ({columns}) SELECT gen_random_uuid(), '{}', {parent}, {depth}, 'reader', 'Runa', 'k', \
             'x', '<p>x</p>', 'approved', {replies}, 1, {made}, 0 FROM generate_series(1, {count}) n;",
            scene.article
        )
    };
    let first = "(SELECT id FROM comments ORDER BY created_at LIMIT 1)";
    let roots = row("NULL", 1, "0", "timestamptz '2026-01-01Z' + n * interval '1 minute'");
    let replies = row(first, 2, "0", "timestamptz '2026-02-01Z' + n * interval '1 minute'");
    let counted = format!("UPDATE comments SET reply_count = {count} WHERE id = {first}; ANALYZE comments;");
    let mut conn = scene.app.conn().await;
    conn.batch_execute(&format!("{roots}{replies}{counted}")).await.unwrap();
}

/// What PostgreSQL does for a statement that was heard, values and all.
async fn explain(scene: &Scene, heard: &str) -> Value {
    let (statement, binds) = heard.split_once(" -- binds: [").unwrap();
    let binds = binds.trim_end().trim_end_matches(']');
    let values: Vec<String> = binds
        .split(", ")
        .map(|bind| format!("'{}'", bind.trim_matches('"')))
        .collect();
    let mut conn = scene.app.conn().await;
    conn.batch_execute(&format!("PREPARE page AS {statement}"))
        .await
        .unwrap();
    let explain = format!("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE page({})", values.join(", "));
    let plan: Plan = diesel::sql_query(explain).get_result(&mut conn).await.unwrap();
    conn.batch_execute("DEALLOCATE page").await.unwrap();
    plan.plan
}

/// Every node of a plan that reads a table.
fn scans<'a>(node: &'a Value, found: &mut Vec<&'a Value>) {
    if node["Relation Name"].is_string() {
        found.push(node);
    }
    assert_ne!(node["Node Type"], "Sort", "{node}");
    for child in node["Plans"].as_array().into_iter().flatten() {
        scans(child, found);
    }
}

#[tokio::test]
async fn a_page_of_a_thread_is_one_range_of_an_index() {
    const LIMIT: usize = 10;
    let scene = Scene::new().await;
    many(&scene, 3000).await;
    let oldest: Answer = scene
        .reader
        .get(&format!("{THREAD}?sort=oldest&limit=1"))
        .await
        .expect(200);
    let replies = format!("{}/replies", at(&oldest.text_at("/data/0/id")));
    for (list, sort) in [
        (THREAD, "&sort=newest"),
        (THREAD, "&sort=oldest"),
        (THREAD, "&sort=most_replied"),
        (replies.as_str(), ""),
    ] {
        // A page in the middle, far from both ends.
        let mut cursor = String::new();
        for _ in 0..15 {
            let page = scene
                .reader
                .get(&format!("{list}?limit=100{sort}{cursor}"))
                .await
                .expect(200);
            cursor = format!("&cursor={}", page.text_at("/page/next_cursor"));
        }
        for place in ["", cursor.as_str()] {
            let heard = scene.app.listen().await;
            scene
                .reader
                .get(&format!("{list}?limit={LIMIT}{sort}{place}"))
                .await
                .expect(200);
            let statements = heard.take();
            let pages = statements
                .iter()
                .filter(|said| said.contains("FROM \"comments\"") && said.contains("LIMIT"));
            for statement in pages {
                let plan = explain(&scene, statement).await;
                let mut found = Vec::new();
                scans(&plan[0]["Plan"], &mut found);
                for scan in &found {
                    let kind = scan["Node Type"].as_str().unwrap();
                    assert!(kind.starts_with("Index"), "{kind}: {statement}");
                }
                // Beside the article, found by its slug.
                found.retain(|scan| scan["Relation Name"] == "comments");
                assert_eq!(found.len(), 1, "{plan}");
                let read = |name: &str| found[0][name].as_f64().unwrap_or(0.0);
                let rows = read("Actual Rows") + read("Rows Removed by Filter");
                assert!(rows <= (LIMIT + 2) as f64, "{rows} rows: {statement}: {plan}");
            }
        }
    }
}

#[tokio::test]
async fn long_lists_are_counted_to_their_cap() {
    let scene = Scene::new().await;
    many(&scene, 10_001).await;
    let counted = scene
        .reader
        .get(&format!("{THREAD}?with_total=true&limit=1"))
        .await
        .expect(200);
    assert_eq!(
        (counted.at("/page/total"), counted.at("/page/total_capped")),
        (&10_000.into(), &true.into())
    );
    let waiting = "UPDATE comments SET queue = 'held' WHERE parent_id IS NULL;
        UPDATE comments SET queue = 'spam' WHERE id IN (SELECT id FROM comments WHERE queue IS NULL LIMIT 7)";
    scene.app.conn().await.batch_execute(waiting).await.unwrap();
    let queues = scene.moderator.get("/api/v1/desk/comments/queues").await.expect(200);
    let counts: Vec<(&Value, &Value)> = super::all(&queues, "count")
        .into_iter()
        .zip(super::all(&queues, "count_capped"))
        .collect();
    let (none, few) = ((&0.into(), &false.into()), (&7.into(), &false.into()));
    assert_eq!(counts, [none, none, (&10_000.into(), &true.into()), few]);
}
