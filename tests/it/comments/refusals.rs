//! What no comment may be. Nothing of it is kept.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Scene, THREAD, at, publish};

#[tokio::test]
async fn every_wrong_field_is_named_and_nothing_is_kept() {
    let scene = Scene::new().await;
    let zalgo = format!("e{}", "\u{301}".repeat(9));
    for (field, value) in [
        ("body", json!("")),
        ("body", json!(" \n\u{200B} ")),
        ("body", json!("x".repeat(5001))),
        ("body", json!("nul\0")),
        ("body", json!("bell\u{7}")),
        ("body", json!("over\u{202E}ride")),
        ("body", json!(zalgo)),
        ("body", json!(5)),
        ("body", Value::Null),
        ("author_name", json!("x".repeat(81))),
        ("author_name", json!("two\nlines")),
        ("author_name", json!("over\u{202E}ride")),
        ("author_name", json!("nul\0")),
        ("author_name", json!(" ")),
        ("author_name", Value::Null),
        ("author_email", json!("runa")),
        ("author_email", json!("runa@reader.example\0")),
        ("author_email", json!(format!("{}@reader.example", "x".repeat(250)))),
        ("parent_id", json!("bridge")),
        ("status", json!("approved")),
        ("author_kind", json!("staff")),
        ("created_at", json!("2020-01-01T00:00:00Z")),
    ] {
        let mut body = json!({"author_name": "Runa", "body": "x"});
        body[field] = value;
        let refused = scene.reader.post(THREAD, body).await;
        assert_eq!(refused.problem(422, "validation_failed"), [format!("/{field}")]);
    }
    let refused = scene
        .reader
        .post(THREAD, json!({"author_email": "x", "body": ""}))
        .await;
    let named = refused.problem(422, "validation_failed");
    assert_eq!(named, ["/author_email", "/body", "/author_name"]);
    assert_eq!(scene.kept().await, 0);
}

#[tokio::test]
async fn limits_are_met_to_the_character() {
    let scene = Scene::new().await;
    let body = json!({"author_name": "N".repeat(80), "body": "é".repeat(5000), "author_email": "  "});
    scene.reader.post(THREAD, body).await.expect(201);
}

#[tokio::test]
async fn what_is_no_json_or_too_much_of_it_is_refused() {
    let scene = Scene::new().await;
    let send = async |body: String, kind: &str| {
        let request = scene.reader.request(Method::POST, THREAD).header("Content-Type", kind);
        scene.reader.send(request.body(body)).await
    };
    let huge = format!(r#"{{"author_name": "Runa", "body": "{}"}}"#, "x".repeat(10 << 20));
    send(huge, "application/json").await.problem(413, "payload_too_large");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(send(deep, "application/json").await.status, 400 | 422));
    send("{".to_owned(), "application/json")
        .await
        .problem(400, "invalid_json");
    send(
        r#"{"author_name": "x", "body": "\ud800"}"#.to_owned(),
        "application/json",
    )
    .await
    .problem(400, "invalid_json");
    send("body=x".to_owned(), "application/x-www-form-urlencoded")
        .await
        .problem(415, "unsupported_media_type");
    assert_eq!(scene.kept().await, 0);
}

#[tokio::test]
async fn a_reply_answers_what_readers_of_this_article_see() {
    let scene = Scene::new().await;
    let pending = scene.post("Waiting", None).await.id();
    let (rejected, removed) = (scene.approved("No", None).await, scene.approved("Gone", None).await);
    scene.approved("Still here", Some(&removed)).await;
    scene.verb(&rejected, "reject").await.expect(200);
    scene
        .moderator
        .delete(&format!("{}/{removed}", super::DESK))
        .await
        .expect(204);
    let other = publish(&scene.editor, "Another story").await;
    let body = json!({"article_id": other, "body": "Elsewhere"});
    let elsewhere = scene.editor.post(super::DESK, body).await.expect(201).id();
    let nobody = "019a0000-0000-7000-8000-000000000000".to_owned();
    for parent in [pending, rejected, removed, elsewhere, nobody] {
        let body = json!({"author_name": "Runa", "body": "x", "parent_id": parent});
        let refused = scene.reader.post(THREAD, body).await;
        assert_eq!(refused.problem(422, "validation_failed"), ["/parent_id"]);
        let body = json!({"article_id": scene.article, "body": "x", "parent_id": parent});
        let refused = scene.editor.post(super::DESK, body).await;
        assert_eq!(refused.problem(422, "validation_failed"), ["/parent_id"]);
    }
}

#[tokio::test]
async fn what_is_not_before_readers_has_no_comments() {
    let scene = Scene::new().await;
    let draft = json!({"title": "A draft"});
    let draft = scene.editor.post("/api/v1/desk/articles", draft).await.expect(201);
    let new = json!({"author_name": "Runa", "body": "x"});
    for name in [
        draft.id(),
        draft.text_at("/slug"),
        "nowhere".to_owned(),
        "%00".to_owned(),
    ] {
        let thread = format!("/api/v1/articles/{name}/comments");
        scene.reader.get(&thread).await.problem(404, "not_found");
        scene.reader.post(&thread, new.clone()).await.problem(404, "not_found");
    }
    let body = json!({"article_id": draft.id(), "body": "x"});
    let refused = scene.editor.post(super::DESK, body).await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/article_id"]);
    scene.reader.get(&at("no-id")).await.problem(404, "not_found");
    assert_eq!(scene.kept().await, 0);
}

#[tokio::test]
async fn a_list_takes_only_what_it_knows() {
    let scene = Scene::new().await;
    let id = scene.approved("x", None).await;
    for list in [THREAD.to_owned(), format!("{}/replies", at(&id))] {
        for (query, code, parameter) in [
            ("limit=0", "invalid_parameter", "limit"),
            ("limit=-1", "invalid_parameter", "limit"),
            ("limit=101", "invalid_parameter", "limit"),
            ("limit=1e9", "invalid_parameter", "limit"),
            ("page=2", "unknown_parameter", "page"),
            ("with_total=yes", "invalid_parameter", "with_total"),
            ("cursor=AAAA", "invalid_cursor", "cursor"),
            ("cursor=", "invalid_cursor", "cursor"),
        ] {
            let refused = scene.reader.get(&format!("{list}?{query}")).await;
            assert_eq!(refused.problem(400, code), [parameter], "{query}");
        }
    }
}
