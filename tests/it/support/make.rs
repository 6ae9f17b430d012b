//! What many tests need to be there first, made as an editor would.

use serde_json::{Value, json};

use super::client::{Answer, Client};

/// A published article. `with` says what its tags, authors or section are; the section is `world` when it says nothing,
/// and is made when it is not there.
pub async fn published(editor: &Client, title: &str, with: Value) -> Answer {
    let made = draft(editor, title, with).await;
    let path = format!("/api/v1/desk/articles/{}/publish", made.id());
    editor.act(&path, json!({})).await.expect(200)
}

/// The same, not published.
pub async fn draft(editor: &Client, title: &str, with: Value) -> Answer {
    let mut body = json!({"title": title, "body": {"source": "It is so."}});
    for (name, value) in with.as_object().expect("an object") {
        body[name] = value.clone();
    }
    if body["section"].is_null() {
        let world = json!({"name": "World", "slug": "world"});
        editor.post("/api/v1/desk/sections", world).await;
        body["section"] = json!("world");
    }
    editor.post("/api/v1/desk/articles", body).await.expect(201)
}
