//! `Idempotency-Key`: a request that is sent again is answered again and done once.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::schema::{articles, audit_log, idempotency_keys};
use reqwest::Method;
use serde_json::{Value, json};

use crate::openapi::operations;
use crate::support::client::{Answer, Client};
use crate::support::{TestApp, make};

const DESK: &str = "/api/v1/desk/articles";

async fn keyed(client: &Client, path: &str, key: &str, body: Value) -> Answer {
    let request = client.request(Method::POST, path).header("Idempotency-Key", key);
    client.send(request.header("If-Match", "*").json(&body)).await
}

fn is_replay(answer: &Answer) -> bool {
    answer.header("idempotency-replayed") == "true"
}

#[tokio::test]
async fn the_same_request_is_answered_again_and_done_once() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let first = keyed(&editor, DESK, "a", json!({"title": "Once"})).await.expect(201);
    assert!(!is_replay(&first));
    let again = keyed(&editor, DESK, "a", json!({"title": "Once"})).await.expect(201);
    assert!(is_replay(&again));
    assert_eq!(again.text, first.text);
    for header in ["etag", "location", "cache-control", "content-type"] {
        assert_eq!(again.header(header), first.header(header), "{header}");
    }
    let other = keyed(&editor, DESK, "b", json!({"title": "Once"})).await.expect(201);
    assert_ne!(other.id(), first.id(), "another key is another request");
    let unkeyed = editor.post(DESK, json!({"title": "Once"})).await.expect(201);
    assert!(!is_replay(&unkeyed));
    let count: i64 = articles::table.count().get_result(&mut app.conn().await).await.unwrap();
    assert_eq!(count, 3);

    // A verb is answered as it was, though by now it could not be done.
    let unpublish = format!(
        "{DESK}/{}/unpublish",
        make::published(&editor, "Gone soon", json!({})).await.id()
    );
    let first = keyed(&editor, &unpublish, "a", json!({})).await.expect(200);
    let again = editor.request(Method::POST, &unpublish).header("Idempotency-Key", "a");
    let again = editor
        .send(again.header("If-Match", "\"v1\"").json(&json!({})))
        .await
        .expect(200);
    assert!(is_replay(&again), "it is looked up before If-Match");
    assert_eq!(again.text, first.text);
}

#[tokio::test]
async fn a_key_belongs_to_one_caller_one_route_one_body_and_one_day() {
    let app = TestApp::start().await;
    let (ana, jo) = (app.editor().await, app.editor().await);
    let body = || json!({"title": "Mine"});
    let first = keyed(&ana, DESK, "k", body()).await.expect(201);
    let jos = keyed(&jo, DESK, "k", body()).await.expect(201);
    assert!(!is_replay(&jos));
    assert_ne!(jos.id(), first.id());
    let tag = keyed(&ana, "/api/v1/desk/tags", "k", json!({"name": "Mine"}))
        .await
        .expect(201);
    assert!(!is_replay(&tag));
    let reused = keyed(&ana, DESK, "k", json!({"title": "Other"})).await;
    reused.problem(409, "idempotency_key_reused");

    app.clock.advance(TimeDelta::hours(24));
    let ana = app.signed_in_again(&ana).await;
    let late = keyed(&ana, DESK, "k", body()).await.expect(201);
    assert!(!is_replay(&late));
    assert_ne!(late.id(), first.id());
}

