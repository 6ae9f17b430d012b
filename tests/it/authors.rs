//! Authors: on the desk all of them, with their accounts; for readers those in use.

mod slugs;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;
use crate::support::client::{Answer, Client};
use crate::support::make::{draft, published};
use crate::support::pages::{refuses_what_it_does_not_know, walk};

const AUTHORS: &str = "/api/v1/desk/authors";

async fn author(editor: &Client, name: &str) -> Answer {
    editor.post(AUTHORS, json!({"name": name})).await.expect(201)
}

fn at(author: &Answer) -> String {
    format!("{AUTHORS}/{}", author.id())
}

#[tokio::test]
async fn an_author_is_created_read_changed_and_deleted() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let reporter = app.reporter().await;
    let account = reporter.account();
    let body = json!({
        "name": "Ana Lima",
        "bio": "She reports.\n\nFrom the harbour.",
        "avatar": {"url": "https://images.example/ana.jpg", "alt": "Ana"},
        "links": [{"label": "Website", "url": "http://ana.example"}],
        "user": account.email.to_uppercase(),
    });
    let made = editor.post(AUTHORS, body).await.expect(201);
    let path = at(&made);
    assert_eq!(made.header("location"), path);
    assert_eq!(made.header("etag"), "\"v1\"");
    let user = json!({"id": account.id, "name": account.name, "email": account.email});
    for (pointer, value) in [
        ("/slug", json!("ana-lima")),
        ("/kind", json!("person")),
        ("/bio", json!("She reports.\n\nFrom the harbour.")),
        ("/avatar/alt", json!("Ana")),
        ("/links", json!([{"label": "Website", "url": "http://ana.example/"}])),
        ("/user", user.clone()),
        ("/article_count", json!(0)),
        ("/url", json!("http://127.0.0.1:8080/authors/ana-lima")),
    ] {
        assert_eq!(made.at(pointer), &value, "{pointer}");
    }
    assert_eq!(editor.get(&path).await.expect(200).json, made.json);
    assert_eq!(reporter.get(AUTHORS).await.expect(200).at("/data/0/user"), &user);

    let change = json!({"avatar": null, "links": [], "kind": "agency", "user": null});
    let changed = editor.patch(&path, change).await.expect(200);
    assert_eq!(changed.header("etag"), "\"v2\"");
    for (pointer, value) in [
        ("/avatar", json!(null)),
        ("/links", json!([])),
        ("/kind", json!("agency")),
        ("/user", json!(null)),
        ("/bio", json!("She reports.\n\nFrom the harbour.")),
    ] {
        assert_eq!(changed.at(pointer), &value, "{pointer}");
    }
    let links = json!([{"label": "Website", "url": "https://ana.example/"}]);
    let linked = editor.patch(&path, json!({"links": links})).await.expect(200);
    assert_eq!(linked.at("/links"), &links);
    let cleared = editor.patch(&path, json!({"links": null, "kind": null})).await;
    let cleared = cleared.expect(200);
    assert_eq!(cleared.at("/links"), &json!([]));
    assert_eq!(cleared.at("/kind"), "person", "what it is when nothing is said");

    editor.delete(&path).await.expect(204);
    editor.get(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn an_account_writes_under_one_name() {
    let app = TestApp::start().await;
    let (editor, reporter) = (app.editor().await, app.reporter().await);
    let id = reporter.account().id.to_string();
    let (ana, jo) = (author(&editor, "Ana Lima").await, author(&editor, "Jo Ek").await);
    editor.patch(&at(&ana), json!({"user": id})).await.expect(200);
    editor
        .patch(&at(&ana), json!({"user": id, "bio": "Again."}))
        .await
        .expect(200);
    let refused = editor.patch(&at(&jo), json!({"user": reporter.account().email})).await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/user"]);
    assert_eq!(refused.at("/errors/0/code"), "already_linked");
    for nobody in ["nobody@paper.example", "nobody", "", "nul\0@paper.example", &ana.id()] {
        let refused = editor.patch(&at(&jo), json!({"user": nobody})).await;
        assert_eq!(refused.problem(422, "validation_failed"), ["/user"], "{nobody}");
    }
    editor.patch(&at(&ana), json!({"user": null})).await.expect(200);
    let rui = json!({"name": "Rui", "user": id});
    let answers = join_all((0..4).map(|_| editor.post(AUTHORS, rui.clone()))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert!(
        statuses[1..].iter().all(|status| [409, 422].contains(status)),
        "{statuses:?}"
    );
    let linked = editor.get(AUTHORS).await;
    let linked = linked.at("/data").as_array().unwrap();
    assert_eq!(linked.iter().filter(|author| !author["user"].is_null()).count(), 1);

    // What an account writes is by its author.
    let made = reporter
        .post("/api/v1/desk/articles", json!({"title": "Mine"}))
        .await
        .expect(201);
    assert_eq!(made.at("/authors/0/name"), "Rui");
}

#[tokio::test]
async fn every_wrong_field_is_named_and_nothing_changes() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let link = json!({"label": "A", "url": "https://a.example"});
    for (body, fields) in [
        (json!({"name": null}), vec!["/name"]),
        (json!({"name": "a\u{202E}b"}), vec!["/name"]),
        (json!({"name": "nul\0"}), vec!["/name"]),
        (json!({"name": "x", "kind": "robot"}), vec!["/kind"]),
        (json!({"name": "x", "user_id": "y"}), vec!["/user_id"]),
        (json!({"name": "x", "bio": "b".repeat(5001)}), vec!["/bio"]),
        (
            json!({"name": "x", "avatar": {"url": "http://a.example/a.png", "width": 0}}),
            vec!["/avatar/url", "/avatar/width"],
        ),
        (
            json!({"name": "x", "avatar": {"url": "https://a.example", "id": null}}),
            vec!["/avatar/id"],
        ),
        (json!({"name": "x", "links": vec![link.clone(); 21]}), vec!["/links"]),
        (
            json!({"name": "x", "links": [link, {"label": "", "url": "javascript:alert(1)"}]}),
            vec!["/links/1/label", "/links/1/url"],
        ),
        (json!({"name": "x", "links": [{"label": "A"}]}), vec!["/links/0/url"]),
    ] {
        let refused = editor.post(AUTHORS, body.clone()).await;
        assert_eq!(refused.problem(422, "validation_failed"), fields, "{body}");
    }
    assert!(editor.get(AUTHORS).await.column("id").is_empty());
    let made = author(&editor, "Ana").await;
    for field in ["name", "slug"] {
        let refused = editor.patch(&at(&made), json!({field: null})).await;
        assert_eq!(refused.problem(422, "validation_failed"), [format!("/{field}")]);
    }
    assert_eq!(editor.get(&at(&made)).await.json, made.json);
}

#[tokio::test]
async fn a_stale_version_or_a_wrong_role_changes_nothing() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let path = at(&author(&editor, "Ana").await);
    editor.patch(&path, json!({"name": "Ana Lima"})).await.expect(200);
    for method in [Method::PATCH, Method::DELETE] {
        let request = editor.request(method, &path).header("if-match", "\"v1\"");
        let stale = editor.send(request.json(&json!({"name": "Old"}))).await;
        stale.problem(412, "version_conflict");
    }
    for refused in [app.reporter().await, app.moderator().await, app.reader().await] {
        let made = refused.post(AUTHORS, json!({"name": "X"})).await;
        made.problem(403, "permission_denied");
        let changed = refused.patch(&path, json!({"name": "X"})).await;
        changed.problem(403, "permission_denied");
        refused.delete(&path).await.problem(403, "permission_denied");
    }
    app.moderator().await.get(&path).await.problem(403, "permission_denied");
    assert_eq!(app.reporter().await.get(&path).await.text_at("/name"), "Ana Lima");
}

