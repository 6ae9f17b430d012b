//! The guard: who is let in, and what those hear who are not.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;

const SECTIONS: &str = "/api/v1/desk/sections";

#[tokio::test]
async fn the_desk_is_closed_without_a_token_and_says_which_one_it_wants() {
    let app = TestApp::start().await;
    let refused = app.anonymous().get(SECTIONS).await;
    refused.problem(401, "not_authenticated");
    assert!(refused.header("www-authenticate").starts_with("Bearer"));
    for token in ["", "x", "a.b.c", "mhr_nothing"] {
        app.bearer(token).get(SECTIONS).await.problem(401, "invalid_token");
    }
}

#[tokio::test]
async fn a_token_expires_with_the_clock() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    editor.get(SECTIONS).await.expect(200);
    app.clock.advance(TimeDelta::days(2));
    editor.get(SECTIONS).await.problem(401, "token_expired");
}

#[tokio::test]
async fn roles_may_what_the_table_says() {
    let app = TestApp::start().await;
    let body = json!({"name": "Weather"});
    for refused in [app.reporter().await, app.moderator().await, app.reader().await] {
        refused
            .post(SECTIONS, body.clone())
            .await
            .problem(403, "permission_denied");
    }
    app.admin().await.act(SECTIONS, body).await.expect(201);
    let seen = app.reporter().await.get(SECTIONS).await.expect(200);
    assert_eq!(seen.column("slug"), ["weather"]);
}

#[tokio::test]
async fn delivery_reads_no_credential() {
    let app = TestApp::start().await;
    app.bearer("nonsense").get("/api/v1/sections").await.expect(200);
}

#[tokio::test]
async fn another_scheme_is_no_token() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    let request = client
        .request(Method::GET, SECTIONS)
        .basic_auth("editor", Some("secret"));
    client.send(request).await.problem(401, "invalid_token");
}

#[tokio::test]
async fn a_method_that_is_not_known_is_told_which_are() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    assert_eq!(editor.account().role.as_str(), "editor");
    let again = app.bearer(editor.token());
    let refused = again.put(SECTIONS, json!({})).await;
    refused.problem(405, "method_not_allowed");
    assert_eq!(refused.header("allow"), "GET, POST, HEAD");
}
