//! Tags: on the desk all of them, for readers those in use; their slugs, and who may change them.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;
use crate::support::client::{Answer, Client};
use crate::support::make::{draft, published};

pub const TAGS: &str = "/api/v1/desk/tags";

pub async fn tag(editor: &Client, name: &str) -> Answer {
    editor.post(TAGS, json!({"name": name})).await.expect(201)
}

pub fn at(tag: &Answer) -> String {
    format!("{TAGS}/{}", tag.id())
}

#[tokio::test]
async fn a_tag_is_created_read_changed_and_deleted() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let body = json!({"name": " Žluť & Sea ", "kind": "place", "description": "Water.\n\nMuch of it."});
    let made = editor.post(TAGS, body).await.expect(201);
    let path = at(&made);
    assert_eq!(made.header("location"), path);
    assert_eq!(made.header("etag"), "\"v1\"");
    assert_eq!(made.header("cache-control"), "private, no-store");
    for (pointer, value) in [
        ("/slug", json!("zlut-sea")),
        ("/name", json!("Žluť & Sea")),
        ("/kind", json!("place")),
        ("/description", json!("Water.\n\nMuch of it.")),
        ("/article_count", json!(0)),
        ("/merged_into", json!(null)),
        ("/url", json!("http://127.0.0.1:8080/tags/zlut-sea")),
    ] {
        assert_eq!(made.at(pointer), &value, "{pointer}");
    }
    assert_eq!(editor.get(&path).await.expect(200).json, made.json);

    let change = json!({"kind": "topic", "description": null});
    let changed = editor.patch(&path, change).await.expect(200);
    assert_eq!(changed.header("etag"), "\"v2\"");
    assert_eq!(changed.at("/kind"), "topic");
    assert_eq!(changed.at("/description"), &json!(null));
    assert_eq!(changed.at("/name"), "Žluť & Sea", "what is left out stays");

    editor.patch(&path, json!({"kind": "person"})).await.expect(200);
    let cleared = editor.patch(&path, json!({"kind": null})).await.expect(200);
    assert_eq!(cleared.at("/kind"), "topic", "what it is when nothing is said");

    editor.delete(&path).await.expect(204);
    editor.get(&path).await.problem(404, "not_found");
    editor.delete(&path).await.problem(404, "not_found");
    editor.patch(&path, json!({})).await.problem(404, "not_found");
    let again = editor.post(TAGS, json!({"name": "Zlut sea"})).await.expect(201);
    assert_eq!(
        again.text_at("/slug"),
        "zlut-sea",
        "a slug that led nowhere is free again"
    );
}

#[tokio::test]
async fn only_editors_manage_tags_and_reporters_read_them() {
    let app = TestApp::start().await;
    let path = at(&tag(&app.editor().await, "Harbour").await);
    let reporter = app.reporter().await;
    assert_eq!(reporter.get(TAGS).await.expect(200).column("slug"), ["harbour"]);
    reporter.get(&path).await.expect(200);
    for refused in [reporter, app.moderator().await, app.reader().await] {
        let denied = |answer: Answer| answer.problem(403, "permission_denied");
        denied(refused.post(TAGS, json!({"name": "Sea"})).await);
        denied(refused.patch(&path, json!({"name": "Sea"})).await);
        denied(refused.post(&format!("{path}/merge"), json!({"into": "x"})).await);
        denied(refused.delete(&path).await);
    }
    for refused in [app.moderator().await, app.reader().await] {
        refused.get(TAGS).await.problem(403, "permission_denied");
    }
    app.anonymous().get(TAGS).await.problem(401, "not_authenticated");
    app.admin().await.delete(&path).await.expect(204);
}

