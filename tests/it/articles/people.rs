//! Who may do what to whose article.

use serde_json::json;

use super::{DESK, at, codes, draft};
use crate::support::TestApp;

#[tokio::test]
async fn reporters_write_their_own() {
    let app = TestApp::start().await;
    let (mine, other, editor) = (app.reporter().await, app.reporter().await, app.editor().await);
    let made = draft(&mine, "My story").await;
    assert_eq!(made.at("/allowed_actions"), &json!(["edit", "submit", "trash"]));
    let path = at(&made);

    let read = other.get(&path).await.expect(200);
    assert_eq!(read.at("/allowed_actions"), &json!([]));
    other
        .patch(&path, json!({"title": "Not mine"}))
        .await
        .problem(403, "permission_denied");
    other.delete(&path).await.problem(403, "permission_denied");
    editor
        .patch(&path, json!({"assignee": other.account().id}))
        .await
        .expect(200);
    other.patch(&path, json!({"title": "Mine too now"})).await.expect(200);
    editor.patch(&path, json!({"assignee": null})).await.expect(200);
    other
        .patch(&path, json!({"title": "No more"}))
        .await
        .problem(403, "permission_denied");

    mine.act(&format!("{path}/publish"), json!({}))
        .await
        .problem(403, "permission_denied");
    for placement in [
        json!({"featured": true}),
        json!({"breaking_until": "2026-06-02T00:00:00Z"}),
        json!({"comments_policy": "closed", "title": "Smuggled"}),
    ] {
        mine.patch(&path, placement).await.problem(403, "permission_denied");
    }
    mine.post(DESK, json!({"title": "X", "featured": true}))
        .await
        .problem(403, "permission_denied");
    let unchanged = json!({"featured": false, "breaking_until": null, "comments_policy": "site", "title": "All of it"});
    mine.patch(&path, unchanged).await.expect(200);
    mine.delete(&path).await.expect(204);
    other
        .act(&format!("{path}/untrash"), json!({}))
        .await
        .problem(403, "permission_denied");
    mine.act(&format!("{path}/untrash"), json!({})).await.expect(200);
}

#[tokio::test]
async fn moderators_and_readers_see_no_article_on_the_desk() {
    let app = TestApp::start().await;
    let path = at(&draft(&app.editor().await, "Hidden").await);
    for client in [app.moderator().await, app.reader().await] {
        client.get(DESK).await.problem(403, "permission_denied");
        client.get(&path).await.problem(403, "permission_denied");
        client
            .post(DESK, json!({"title": "X"}))
            .await
            .problem(403, "permission_denied");
        client
            .patch(&path, json!({"title": "X"}))
            .await
            .problem(403, "permission_denied");
        client.delete(&path).await.problem(403, "permission_denied");
        client
            .act(&format!("{path}/publish"), json!({}))
            .await
            .problem(403, "permission_denied");
    }
    app.anonymous().get(&path).await.problem(401, "not_authenticated");
}

#[tokio::test]
async fn only_who_writes_is_assigned() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let path = at(&draft(&editor, "Whose").await);
    for account in [
        app.moderator().await.account().id,
        app.reader().await.account().id,
        uuid::Uuid::from_u128(5),
    ] {
        let refused = editor.patch(&path, json!({"assignee": account})).await;
        refused.problem(422, "validation_failed");
        assert_eq!(
            codes(&refused),
            [("/assignee".to_owned(), "unknown_reference".to_owned())]
        );
    }
}