#[tokio::test]
async fn readers_know_the_authors_in_use_alone_and_never_their_accounts() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let account = editor.account().email.clone();
    let body = json!({"name": "Ana Lima", "user": account, "bio": "She reports."});
    let ana = editor.post(AUTHORS, body).await.expect(201);
    author(&editor, "Jo Ek").await;
    published(&editor, "One", json!({"authors": ["ana-lima"]})).await;
    draft(&editor, "Two", json!({"authors": ["jo-ek"]})).await;

    let list = reader.get("/api/v1/authors?with_total=true").await.expect(200);
    assert_eq!(list.column("slug"), ["ana-lima"]);
    assert_eq!(list.at("/page/total"), 1);
    let read = reader.get("/api/v1/authors/ana-lima").await.expect(200);
    assert_eq!(read.at("/article_count"), 1);
    assert_eq!(read.header("cache-tag"), format!("author:{}", ana.id()));
    for answer in [&list, &read] {
        assert!(
            !answer.text.contains(&account) && !answer.text.contains("user"),
            "{}",
            answer.text
        );
    }
    reader.get("/api/v1/authors/jo-ek").await.problem(404, "not_found");

    editor.patch(&at(&ana), json!({"slug": "ana-m-lima"})).await.expect(200);
    let moved = reader.get("/api/v1/authors/ana-lima").await.expect(301);
    assert_eq!(moved.header("location"), format!("/api/v1/authors/{}", ana.id()));
    assert_eq!(moved.json["path"], "/authors/ana-m-lima");
    let taken = editor.post(AUTHORS, json!({"name": "X", "slug": "ana-lima"})).await;
    assert_eq!(taken.problem(409, "slug_taken"), ["/slug"]);
}

