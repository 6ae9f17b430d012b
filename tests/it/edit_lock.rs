//! The advisory lock: who has it, for how long, and how it is taken over.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::Answer;
use crate::support::{TestApp, make};

fn lock_of(article: &Answer) -> String {
    format!("/api/v1/desk/articles/{}/lock", article.id())
}

#[tokio::test]
async fn a_lock_tells_others_and_stops_nobody() {
    let app = TestApp::start().await;
    let (ana, jo) = (app.editor().await, app.editor().await);
    let made = make::draft(&ana, "Locked", json!({})).await;
    let (lock, article) = (lock_of(&made), format!("/api/v1/desk/articles/{}", made.id()));
    assert_eq!(made.at("/lock"), &Value::Null);

    let nothing = ana.put(&lock, Value::Null).await;
    assert_eq!(
        nothing.problem(422, "validation_failed"),
        [""],
        "a body may be left out, not be null"
    );
    let held = ana.put(&lock, json!({})).await.expect(200);
    assert_eq!(held.text_at("/owner/id"), ana.account().id.to_string());
    assert_eq!(held.text_at("/expires_at"), "2026-06-01T09:05:00Z");
    let seen = jo.get(&article).await;
    assert_eq!(seen.at("/lock"), &held.json);
    assert_eq!(
        seen.header("etag"),
        made.header("etag"),
        "a lock is no change of the article"
    );
    jo.patch(&article, json!({"title": "All the same"})).await.expect(200);

    let refused = jo.put(&lock, json!({})).await;
    refused.problem(409, "conflict");
    assert!(refused.text.contains("until 2026-06-01T09:05:00Z"), "{}", refused.text);
    jo.delete(&lock).await.problem(409, "conflict");
    let list = jo.get("/api/v1/desk/articles").await;
    assert_eq!(list.at("/data/0/lock/owner/name"), &json!(ana.account().name));

    app.clock.advance(TimeDelta::minutes(4));
    let longer = ana.put(&lock, json!({"expires_in": 600})).await.expect(200);
    assert_eq!(longer.text_at("/acquired_at"), "2026-06-01T09:00:00Z");
    assert_eq!(longer.text_at("/expires_at"), "2026-06-01T09:14:00Z");

    let taken = jo.put(&lock, json!({"takeover": true})).await.expect(200);
    assert_eq!(taken.text_at("/owner/id"), jo.account().id.to_string());
    ana.put(&lock, json!({"takeover": false}))
        .await
        .problem(409, "conflict");
    jo.delete(&lock).await.expect(204);
    jo.delete(&lock).await.expect(204);
    assert_eq!(ana.get(&article).await.at("/lock"), &Value::Null);
}

#[tokio::test]
async fn a_lock_expires_by_itself() {
    let app = TestApp::start().await;
    let (ana, jo) = (app.editor().await, app.editor().await);
    let made = make::draft(&ana, "Forgotten", json!({})).await;
    let lock = lock_of(&made);
    let bare = ana.request(Method::PUT, &lock);
    ana.send(bare).await.expect(200);
    app.clock.advance(TimeDelta::minutes(5));
    let article = jo.get(&format!("/api/v1/desk/articles/{}", made.id())).await;
    assert_eq!(article.at("/lock"), &Value::Null);
    jo.put(&lock, json!({})).await.expect(200);
}

#[tokio::test]
async fn a_lock_is_for_those_who_may_edit_now() {
    let app = TestApp::start().await;
    let (editor, reporter) = (app.editor().await, app.reporter().await);
    let made = make::draft(&editor, "Not yours", json!({})).await;
    let lock = lock_of(&made);
    reporter.put(&lock, json!({})).await.problem(403, "permission_denied");
    let nobody = "/api/v1/desk/articles/01890000-0000-7000-8000-000000000000/lock";
    editor.put(nobody, json!({})).await.problem(404, "not_found");
    editor.delete(nobody).await.problem(404, "not_found");
    for (body, pointer) in [
        (json!({"expires_in": 29}), "/expires_in"),
        (json!({"expires_in": 3601}), "/expires_in"),
        (json!({"owner": "me"}), "/owner"),
    ] {
        assert_eq!(
            editor.put(&lock, body).await.problem(422, "validation_failed"),
            [pointer]
        );
    }
    editor
        .delete(&format!("/api/v1/desk/articles/{}", made.id()))
        .await
        .expect(204);
    editor
        .put(&lock, json!({}))
        .await
        .problem(409, "invalid_state_transition");
}
