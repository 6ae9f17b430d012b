//! Changes that come while an answer is made, or just before PostgreSQL goes away.

use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use masthead::db::pool::PoolOptions;
use serde_json::json;

use super::{is_hit, keep};
use crate::support::db::{fresh, pool_options};
use crate::support::make::published;
use crate::support::proxy::{Proxy, Wire};
use crate::support::{TestApp, until};

#[derive(QueryableByName)]
struct Waiting {
    #[diesel(sql_type = BigInt)]
    waiting: i64,
}

#[tokio::test]
async fn an_answer_that_a_change_overtook_is_not_kept() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let made = published(&editor, "Before", json!({"slug": "story"})).await;
    let note = json!({"kind": "correction", "text": "It was wrong."});
    let at = format!("/api/v1/desk/articles/{}/corrections", made.id());
    editor.act(&at, note).await.expect(201);
    let path = "/api/v1/articles/story?formats=text";
    // The article has been read, its corrections cannot be.
    let mut held = app.pool.apart().await.unwrap();
    held.batch_execute("BEGIN; LOCK TABLE corrections IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    let change = async {
        let mut conn = app.conn().await;
        until(async || {
            let asked =
                "SELECT count(*) AS waiting FROM pg_locks WHERE NOT granted AND relation = 'corrections'::regclass";
            let waiting: Waiting = diesel::sql_query(asked).get_result(&mut conn).await.unwrap();
            waiting.waiting > 0
        })
        .await;
        conn.batch_execute("UPDATE published_articles SET title = 'After'")
            .await
            .unwrap();
        app.told().await;
        held.batch_execute("COMMIT").await.unwrap();
    };
    let (answer, ()) = futures_util::future::join(reader.get(path), change).await;
    assert_eq!(answer.expect(200).text_at("/title"), "Before", "it was asked before");
    assert_eq!(reader.get(path).await.text_at("/title"), "After");
}

/// Who changed something is shown nothing older, though it cannot be heard any more what it was.
#[tokio::test]
async fn what_was_written_last_before_postgresql_went_away_is_not_forgotten() {
    let proxy = Proxy::to(&fresh().await).await;
    let patience = PoolOptions {
        wait: std::time::Duration::from_secs(2),
        connect_timeout: std::time::Duration::from_secs(2),
        ..pool_options()
    };
    let app = TestApp::on_pool(proxy.url.clone(), &patience, |_| {}).await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let mut made = Vec::new();
    for name in ["Ana", "Jo"] {
        let author = json!({"name": name});
        made.push(editor.post("/api/v1/desk/authors", author).await.expect(201).id());
    }
    published(&editor, "Story", json!({"authors": ["ana"]})).await;
    let path = "/api/v1/authors/ana";
    keep(&reader, path).await;
    proxy.set_after("COMMIT", Wire::Dead);
    let deletion = format!("/api/v1/desk/authors/{}?reassign_to={}", made[0], made[1]);
    editor.delete(&deletion).await.expect(204);
    for _ in 0..3 {
        let answer = reader.get(path).await;
        assert!(
            !is_hit(&answer) && answer.status == 503,
            "{} {}",
            answer.status,
            answer.text
        );
    }
    proxy.set(Wire::Whole);
    until(async || reader.get(path).await.status == 301).await;
}
