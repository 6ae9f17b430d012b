//! What the author of a comment may do to it.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Scene, at, publish};
use crate::support::client::Answer;

pub async fn patch(scene: &Scene, id: &str, token: &str, body: Value) -> Answer {
    let request = scene.reader.request(Method::PATCH, &at(id));
    scene
        .reader
        .send(request.header("Comment-Token", token).json(&body))
        .await
}

pub async fn delete(scene: &Scene, id: &str, token: &str) -> Answer {
    let request = scene.reader.request(Method::DELETE, &at(id));
    scene.reader.send(request.header("Comment-Token", token)).await
}

#[tokio::test]
async fn a_comment_is_changed_and_taken_back_by_its_token() {
    let scene = Scene::new().await;
    let posted = scene.post("Frist!", None).await;
    let (id, token) = (posted.id(), posted.text_at("/edit_token"));
    scene.app.clock.advance(TimeDelta::minutes(9));
    let changed = patch(&scene, &id, &token, json!({"body": "First!"})).await.expect(200);
    assert_eq!(changed.text_at("/body_html"), "<p>First!</p>");
    assert_eq!(changed.text_at("/status"), "pending");
    assert_eq!(changed.text_at("/edited_at"), "2026-06-01T09:09:00Z");
    assert!(changed.json.get("edit_token").is_none());

    delete(&scene, &id, &token).await.expect(204);
    delete(&scene, &id, &token).await.expect(204);
    let refused = patch(&scene, &id, &token, json!({"body": "Again"})).await;
    refused.problem(409, "invalid_state_transition");
    let seen = scene.moderator.get(&format!("{}/{id}", super::DESK)).await.expect(200);
    assert_eq!(seen.text_at("/status"), "removed");
    assert_eq!(
        seen.at("/allowed_actions"),
        &json!(["erase"]),
        "what its author took away stays away"
    );
    for verb in ["approve", "reject", "restore"] {
        scene.verb(&id, verb).await.problem(409, "invalid_state_transition");
    }
}

#[tokio::test]
async fn an_approved_comment_that_changes_waits_again() {
    let scene = Scene::new().await;
    let posted = scene.post("Nice bridge", None).await;
    let (id, token) = (posted.id(), posted.text_at("/edit_token"));
    scene.verb(&id, "approve").await.expect(200);
    assert_eq!(scene.count().await, 1);
    let same = patch(&scene, &id, &token, json!({"body": "Nice bridge"}))
        .await
        .expect(200);
    assert_eq!(same.text_at("/status"), "approved", "nothing changed");
    assert_eq!(same.at("/edited_at"), &Value::Null);

    let changed = patch(&scene, &id, &token, json!({"body": "Buy my pills"}))
        .await
        .expect(200);
    assert_eq!(changed.text_at("/status"), "pending");
    assert_eq!(scene.count().await, 0);
    assert!(scene.thread().await.column("id").is_empty());
    scene.verb(&id, "reject").await.expect(200);
    let refused = patch(&scene, &id, &token, json!({"body": "Buy my books"})).await;
    refused.problem(409, "invalid_state_transition");
}

#[tokio::test]
async fn a_token_opens_its_own_comment_alone_and_for_ten_minutes() {
    let scene = Scene::new().await;
    let (mine, other) = (scene.post("Mine", None).await, scene.post("Another", None).await);
    scene.verb(&mine.id(), "approve").await.expect(200);
    let body = json!({"body": "Changed"});
    let forged = format!("mhc_{}", "A".repeat(43));
    for token in ["", "x", "mhc_", &forged, &other.text_at("/edit_token")] {
        patch(&scene, &mine.id(), token, body.clone())
            .await
            .problem(403, "permission_denied");
        delete(&scene, &mine.id(), token)
            .await
            .problem(403, "permission_denied");
    }
    let without = scene.reader.request(Method::DELETE, &at(&mine.id()));
    scene.reader.send(without).await.problem(403, "permission_denied");
    // What readers do not see is not there for a stranger.
    patch(&scene, &other.id(), &forged, body.clone())
        .await
        .problem(404, "not_found");

    let elsewhere = publish(&scene.editor, "Another story").await;
    let path = format!("/api/v1/articles/{elsewhere}/comments/{}", mine.id());
    let request = scene.reader.request(Method::DELETE, &path);
    let wrong_article = request.header("Comment-Token", mine.text_at("/edit_token"));
    scene.reader.send(wrong_article).await.problem(404, "not_found");

    scene.app.clock.advance(TimeDelta::minutes(10));
    let late = patch(&scene, &mine.id(), &mine.text_at("/edit_token"), body).await;
    late.problem(409, "invalid_state_transition");
    let late = delete(&scene, &mine.id(), &mine.text_at("/edit_token")).await;
    late.problem(409, "invalid_state_transition");
    assert_eq!(scene.thread().await.text_at("/data/0/body_html"), "<p>Mine</p>");
}

#[tokio::test]
async fn a_change_is_checked_like_a_comment() {
    let scene = Scene::new().await;
    let posted = scene.post("Mine", None).await;
    let token = posted.text_at("/edit_token");
    for (body, pointer) in [
        (json!({"body": ""}), "/body"),
        (json!({"body": null}), "/body"),
        (json!({"body": "x".repeat(5001)}), "/body"),
        (json!({"body": "a\u{202E}b"}), "/body"),
        (json!({"author_name": "Somebody"}), "/author_name"),
        (json!({"status": "approved"}), "/status"),
    ] {
        let refused = patch(&scene, &posted.id(), &token, body).await;
        assert_eq!(refused.problem(422, "validation_failed"), [pointer]);
    }
    patch(&scene, &posted.id(), &token, json!({})).await.expect(200);
}