#[tokio::test]
async fn every_wrong_field_is_named_and_nothing_changes() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for (body, fields) in [
        (json!({}), vec!["/name"]),
        (json!({"name": null}), vec!["/name"]),
        (json!({"name": ""}), vec!["/name"]),
        (json!({"name": "\u{202E}evil"}), vec!["/name"]),
        (json!({"name": "nul\0"}), vec!["/name"]),
        (json!({"name": "two\nlines"}), vec!["/name"]),
        (json!({"name": "bell\u{7}"}), vec!["/name"]),
        (json!({"name": "a".repeat(101)}), vec!["/name"]),
        (json!({"name": "x", "kind": "thing"}), vec!["/kind"]),
        (json!({"name": "x", "kind": 5}), vec!["/kind"]),
        (json!({"name": "x", "article_count": 5}), vec!["/article_count"]),
        (json!({"name": "x", "slug": "a b"}), vec!["/slug"]),
        (json!({"name": "x", "slug": "nul\0"}), vec!["/slug"]),
        (
            json!({"name": "x", "slug": "550e8400-e29b-41d4-a716-446655440000"}),
            vec!["/slug"],
        ),
        (
            json!({"name": " ", "description": "\u{2066}".repeat(3)}),
            vec!["/name", "/description"],
        ),
        (
            json!({"name": "x", "description": "d".repeat(1001)}),
            vec!["/description"],
        ),
    ] {
        let refused = editor.post(TAGS, body.clone()).await;
        assert_eq!(refused.problem(422, "validation_failed"), fields, "{body}");
    }
    assert!(editor.get(TAGS).await.column("id").is_empty());

    let made = tag(&editor, "Harbour").await;
    for (body, field) in [
        (json!({"name": null}), "/name"),
        (json!({"slug": null}), "/slug"),
        (json!({"merged_into": "sea"}), "/merged_into"),
        (json!({"name": "a\u{202D}b", "kind": "place"}), "/name"),
    ] {
        let refused = editor.patch(&at(&made), body.clone()).await;
        assert_eq!(refused.problem(422, "validation_failed"), [field], "{body}");
    }
    assert_eq!(editor.get(&at(&made)).await.expect(200).json, made.json);
}

#[tokio::test]
async fn a_stale_version_changes_nothing() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (made, other) = (tag(&editor, "Harbour").await, tag(&editor, "Sea").await);
    let path = at(&made);
    editor.patch(&path, json!({"name": "Port"})).await.expect(200);
    for if_match in ["\"v1\"", "\"v3\"", "W/\"v2\"", "\"2\"", "nonsense"] {
        let with = |method: Method, path: &str| editor.request(method, path).header("if-match", if_match);
        let changed = editor
            .send(with(Method::PATCH, &path).json(&json!({"name": "Quay"})))
            .await;
        changed.problem(412, "version_conflict");
        let merged = with(Method::POST, &format!("{path}/merge")).json(&json!({"into": other.id()}));
        editor.send(merged).await.problem(412, "version_conflict");
        let deleted = editor.send(with(Method::DELETE, &path)).await;
        deleted.problem(412, "version_conflict");
    }
    assert_eq!(editor.get(&path).await.text_at("/name"), "Port");
    let current = editor.request(Method::DELETE, &path).header("if-match", "\"v2\"");
    editor.send(current).await.expect(204);
}

#[tokio::test]
async fn an_old_slug_leads_to_the_new_one() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let path = at(&tag(&editor, "Port").await);
    published(&editor, "One", json!({"tags": ["port"]})).await;
    editor.patch(&path, json!({"slug": "přístav"})).await.expect(200);
    let moved = reader.get("/api/v1/tags/port").await.expect(301);
    assert_eq!(moved.text_at("/slug"), "přístav");
    assert_eq!(moved.json["slug"], "přístav");
    assert_eq!(moved.json["path"], "/tags/přístav");
    assert_eq!(moved.json["url"], "http://127.0.0.1:8080/tags/p%C5%99%C3%ADstav");
    assert!(moved.header("cache-control").starts_with("public"));
    reader.get("/api/v1/tags/p%C5%99%C3%ADstav").await.expect(200);

    // No chain forms, and a slug that was given up can be taken back, but by nobody else.
    editor.patch(&path, json!({"slug": "harbour"})).await.expect(200);
    for old in ["port", "p%C5%99%C3%ADstav"] {
        let moved = reader.get(&format!("/api/v1/tags/{old}")).await.expect(301);
        assert_eq!(moved.text_at("/slug"), "harbour");
    }
    let taken = editor.post(TAGS, json!({"name": "Port wine", "slug": "port"})).await;
    assert_eq!(taken.problem(409, "slug_taken"), ["/slug"]);
    let named = editor.post(TAGS, json!({"name": "Port"})).await.expect(201);
    assert_eq!(named.text_at("/slug"), "port-2", "a name is no claim to a slug");
    editor.patch(&path, json!({"slug": "port"})).await.expect(200);
    reader.get("/api/v1/tags/port").await.expect(200);
    let moved = reader.get("/api/v1/tags/harbour").await.expect(301);
    assert_eq!(moved.text_at("/slug"), "port");
}

