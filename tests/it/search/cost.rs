//! What a search costs.

use diesel::QueryableByName;
use diesel::sql_query;
use diesel::sql_types::Text;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use masthead::newsroom;

use super::{about, search, slugs};
use crate::support::TestApp;

#[tokio::test]
async fn a_search_keeps_to_its_budget() {
    let app = TestApp::start().await;
    app.section("world", None).await;
    app.publish(about("tide", "The tide of the harbour.").section("world").tags(&["a"]))
        .await;
    app.multiply("tide", 150).await;
    newsroom::count_words(&mut *app.conn().await).await.unwrap();
    let reader = app.anonymous();
    let heard = app.listen().await;
    for (q, more, cost) in [
        // How it is read, and what the stretch holds.
        ("tide", "", 2),
        ("tide", "&limit=100&with_total=true", 2),
        ("\"harbour tide\" or tide -moon", "", 2),
        ("the", "", 1),
        // And what holds the words that were probably meant.
        ("harbuor tide", "", 3),
        ("harbuor nothing", "", 3),
        // And what the names name.
        ("tide", "&section=world&tag=a", 3),
        ("harbuor", "&section=world&tag=a", 4),
        ("tide", "&section=nothing", 2),
    ] {
        search(&reader, q, more).await.expect(200);
        let statements = heard.take();
        assert_eq!(statements.len(), cost, "{q} {more}: {statements:#?}");
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

#[tokio::test]
async fn words_are_found_by_their_index_common_or_not() {
    let app = TestApp::start().await;
    app.publish(about("tide", "The tide.")).await;
    app.multiply("tide", 3_000).await;
    let heard = app.listen().await;
    let reader = app.anonymous();
    assert_eq!(slugs(&search(&reader, "tide", "&limit=1").await.expect(200)).len(), 1);
    let statement = heard.take().into_iter().nth(1).unwrap();
    let (statement, _) = statement.split_once(" -- binds").unwrap();
    assert!(statement.contains("@@"), "{statement}");
    let plan = |weeks: &str| {
        format!(
            "EXPLAIN SELECT article_id FROM published_article_search \
             WHERE words @@ (SELECT search_loosely('{{masthead_english}}', 'tide', '')) {weeks} \
             ORDER BY published_at DESC, article_id DESC LIMIT 1000"
        )
    };
    for (weeks, condition) in [
        ("", "Index Cond: (words @@"),
        ("AND week = ANY (ARRAY[1, 2])", "(week = ANY"),
    ] {
        // Of so few articles reading all would be as cheap.
        let mut conn = app.conn().await;
        conn.batch_execute("SET enable_seqscan = off").await.unwrap();
        let lines: Vec<Line> = sql_query(plan(weeks)).load(&mut conn).await.unwrap();
        let plan: Vec<&str> = lines.iter().map(|line| line.line.trim()).collect();
        let plan = plan.join("\n");
        assert!(
            plan.contains("Bitmap Index Scan on published_article_search_words_idx"),
            "{plan}"
        );
        assert!(plan.contains(condition), "{plan}");
    }
}
