//! Sections: the tree, its slugs, and who may change it.

use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn a_section_is_created_read_changed_and_deleted() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = editor
        .post("/api/v1/desk/sections", json!({"name": "Foreign Affairs"}))
        .await
        .expect(201);
    assert_eq!(made.text_at("/slug"), "foreign-affairs");
    assert_eq!(made.header("etag"), "\"v1\"");
    let path = format!("/api/v1/desk/sections/{}", made.id());
    assert_eq!(made.header("location"), path);

    let changed = editor
        .patch(&path, json!({"slug": "world", "description": "Near and far."}))
        .await
        .expect(200);
    assert_eq!(changed.text_at("/path"), "world");
    let moved = app.anonymous().get("/api/v1/sections/foreign-affairs").await;
    assert_eq!(moved.status, 301);
    assert_eq!(moved.header("location"), "/api/v1/sections/world");

    editor.delete(&path).await.expect(204);
    app.anonymous()
        .get("/api/v1/sections/world")
        .await
        .problem(404, "not_found");
}
