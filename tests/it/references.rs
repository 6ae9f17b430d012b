//! How articles name sections, tags and authors: by slug or id, by what they were called before, and what is said of a
//! name that nobody has.

use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::client::{Answer, Client};
use crate::tags::tag;

const ARTICLES: &str = "/api/v1/desk/articles";

async fn write(editor: &Client, with: Value) -> Answer {
    let mut body = json!({"title": "Title"});
    body.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
    editor.post(ARTICLES, body).await
}

fn slugs(article: &Answer, field: &str) -> Vec<String> {
    let list = article.json[field].as_array().unwrap();
    list.iter()
        .map(|entry| entry["slug"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn names_ids_and_old_names_all_lead_there_once_in_the_order_given() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let section = editor
        .post("/api/v1/desk/sections", json!({"name": "World"}))
        .await
        .expect(201);
    let (port, sea, quay) = (
        tag(&editor, "Port").await,
        tag(&editor, "Sea").await,
        tag(&editor, "Quay").await,
    );
    let ana = editor
        .post("/api/v1/desk/authors", json!({"name": "Ana Lima"}))
        .await
        .expect(201);
    editor
        .patch(&crate::tags::at(&port), json!({"slug": "harbour"}))
        .await
        .expect(200);
    let into = format!("{}/merge", crate::tags::at(&quay));
    editor.post(&into, json!({"into": "harbour"})).await.expect(200);

    let with = json!({
        "section": section.id(),
        "tags": ["SEA", port.id(), " quay ", "port", sea.id().to_uppercase(), quay.id()],
        "authors": ["ana-lima", ana.id()],
    });
    let made = write(&editor, with).await.expect(201);
    assert_eq!(made.at("/section/slug"), "world");
    assert_eq!(slugs(&made, "tags"), ["sea", "harbour"]);
    assert_eq!(slugs(&made, "authors"), ["ana-lima"]);

    let path = format!("/api/v1/desk/sections/{}", section.id());
    editor.patch(&path, json!({"slug": "abroad"})).await.expect(200);
    let made = write(&editor, json!({"section": "world"})).await.expect(201);
    assert_eq!(made.at("/section/slug"), "abroad");
    let other = editor
        .post("/api/v1/desk/sections", json!({"name": "Near"}))
        .await
        .expect(201);
    editor.delete(&format!("{path}?reassign_to=near")).await.expect(204);
    for gone in ["world", "abroad", &*section.id()] {
        let made = write(&editor, json!({"section": gone})).await.expect(201);
        assert_eq!(made.at("/section/id"), &json!(other.id()), "{gone}");
    }
}

#[tokio::test]
async fn every_unknown_name_is_told_at_once_with_what_was_meant() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for name in ["Pakistan", "Palestine", "Politics"] {
        tag(&editor, name).await;
    }
    editor
        .post("/api/v1/desk/sections", json!({"name": "World"}))
        .await
        .expect(201);
    let long = "long-".repeat(200);
    let with = json!({
        "section": "wrld",
        "tags": ["pakistn", "pakistan", "Politics!", "nul\0", long, "", "\u{202E}", "550e8400-e29b-41d4-a716-446655440000"],
        "authors": ["nobody"],
    });
    let refused = write(&editor, with).await;
    let expected = [
        "/section",
        "/tags/0",
        "/tags/2",
        "/tags/3",
        "/tags/4",
        "/tags/5",
        "/tags/6",
        "/tags/7",
        "/authors/0",
    ];
    let mut named = refused.problem(422, "validation_failed");
    named.sort();
    let mut sorted: Vec<&str> = expected.to_vec();
    sorted.sort_unstable();
    assert_eq!(named, sorted);
    let errors = refused.at("/errors").as_array().unwrap();
    let meant = |pointer: &str| {
        let error = errors.iter().find(|error| error["pointer"] == pointer).unwrap();
        assert_eq!(error["code"], "unknown_reference");
        assert!(error["message"].as_str().unwrap().len() < 300);
        error["allowed"].clone()
    };
    assert_eq!(meant("/section"), json!(["world"]));
    assert_eq!(meant("/tags/0"), json!(["pakistan"]));
    assert_eq!(meant("/tags/2"), json!(["politics"]));
    for nothing in ["/tags/3", "/tags/4", "/tags/5", "/tags/7", "/authors/0"] {
        assert_eq!(meant(nothing), json!([]), "{nothing}");
    }
    assert!(editor.get(ARTICLES).await.column("id").is_empty());
}
