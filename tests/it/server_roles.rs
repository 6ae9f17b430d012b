//! Servers that answer readers alone, or staff alone.

use masthead::config::ServerRole;
use serde_json::json;

use crate::support::TestApp;
use crate::support::db::fresh;
use crate::support::make::published;

#[tokio::test]
async fn each_answers_its_own_part_and_says_so_of_the_other() {
    let url = fresh().await;
    let desk = TestApp::on(url.clone(), |config| config.role = ServerRole::Desk).await;
    let delivery = TestApp::on(url, |config| config.role = ServerRole::Delivery).await;
    let editor = desk.editor().await;
    let story = published(&editor, "Story", json!({})).await;
    let (staff, readers) = (desk.anonymous(), delivery.anonymous());
    readers.get("/api/v1/articles/story").await.expect(200);
    let comment = json!({"author_name": "Mara", "body": "At last!"});
    readers
        .post("/api/v1/articles/story/comments", comment)
        .await
        .expect(201);
    for path in [&format!("/api/v1/desk/articles/{}", story.id()), "/api/v1/auth/nothing"] {
        let refused = readers.get(path).await;
        refused.problem(404, "not_found");
        assert!(refused.text_at("/detail").contains("readers alone"), "{}", refused.text);
    }
    for path in ["/api/v1/articles/story", "/api/v1/previews/mhp_none", "/api/v1/nothing"] {
        let refused = staff.get(path).await;
        refused.problem(404, "not_found");
        assert!(refused.text_at("/detail").contains("staff alone"), "{}", refused.text);
    }
    for (app, other) in [(&desk, "/api/v1/articles"), (&delivery, "/api/v1/desk/articles")] {
        let document = app.anonymous().get("/api/openapi.json").await.expect(200);
        assert!(document.json["paths"][other].is_null(), "{other} is not there");
        for path in ["/healthz", "/readyz", "/docs/", "/"] {
            app.anonymous().get(path).await.expect(200);
        }
    }
}
