//! Everybody wants the database at once: who gets no connection is told so soon, and what needs none is answered.

use std::time::{Duration, Instant};

use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use masthead::config::DatabaseConfig;
use masthead::db::pool::PoolOptions;

use crate::support::TestApp;
use crate::support::db::fresh;

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
