//! Everybody wants the database at once: who gets no connection is told so soon, and what needs none is answered.

use std::time::{Duration, Instant};

use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use futures_util::future::join_all;
use masthead::config::DatabaseConfig;
use masthead::db::pool::{PoolOptions, connect};

use crate::support::db::{fresh, pool_options};
use crate::support::{TestApp, until};

/// A pool as it is without any setting, but small.
fn usual() -> PoolOptions {
    let usual = DatabaseConfig::default();
    PoolOptions {
        shares: 1,
        size: 2,
        wait: usual.pool_wait,
        connect_timeout: usual.connect_timeout,
        statement_timeout: usual.statement_timeout,
    }
}

#[tokio::test]
async fn who_gets_no_connection_is_told_within_two_seconds() {
    let app = TestApp::on_pool(fresh().await, &usual(), |_| {}).await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let held = [app.conn().await, app.conn().await];
    let began = Instant::now();
    let asked = tokio::join!(
        editor.get("/api/v1/desk/articles"),
        editor.post("/api/v1/desk/articles", serde_json::json!({"title": "No"})),
        reader.get("/api/v1/articles"),
        reader.get("/readyz"),
        reader.get("/readyz"),
    );
    let took = began.elapsed();
    for refused in [asked.0, asked.1, asked.2, asked.3, asked.4] {
        refused.problem(503, "overloaded");
        assert_eq!(refused.header("retry-after"), "2");
    }
    assert!(took < Duration::from_secs(2), "{took:?}");
    reader.get("/healthz").await.expect(200);
    reader.get("/api/openapi.json").await.expect(200);
    // How it was found last is known for a second.
    drop(held);
    reader.get("/readyz").await.problem(503, "overloaded");
    app.clock.advance(chrono::TimeDelta::seconds(1));
    reader.get("/readyz").await.expect(200);
    editor.get("/api/v1/desk/articles").await.expect(200);
}

#[tokio::test]
async fn many_readers_share_few_connections() {
    let app = TestApp::on_pool(fresh().await, &usual(), |_| {}).await;
    let reader = app.anonymous();
    // Questions that nobody asked before, so that each takes a connection; again and again, so that each gives it back.
    for round in 0..5 {
        let paths: Vec<String> = (0..64)
            .map(|number| format!("/api/v1/articles?published_before=2020-01-01T00:0{round}:00.{number:06}Z"))
            .collect();
        for answer in join_all(paths.iter().map(|path| reader.get(path))).await {
            answer.expect(200);
        }
    }
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    setting: String,
}

#[tokio::test]
async fn every_connection_is_bounded() {
    let app = TestApp::on_pool(fresh().await, &usual(), |_| {}).await;
    let query = "SELECT name::text, setting::text FROM pg_settings WHERE name LIKE '%timeout' AND source = 'client' ORDER BY name";
    let set: Vec<Setting> = diesel::sql_query(query).load(&mut app.conn().await).await.unwrap();
    let set: Vec<_> = set
        .iter()
        .map(|row| (row.name.as_str(), row.setting.as_str()))
        .collect();
    let bounds = [
        ("idle_in_transaction_session_timeout", "30000"),
        ("lock_timeout", "5000"),
        ("statement_timeout", "10000"),
        // A socket of the same machine has none, whatever it is told.
        ("tcp_user_timeout", "0"),
    ];
    assert_eq!(set, bounds);
}

#[tokio::test]
async fn readers_share_a_connection_when_there_is_no_other() {
    // Nobody waits for one here, not for a moment.
    let options = PoolOptions {
        wait: Duration::ZERO,
        ..usual()
    };
    let url = fresh().await;
    let app = TestApp::on_pool(url.clone(), &options, |config| config.cache.size = 0).await;
    let reader = app.anonymous();
    // Both are open when it begins.
    drop([app.conn().await, app.conn().await]);
    let mut held = app.conn().await;
    let lock = "BEGIN; LOCK TABLE published_articles IN ACCESS EXCLUSIVE MODE";
    held.batch_execute(lock).await.unwrap();
    let freed = async {
        let waiting = "SELECT 1 / (count(*) > 0)::int FROM pg_locks WHERE NOT granted AND relation = 'published_articles'::regclass";
        let mut other = connect(&url, &pool_options()).await.unwrap();
        until(async || other.batch_execute(waiting).await.is_ok()).await;
        // What may take longer asks for one of its own.
        reader.get("/api/v1/search?q=harbour").await.problem(503, "overloaded");
        held.batch_execute("COMMIT").await.unwrap();
    };
    let (list, again, missing, ()) = tokio::join!(
        reader.get("/api/v1/articles"),
        reader.get("/api/v1/articles?limit=1"),
        reader.get("/api/v1/articles/nowhere"),
        freed
    );
    list.expect(200);
    again.expect(200);
    missing.problem(404, "not_found");
    reader.get("/api/v1/search?q=harbour").await.expect(200);
}
