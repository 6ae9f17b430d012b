//! Shared caches are told a bounded number of things, and comments are none of them.

use diesel_async::SimpleAsyncConnection;

use super::told;
use crate::support::TestApp;

#[tokio::test]
async fn a_cache_that_missed_much_forgets_everything() {
    let app = TestApp::start().await;
    assert_eq!(told(&app, "varnish", true).await, None, "it begins now");
    let mut conn = app.conn().await;
    // Each statement announces its own: none of them is too much.
    for hundred in 0..6 {
        let announce =
            format!("SELECT announce(ARRAY(SELECT 'tag:{hundred}-' || n FROM generate_series(1, 100) AS n))");
        conn.batch_execute(&announce).await.unwrap();
    }
    let told_of_it = told(&app, "varnish", true).await.unwrap();
    assert!(told_of_it.everything && told_of_it.changed.is_empty());
    assert_eq!(told(&app, "varnish", true).await, None, "it was heard");
}

#[tokio::test]
async fn comments_are_not_told_however_many() {
    let app = TestApp::start().await;
    assert_eq!(told(&app, "varnish", true).await, None, "it begins now");
    let many = "INSERT INTO reader_changes (xid, tag, at)
        SELECT pg_current_xact_id()::text::bigint, kind || gen_random_uuid(), now()
        FROM unnest(ARRAY['count:', 'comments:']) AS kind, generate_series(1, 6000)";
    app.conn().await.batch_execute(many).await.unwrap();
    assert_eq!(told(&app, "varnish", true).await, None);
    app.conn()
        .await
        .batch_execute("SELECT announce(ARRAY['tag:1'])")
        .await
        .unwrap();
    assert_eq!(told(&app, "varnish", true).await.unwrap().changed, ["tag:1"]);
}
