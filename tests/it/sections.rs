//! Sections: the tree, its slugs, and who may change it.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::client::{Answer, Client};
use crate::support::make::{draft, published};

pub const SECTIONS: &str = "/api/v1/desk/sections";

pub async fn section(editor: &Client, body: Value) -> Answer {
    editor.post(SECTIONS, body).await.expect(201)
}

pub fn at(section: &Answer) -> String {
    format!("{SECTIONS}/{}", section.id())
}

/// A chain of sections, each below the one before.
pub async fn chain(editor: &Client, slugs: &[&str]) -> Vec<Answer> {
    let mut made: Vec<Answer> = Vec::new();
    for slug in slugs {
        let parent = made.last().map(Answer::id);
        made.push(section(editor, json!({"name": slug, "slug": slug, "parent": parent})).await);
    }
    made
}

pub async fn paths(client: &Client) -> Vec<String> {
    client.get("/api/v1/sections").await.expect(200).column("path")
}

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
    let path = at(&made);
    assert_eq!(made.header("location"), path);
    assert_eq!(editor.get(&path).await.expect(200).json, made.json);

    let change = json!({
        "slug": "world",
        "description": "Near and far.",
        "image": {"url": "https://images.example/world.jpg"},
        "seo": {"title": "World news", "description": "All of it."},
    });
    let changed = editor.patch(&path, change).await.expect(200);
    assert_eq!(changed.text_at("/path"), "world");
    assert_eq!(changed.text_at("/url"), "http://127.0.0.1:8080/world");
    assert_eq!(changed.header("etag"), "\"v2\"");
    let cleared = json!({"seo": {"title": null}, "image": null});
    let changed = editor.patch(&path, cleared).await.expect(200);
    assert_eq!(changed.at("/seo/title"), &json!(null));
    assert_eq!(changed.at("/seo/description"), "All of it.", "seo is merged");
    assert_eq!(changed.at("/image"), &json!(null));
    let moved = app
        .anonymous()
        .get("/api/v1/sections/foreign-affairs?latest=0")
        .await
        .expect(301);
    assert_eq!(
        moved.header("location"),
        format!("/api/v1/sections/{}?latest=0", made.id())
    );
    assert_eq!(moved.json["path"], "/world");

    editor.delete(&path).await.expect(204);
    for gone in ["world", "foreign-affairs"] {
        let refused = app.anonymous().get(&format!("/api/v1/sections/{gone}")).await;
        refused.problem(404, "not_found");
    }
    editor.delete(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn sections_stand_in_tree_order_at_their_positions() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    for (name, parent, position) in [
        ("World", None, None),
        ("Sport", None, None),
        ("Asia", Some("world"), Some(7)),
        ("Europe", Some("world"), Some(2)),
        ("Africa", Some("world"), Some(2)),
        ("Opinion", None, Some(0)),
    ] {
        let body = json!({"name": name, "parent": parent, "position": position});
        section(&editor, body).await;
    }
    let expected = [
        "opinion",
        "world",
        "world/africa",
        "world/europe",
        "world/asia",
        "sport",
    ];
    assert_eq!(paths(&reader).await, expected);
    let list = reader.get("/api/v1/sections").await;
    assert_eq!(list.column("parent"), ["", "", "world", "world", "world", ""]);
    assert_eq!(list.at("/page/next_cursor"), &json!(null));
    assert_eq!(list.at("/data/4/depth"), 2);
    assert_eq!(list.at("/data/5/position"), 2, "behind its siblings");
    assert_eq!(editor.get(SECTIONS).await.expect(200).column("path"), expected);
    for (q, found) in [
        ("W", vec!["world"]),
        ("as", vec!["asia"]),
        ("x", vec![]),
        ("%25", vec![]),
    ] {
        assert_eq!(
            reader.get(&format!("/api/v1/sections?q={q}")).await.column("slug"),
            found
        );
    }
    let refused = reader.get(&format!("/api/v1/sections?q={}", "q".repeat(101))).await;
    assert_eq!(refused.problem(400, "invalid_parameter"), ["q"]);
    let refused = editor.get(&format!("{SECTIONS}?depth=1")).await;
    assert_eq!(refused.problem(400, "unknown_parameter"), ["depth"]);
}

#[tokio::test]
async fn of_many_who_want_a_slug_at_once_one_gets_it() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let body = json!({"name": "World", "slug": "world"});
    let answers = join_all((0..6).map(|_| editor.post(SECTIONS, body.clone()))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    for lost in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(lost.problem(409, "slug_taken"), ["/slug"]);
    }
    let named = section(&editor, json!({"name": "World"})).await;
    assert_eq!(named.text_at("/slug"), "world-2");
    let taken = editor.patch(&at(&named), json!({"slug": "World"})).await;
    assert_eq!(taken.problem(409, "slug_taken"), ["/slug"]);
}

