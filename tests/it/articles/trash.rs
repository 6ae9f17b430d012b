//! Thrown away, brought back, erased.

use serde_json::json;

use super::{DESK, at, draft};
use crate::support::TestApp;

#[tokio::test]
async fn the_trash_gives_back() {
    let app = TestApp::start().await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let path = at(&draft(&editor, "Thrown away").await);
    editor
        .delete(&format!("{path}?purge=true"))
        .await
        .problem(403, "permission_denied");
    let early = admin.delete(&format!("{path}?purge=true")).await;
    early.problem(409, "invalid_state_transition");
    assert_eq!(
        early.at("/allowed_actions"),
        &json!(["edit", "submit", "schedule", "publish", "trash"])
    );

    editor.delete(&path).await.expect(204);
    assert!(editor.get(DESK).await.column("title").is_empty());
    assert_eq!(
        editor
            .get(&format!("{DESK}?status=trashed,draft"))
            .await
            .column("title"),
        ["Thrown away"]
    );
    for refused in [
        editor.patch(&path, json!({"title": "X"})).await,
        editor.act(&format!("{path}/publish"), json!({})).await,
        editor.act(&format!("{path}/unpublish"), json!({})).await,
        editor.delete(&path).await,
    ] {
        refused.problem(409, "invalid_state_transition");
        assert_eq!(refused.at("/allowed_actions"), &json!(["untrash"]));
    }
    let back = editor.act(&format!("{path}/untrash"), json!({})).await.expect(200);
    assert_eq!(
        (back.text_at("/status"), back.at("/version")),
        ("draft".to_owned(), &json!(3))
    );
    editor
        .act(&format!("{path}/untrash"), json!({}))
        .await
        .problem(409, "invalid_state_transition");

    editor.delete(&path).await.expect(204);
    assert_eq!(
        admin.get(&path).await.at("/allowed_actions"),
        &json!(["untrash", "purge"])
    );
    admin.delete(&format!("{path}?purge=true")).await.expect(204);
    admin.get(&path).await.problem(404, "not_found");
    admin.delete(&path).await.problem(404, "not_found");
    let again = draft(&editor, "Thrown away").await;
    assert_eq!(
        again.text_at("/slug"),
        "thrown-away",
        "readers never saw it, so it is free"
    );
}
