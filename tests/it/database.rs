//! What callers are told when PostgreSQL is there and refuses.

mod german;

use masthead::config::ServerRole;
use serde_json::json;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::db::{fresh, tell};
use crate::support::make::published;

const ARTICLES: &str = "/api/v1/desk/articles";

#[tokio::test]
async fn a_database_that_takes_no_changes_is_away_for_whoever_makes_some() {
    let url = fresh().await;
    let before = TestApp::on(url.clone(), |_| {}).await;
    let editor = before.editor().await;
    published(&editor, "Story", json!({})).await;
    // As after a failover, when the old address leads to what is a standby now.
    let name = url.rsplit('/').next().unwrap();
    tell(
        &url,
        &format!("ALTER DATABASE {name} SET default_transaction_read_only TO on"),
    )
    .await;
    let app = TestApp::on(url.clone(), |_| {}).await;
    let staff = app.bearer(editor.token());
    let login = json!({"email": editor.account().email, "password": PASSWORD});
    for refused in [
        staff.post(ARTICLES, json!({"title": "No"})).await,
        app.anonymous().post("/api/v1/auth/login", login).await,
        app.anonymous().get("/readyz").await,
    ] {
        refused.problem(503, "database_unavailable");
        assert_eq!(refused.header("retry-after"), "2");
    }
    staff.get(ARTICLES).await.expect(200);
    app.anonymous().get("/api/v1/articles/story").await.expect(200);
    // Who answers readers alone goes on.
    let delivery = TestApp::on(url, |config| config.role = ServerRole::Delivery).await;
    delivery.anonymous().get("/readyz").await.expect(200);
    delivery.anonymous().get("/api/v1/articles/story").await.expect(200);
}

#[tokio::test]
async fn a_full_disk_is_told_as_such_and_not_as_our_fault() {
    let url = fresh().await;
    let app = TestApp::on(url.clone(), |_| {}).await;
    let editor = app.editor().await;
    tell(
        &url,
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           RAISE EXCEPTION USING ERRCODE = 'disk_full',
             MESSAGE = 'could not extend file \"base/1/2\": No space left on device';
         END $$;
         CREATE TRIGGER full_disk BEFORE INSERT ON articles EXECUTE FUNCTION full_disk()",
    )
    .await;
    let refused = editor.post(ARTICLES, json!({"title": "No"})).await;
    refused.problem(503, "database_unavailable");
    assert!(!refused.text.contains("base/1/2"), "{}", refused.text);
}