#[tokio::test]
async fn a_section_in_use_is_deleted_only_into_another() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let made = chain(&editor, &["world", "asia"]).await;
    let home = section(&editor, json!({"name": "Home"})).await;
    let article = published(&editor, "One", json!({"section": "asia"})).await;
    draft(&editor, "Two", json!({"section": "asia"})).await;

    let refused = editor.delete(&at(&made[0])).await;
    refused.problem(409, "in_use");
    assert!(
        refused.text_at("/detail").contains("1 section stands below it"),
        "{}",
        refused.text
    );
    let refused = editor.delete(&at(&made[1])).await;
    refused.problem(409, "in_use");
    assert!(refused.text_at("/detail").contains("2 articles"), "{}", refused.text);
    for nobody in ["nothing", "asia", &*made[1].id()] {
        let refused = editor.delete(&format!("{}?reassign_to={nobody}", at(&made[1]))).await;
        assert_eq!(refused.problem(400, "invalid_parameter"), ["reassign_to"]);
    }
    editor
        .delete(&format!("{}?reassign_to=home", at(&made[1])))
        .await
        .expect(204);
    let moved = reader.get("/api/v1/sections/asia").await.expect(301);
    assert_eq!(moved.text_at("/slug"), "home");
    assert_eq!(reader.get("/api/v1/sections/home").await.at("/article_count"), 1);
    assert_eq!(reader.get("/api/v1/sections/world").await.at("/article_count"), 0);
    let read = editor
        .get(&format!("/api/v1/desk/articles/{}", article.id()))
        .await
        .expect(200);
    assert_eq!(read.at("/section/slug"), "home");
    editor.delete(&at(&made[0])).await.expect(204);
    editor.delete(&at(&home)).await.problem(409, "in_use");
}

#[tokio::test]
async fn every_wrong_field_is_named_and_nothing_changes() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for (body, fields) in [
        (json!({}), vec!["/name"]),
        (json!({"name": null}), vec!["/name"]),
        (json!({"name": "a\u{202E}b"}), vec!["/name"]),
        (json!({"name": "nul\0"}), vec!["/name"]),
        (json!({"name": "one\u{85}two"}), vec!["/name"]),
        (json!({"name": "x", "path": "y"}), vec!["/path"]),
        (json!({"name": "x", "position": -1}), vec!["/position"]),
        (json!({"name": "x", "position": 1_000_001}), vec!["/position"]),
        (json!({"name": "x", "position": 1e12}), vec!["/position"]),
        (json!({"name": "x", "slug": "-a"}), vec!["/slug"]),
        (json!({"name": "x", "seo": {"titel": "y"}}), vec!["/seo/titel"]),
        (
            json!({"name": "", "description": "d".repeat(1001), "seo": {"canonical_url": "/x", "title": "\u{2067}"}}),
            vec!["/name", "/description", "/seo/title", "/seo/canonical_url"],
        ),
        (
            json!({"name": "x", "image": {"url": "https://a.example", "focal_point": {"x": 2, "y": 0}}}),
            vec!["/image/focal_point/x"],
        ),
    ] {
        let refused = editor.post(SECTIONS, body.clone()).await;
        assert_eq!(refused.problem(422, "validation_failed"), fields, "{body}");
    }
    assert!(paths(&app.anonymous()).await.is_empty());
    let made = section(&editor, json!({"name": "World"})).await;
    for field in ["name", "slug", "position", "seo"] {
        let refused = editor.patch(&at(&made), json!({field: null})).await;
        assert_eq!(refused.problem(422, "validation_failed"), [format!("/{field}")]);
    }
    assert_eq!(editor.get(&at(&made)).await.json, made.json);
}

#[tokio::test]
async fn a_stale_version_or_a_wrong_role_changes_nothing() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let path = at(&section(&editor, json!({"name": "World"})).await);
    editor.patch(&path, json!({"name": "Abroad"})).await.expect(200);
    for method in [Method::PATCH, Method::DELETE] {
        let request = editor.request(method, &path).header("if-match", "\"v1\"");
        let stale = editor.send(request.json(&json!({"name": "Old"}))).await;
        stale.problem(412, "version_conflict");
    }
    for refused in [app.reporter().await, app.moderator().await, app.reader().await] {
        let changed = refused.patch(&path, json!({"name": "X"})).await;
        changed.problem(403, "permission_denied");
        refused.delete(&path).await.problem(403, "permission_denied");
    }
    assert_eq!(app.reporter().await.get(&path).await.text_at("/name"), "Abroad");
    let tried = app.anonymous().post("/api/v1/sections", json!({"name": "X"})).await;
    tried.problem(405, "method_not_allowed");
    assert!(tried.text_at("/detail").contains(SECTIONS), "{}", tried.text);
}
