//! The demonstration newsroom comes once, whole, and goes without a trace of what others wrote.

use serde_json::json;

use super::{json_of, run};
use crate::support::TestApp;
use crate::support::db::fresh;

#[tokio::test]
async fn the_demo_is_loaded_once_and_taken_away_alone() {
    let url = fresh().await;
    let loaded = json_of(&run(&url, &["demo", "load", "--json"]));
    assert!(loaded["articles"].as_u64() >= Some(40), "{loaded}");
    assert_eq!(loaded["users"], 4);
    assert!(!run(&url, &["demo", "load"]).status.success(), "it is not loaded twice");

    let app = TestApp::on(url.clone(), |_| {}).await;
    let reader = app.anonymous();
    let shown = reader.get("/api/v1/articles?with_total=true&limit=1").await.expect(200);
    assert!(shown.at("/page/total").as_i64() >= Some(34), "{}", shown.text);
    let editor = app.editor().await;
    let mine = json!({"title": "Not of the demo", "section": "world"});
    let mine = editor.post("/api/v1/desk/articles", mine).await.expect(201);

    let cleared = json_of(&run(&url, &["demo", "clear", "--json"]));
    assert_eq!(cleared["articles"], loaded["articles"]);
    app.told().await;
    assert!(reader.get("/api/v1/articles").await.column("id").is_empty());
    editor
        .get(&format!("/api/v1/desk/articles/{}", mine.id()))
        .await
        .expect(200);
    assert_eq!(editor.get("/api/v1/desk/sections").await.column("slug"), ["world"]);
}

#[tokio::test]
async fn the_site_goes_back_to_what_it_was() {
    let url = fresh().await;
    let app = TestApp::on(url.clone(), |_| {}).await;
    let reader = app.anonymous();
    let facts = async || reader.get("/api/v1/site").await.expect(200).json;
    let before = facts().await;
    assert!(run(&url, &["demo", "load"]).status.success());
    app.told().await;
    assert_eq!(facts().await["name"], "The Marenholm Courier");
    assert!(run(&url, &["demo", "clear"]).status.success());
    app.told().await;
    assert_eq!(facts().await, before);
}

#[tokio::test]
async fn a_site_that_was_edited_is_left_alone() {
    let url = fresh().await;
    assert!(run(&url, &["demo", "load"]).status.success());
    let app = TestApp::on(url.clone(), |_| {}).await;
    let admin = app.admin().await;
    let edit = json!({"timezone": "Europe/Lisbon"});
    let edited = admin.patch("/api/v1/desk/site", edit).await.expect(200);
    assert!(run(&url, &["demo", "clear"]).status.success());
    assert_eq!(admin.get("/api/v1/desk/site").await.expect(200).json, edited.json);
    assert_eq!(edited.json["name"], "The Marenholm Courier");
}