#[tokio::test]
async fn a_refusal_is_not_kept_and_permission_comes_first() {
    let app = TestApp::start().await;
    let (editor, reporter) = (app.editor().await, app.reporter().await);
    let made = editor.post(DESK, json!({"title": "Bare"})).await.expect(201);
    let (article, publish) = (format!("{DESK}/{}", made.id()), format!("{DESK}/{}/publish", made.id()));
    keyed(&editor, &publish, "p", json!({}))
        .await
        .problem(422, "validation_failed");
    let count: i64 = idempotency_keys::table
        .count()
        .get_result(&mut app.conn().await)
        .await
        .unwrap();
    assert_eq!(count, 0);
    editor
        .post("/api/v1/desk/sections", json!({"name": "World"}))
        .await
        .expect(201);
    editor
        .patch(&article, json!({"section": "world", "body": {"source": "Text."}}))
        .await
        .expect(200);
    let published = keyed(&editor, &publish, "p", json!({})).await.expect(200);
    assert!(!is_replay(&published));
    keyed(&reporter, &publish, "p", json!({}))
        .await
        .problem(403, "permission_denied");
    for wrong in ["", " ", "\u{e9}", &"x".repeat(256)] {
        let request = editor.request(Method::POST, DESK).header("Idempotency-Key", wrong);
        let refused = editor.send(request.json(&json!({"title": "T"}))).await;
        assert_eq!(
            refused.problem(400, "invalid_parameter"),
            ["Idempotency-Key"],
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn secrets_are_shown_once() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let made = make::published(&editor, "Open", json!({"slug": "open"})).await;
    editor
        .patch(&format!("{DESK}/{}", made.id()), json!({"comments_policy": "open"}))
        .await
        .expect(200);
    let thread = "/api/v1/articles/open/comments";
    let body = json!({"author_name": "Runa", "body": "I was there."});
    let first = keyed(&reader, thread, "c", body.clone()).await.expect(201);
    let mut again = keyed(&reader, thread, "c", body).await.expect(201);
    assert!(is_replay(&again));
    assert_eq!(again.at("/edit_token"), &Value::Null);
    again.json["edit_token"] = first.at("/edit_token").clone();
    assert_eq!(again.json, first.json);

    let links = format!("{DESK}/{}/preview-tokens", made.id());
    keyed(&editor, &links, "l", json!({})).await.expect(201);
    let again = keyed(&editor, &links, "l", json!({})).await.expect(201);
    assert_eq!((again.at("/token"), again.at("/url")), (&Value::Null, &Value::Null));
    let kept: Vec<Vec<u8>> = idempotency_keys::table
        .select(idempotency_keys::body)
        .load(&mut app.conn().await)
        .await
        .unwrap();
    for body in kept {
        let text = String::from_utf8(body).unwrap();
        assert!(!text.contains("mhc_") && !text.contains("mhp_"), "{text}");
    }
}

#[tokio::test]
async fn of_many_at_the_same_moment_one_is_done() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let all = (0..8).map(|_| keyed(&editor, DESK, "race", json!({"title": "Race"})));
    let answers = futures_util::future::join_all(all).await;
    let ids: BTreeSet<String> = answers.iter().map(|answer| answer.id()).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(answers.iter().filter(|answer| !is_replay(answer)).count(), 1);
    let mut conn = app.conn().await;
    let created: i64 = audit_log::table
        .filter(audit_log::action.eq("create_article"))
        .count()
        .get_result(&mut conn)
        .await
        .unwrap();
    assert_eq!(created, 1);
}

#[test]
fn every_post_that_changes_the_paper_takes_a_key() {
    for operation in operations() {
        let takes = operation
            .parameters()
            .any(|parameter| parameter["name"] == "Idempotency-Key");
        let should = operation.method == "POST" && !operation.path.starts_with("/api/v1/auth/");
        assert_eq!(takes, should, "{}", operation.id());
    }
}

/// Who may not do it any more is not told again what they were told when they might.
#[tokio::test]
async fn permission_comes_before_the_kept_answer() {
    let app = TestApp::start().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let made = make::draft(&editor, "Kept", json!({})).await;
    let path = format!("/api/v1/desk/articles/{}/publish", made.id());
    let publish = || {
        let request = editor.request(Method::POST, &path).header("If-Match", "*");
        editor.send(request.header("Idempotency-Key", "once").json(&json!({})))
    };
    publish().await.expect(200);
    assert_eq!(publish().await.header("idempotency-replayed"), "true");
    let account = format!("/api/v1/desk/users/{}", editor.account().id);
    admin.patch(&account, json!({"role": "reporter"})).await.expect(200);
    let refused = publish().await;
    refused.problem(403, "permission_denied");
    assert_eq!(refused.at("/allowed_actions"), &json!(["edit", "submit"]));
}
