//! What is not a list of articles: comments, corrections, sections, tags, authors, searches.

use diesel_async::SimpleAsyncConnection;
use masthead::db::pool::PoolOptions;
use masthead::demo::Scale;

use super::explained::Plans;
use super::reads_no_table_whole;
use crate::support::TestApp;
use crate::support::db::{fresh, pool_options};

#[tokio::test]
async fn every_other_call_reads_along_its_index() {
    let one = PoolOptions {
        size: 1,
        shares: 1,
        ..pool_options()
    };
    let app = TestApp::on_pool(fresh().await, &one, |config| config.cache.size = 0).await;
    let (articles, comments) = (2_000, 4_000);
    app.load_scale(Scale { articles, comments }).await;
    let reader = app.anonymous();
    let newest = reader.get("/api/v1/articles?limit=100").await.expect(200);
    let (talked, slug) = (newest.text_at("/data/0/id"), newest.text_at("/data/0/slug"));
    let mut conn = app.conn().await;
    // A long thread, and a comment with many replies.
    let written = |count: i32, parent: &str, depth: i32| {
        format!(
            "INSERT INTO comments (id, article_id, parent_id, depth, author_kind, author_name, avatar_key, body, body_html,
                status, reply_count, version, created_at, report_count)
            SELECT gen_random_uuid(), '{talked}', {parent}, {depth}, 'reader', 'Runa', 'k', 'Hm.', '<p>Hm.</p>', 'approved', number,
                1, now() - number * interval '1 second', 0
            FROM generate_series(1, {count}) AS number"
        )
    };
    conn.batch_execute(&written(5_000, "NULL", 1)).await.unwrap();
    let root = format!("(SELECT id FROM comments WHERE article_id = '{talked}' AND reply_count = 5000)");
    conn.batch_execute(&written(1_000, &root, 2)).await.unwrap();
    conn.batch_execute("UPDATE published_articles SET breaking_until = NULL")
        .await
        .unwrap();
    let corrected = format!(
        "INSERT INTO corrections (id, article_id, kind, text, published_at, updated_at)
        SELECT gen_random_uuid(), '{talked}', 'update', 'Hm.', now() - number * interval '1 second', now()
        FROM generate_series(1, 30) AS number"
    );
    conn.batch_execute(&corrected).await.unwrap();
    conn.batch_execute("VACUUM ANALYZE").await.unwrap();
    let plans = Plans::begin(&mut conn).await;
    plans.take(&mut conn).await;
    drop(conn);
    let thread = format!("/articles/{slug}/comments");
    let busiest = reader
        .get(&format!("/api/v1{thread}?sort=most_replied"))
        .await
        .expect(200);
    let comment = format!("{thread}/{}", busiest.text_at("/data/0/id"));
    let look = async |path: &str, index: &str| {
        plans.take(&mut *app.conn().await).await;
        reader.get(&format!("/api/v1{path}")).await.expect(200);
        let taken = plans.take(&mut *app.conn().await).await;
        let along = taken.iter().any(|plan| plan.uses(index));
        assert!(along, "{path} not along {index}: {taken:#?}");
        taken
    };
    for (path, index) in [
        ("/articles?breaking=true", "published_articles_breaking_idx"),
        ("/articles?slugs=one,two", "published_articles_slug_key"),
        (&thread, "comments_roots_idx"),
        (&format!("{thread}?sort=oldest"), "comments_roots_idx"),
        (&format!("{thread}?sort=most_replied"), "comments_most_replied_idx"),
        (&comment, "comments_pkey"),
        (&format!("{comment}/replies"), "comments_replies_idx"),
        ("/sections?latest=5", "published_article_sections_newest_idx"),
        ("/search?q=the+water", "published_article_search_words_idx"),
    ] {
        for plan in &look(path, index).await {
            reads_no_table_whole(plan, path);
        }
    }
    // There are so few of these that they are quicker read whole: what is asked is whether there is another way.
    app.conn()
        .await
        .batch_execute("SET enable_seqscan = off; SET enable_sort = off")
        .await
        .unwrap();
    for (path, index) in [
        ("/corrections", "corrections_newest_idx"),
        ("/corrections?kind=update", "corrections_newest_idx"),
        ("/tags", "tags_name_idx"),
        ("/tags?sort=-article_count", "tag_counts_busiest_idx"),
        ("/authors", "authors_name_idx"),
        ("/authors?sort=-article_count", "author_counts_busiest_idx"),
    ] {
        let sign = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{sign}limit=10");
        look(&path, index).await;
        let first = reader.get(&format!("/api/v1{path}")).await.expect(200);
        let cursor = first.text_at("/page/next_cursor");
        let second = look(&format!("{path}&cursor={cursor}"), index).await;
        let begins_within = second.iter().any(|plan| plan.begins_within(index));
        assert!(begins_within, "{path}, page 2: {second:#?}");
    }
}