#[tokio::test]
async fn an_author_in_use_is_deleted_only_into_another() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let (ana, jo) = (author(&editor, "Ana Lima").await, author(&editor, "Jo Ek").await);
    let both = published(&editor, "Both", json!({"authors": ["ana-lima", "jo-ek"]})).await;
    let one = published(&editor, "One", json!({"authors": ["ana-lima"]})).await;
    let refused = editor.delete(&at(&ana)).await;
    refused.problem(409, "in_use");
    assert!(refused.text_at("/detail").contains("2 articles"), "{}", refused.text);
    for nobody in ["nobody", "ana-lima", &*ana.id()] {
        let refused = editor.delete(&format!("{}?reassign_to={nobody}", at(&ana))).await;
        assert_eq!(refused.problem(400, "invalid_parameter"), ["reassign_to"]);
    }
    let into = format!("{}?reassign_to={}", at(&ana), jo.id());
    editor.delete(&into).await.expect(204);
    assert_eq!(reader.get("/api/v1/authors/jo-ek").await.at("/article_count"), 2);
    let moved = reader.get("/api/v1/authors/ana-lima").await.expect(301);
    assert_eq!(moved.header("location"), format!("/api/v1/authors/{}", jo.id()));
    for article in [both, one] {
        let read = editor.get(&format!("/api/v1/desk/articles/{}", article.id())).await;
        let authors = read.at("/authors").as_array().unwrap();
        assert_eq!(authors.len(), 1);
        assert_eq!(authors[0]["slug"], "jo-ek");
    }
}

#[tokio::test]
async fn lists_sort_filter_and_page_without_loss() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    for (name, kind) in [
        ("Rui", "person"),
        ("ana", "person"),
        ("Ana", "person"),
        ("Coast Wire", "agency"),
        ("Jo Ek", "person"),
    ] {
        editor
            .post(AUTHORS, json!({"name": name, "kind": kind}))
            .await
            .expect(201);
        app.clock.advance(chrono::TimeDelta::seconds(1));
    }
    published(&editor, "One", json!({"authors": ["rui", "coast-wire"]})).await;
    published(&editor, "Two", json!({"authors": ["coast-wire", "ana-2"]})).await;
    for limit in [1, 2, 100] {
        let desk = |query: &str| format!("{AUTHORS}?limit={limit}{query}");
        let by_name = walk(&editor, &desk(""), "slug").await;
        assert_eq!(by_name, ["ana", "ana-2", "coast-wire", "jo-ek", "rui"]);
        let busiest = walk(&editor, &desk("&sort=-article_count"), "slug").await;
        assert_eq!(busiest, ["coast-wire", "ana-2", "rui", "ana", "jo-ek"]);
        let newest = walk(&editor, &desk("&sort=-updated_at&kind=person"), "slug").await;
        assert_eq!(newest, ["jo-ek", "ana-2", "ana", "rui"]);
        let agencies = walk(&reader, &format!("/api/v1/authors?limit={limit}&kind=agency"), "name").await;
        assert_eq!(agencies, ["Coast Wire"]);
        let for_readers = walk(
            &reader,
            &format!("/api/v1/authors?limit={limit}&sort=-article_count"),
            "slug",
        )
        .await;
        assert_eq!(for_readers, ["coast-wire", "ana-2", "rui"]);
    }
    assert_eq!(
        editor.get(&format!("{AUTHORS}?q=AN")).await.column("slug"),
        ["ana", "ana-2"]
    );
    refuses_what_it_does_not_know(&editor, AUTHORS, &format!("{AUTHORS}?sort=-article_count")).await;
    refuses_what_it_does_not_know(&reader, "/api/v1/authors", "/api/v1/authors?kind=person").await;
}