#[tokio::test]
async fn names_shared_at_once_are_numbered() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = join_all((0..8).map(|_| tag(&editor, "Harbour"))).await;
    let mut slugs: Vec<String> = made.iter().map(|made| made.text_at("/slug")).collect();
    slugs.sort_unstable();
    let numbered = (2..=8).map(|number| format!("harbour-{number}"));
    let expected: Vec<String> = std::iter::once("harbour".to_owned()).chain(numbered).collect();
    assert_eq!(slugs, expected);
    assert_eq!(editor.get(&format!("{TAGS}?limit=100")).await.column("id").len(), 8);
}

#[tokio::test]
async fn of_many_who_want_a_slug_at_once_one_gets_it() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let body = json!({"name": "Harbour", "slug": "harbour"});
    let answers = join_all((0..8).map(|_| editor.post(TAGS, body.clone()))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    for lost in answers.iter().filter(|answer| answer.status == 409) {
        assert_eq!(lost.problem(409, "slug_taken"), ["/slug"]);
    }
    assert_eq!(editor.get(TAGS).await.column("slug"), ["harbour"]);
}

#[tokio::test]
async fn a_tag_in_use_is_deleted_only_into_another() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let port = tag(&editor, "Port").await;
    let harbour = tag(&editor, "Harbour").await;
    let sea = tag(&editor, "Sea").await;
    let both = published(&editor, "Both", json!({"tags": ["port", "sea", "harbour"]})).await;
    draft(&editor, "One", json!({"tags": ["port"]})).await;
    editor.patch(&at(&port), json!({"slug": "docks"})).await.expect(200);

    let refused = editor.delete(&at(&port)).await;
    refused.problem(409, "in_use");
    assert!(refused.text_at("/detail").contains("2 articles"), "{}", refused.text);
    for (nobody, status) in [
        ("nothing", 400),
        (&*port.id(), 400),
        ("docks", 400),
        ("port", 400),
        ("", 400),
    ] {
        let refused = editor.delete(&format!("{}?reassign_to={nobody}", at(&port))).await;
        assert_eq!(
            refused.problem(status, "invalid_parameter"),
            ["reassign_to"],
            "{nobody}"
        );
    }
    let refused = editor.delete(&format!("{}?into=harbour", at(&port))).await;
    assert_eq!(refused.problem(400, "unknown_parameter"), ["into"]);
    assert_eq!(editor.get(&at(&port)).await.at("/article_count"), 1);

    editor
        .delete(&format!("{}?reassign_to=harbour", at(&port)))
        .await
        .expect(204);
    assert_eq!(editor.get(&at(&harbour)).await.at("/article_count"), 1, "named once");
    assert_eq!(editor.get(&at(&sea)).await.at("/article_count"), 1);
    for old in ["port", "docks"] {
        let moved = reader.get(&format!("/api/v1/tags/{old}")).await.expect(301);
        assert_eq!(moved.text_at("/slug"), "harbour");
    }
    let read = editor
        .get(&format!("/api/v1/desk/articles/{}", both.id()))
        .await
        .expect(200);
    let tags = read.at("/tags").as_array().unwrap();
    let slugs: Vec<&str> = tags.iter().map(|tag| tag["slug"].as_str().unwrap()).collect();
    assert_eq!(slugs, ["harbour", "sea"], "in the place of the one that is gone");
    // A slug of something that is gone still names what took its place.
    draft(&editor, "Later", json!({"tags": ["docks", "port", "harbour"]})).await;
    let refused = editor.delete(&at(&harbour)).await;
    assert!(refused.text_at("/detail").contains("3 articles"), "{}", refused.text);
}
