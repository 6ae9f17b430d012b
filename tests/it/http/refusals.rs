//! Paths, methods and queries that nobody answers.

use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn an_unknown_path_is_a_problem_wherever_it_is() {
    let app = TestApp::start().await;
    let anyone = app.anonymous();
    for path in [
        "/nothing",
        "/api/v1/nothing",
        "/api/v1/desk/nothing",
        "/api/v1/auth/nothing",
        "/api/v1/sections/",
        "/docs/nothing.js",
        "/api/v1/sections/a/b",
    ] {
        let refused = anyone.get(path).await;
        refused.problem(404, "not_found");
        assert_eq!(refused.text_at("/instance"), path);
    }
}

#[tokio::test]
async fn a_path_that_cannot_be_read_names_nothing() {
    let app = TestApp::start().await;
    let (anyone, editor) = (app.anonymous(), app.editor().await);
    for slug in ["%00", "%ff", "%F0%9F%98%80", "..%2f..%2fetc", "%ed%a0%80", "a%20b"] {
        anyone
            .get(&format!("/api/v1/sections/{slug}"))
            .await
            .problem(404, "not_found");
    }
    for id in ["1", "not-an-id", "%00", "00000000-0000-0000-0000-000000000000"] {
        editor
            .get(&format!("/api/v1/desk/sections/{id}"))
            .await
            .problem(404, "not_found");
    }
    let long = "a".repeat(5000);
    anyone
        .get(&format!("/api/v1/sections/{long}"))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn a_method_that_is_not_known_is_answered_with_those_that_are() {
    let app = TestApp::start().await;
    let anyone = app.anonymous();
    for (method, path, allow) in [
        (Method::DELETE, "/", "GET, HEAD"),
        (Method::POST, "/healthz", "GET, HEAD"),
        (Method::PUT, "/docs/", "GET, HEAD"),
        (Method::PATCH, "/problems/conflict", "GET, HEAD"),
        (Method::PUT, "/api/v1/desk/sections", "GET, POST, HEAD"),
        (Method::POST, "/api/v1/desk/sections/x", "GET, PATCH, DELETE, HEAD"),
        (Method::TRACE, "/api/v1/sections", "GET, HEAD"),
        // `{id}` beside them takes PATCH and DELETE, and is not asked.
        (Method::PATCH, "/api/v1/desk/comments/bulk", "POST"),
        (Method::DELETE, "/api/v1/desk/comments/queues", "GET, HEAD"),
    ] {
        let refused = anyone.send(anyone.request(method.clone(), path)).await;
        refused.problem(405, "method_not_allowed");
        assert_eq!(refused.header("allow"), allow, "{method} {path}");
    }
}

#[tokio::test]
async fn a_write_tried_on_delivery_is_shown_the_way_to_the_desk() {
    let app = TestApp::start().await;
    let refused = app.anonymous().post("/api/v1/sections", json!({"name": "World"})).await;
    refused.problem(405, "method_not_allowed");
    assert_eq!(refused.header("allow"), "GET, HEAD");
    assert!(
        refused.text_at("/detail").contains("POST /api/v1/desk/sections"),
        "{}",
        refused.text
    );
    let refused = app.anonymous().patch("/api/v1/sections/world", json!({})).await;
    assert!(
        refused.text_at("/detail").contains("PATCH /api/v1/desk/sections/{id}"),
        "{}",
        refused.text
    );
}

#[tokio::test]
async fn options_without_an_origin_lists_the_methods() {
    let app = TestApp::start().await;
    let anyone = app.anonymous();
    let answer = anyone.send(anyone.request(Method::OPTIONS, "/healthz")).await;
    assert_eq!((answer.status, answer.header("allow")), (204, "GET, HEAD".to_owned()));
    let bulk = "/api/v1/desk/comments/bulk";
    let answer = anyone.send(anyone.request(Method::OPTIONS, bulk)).await;
    assert_eq!((answer.status, answer.header("allow")), (204, "POST".to_owned()));
    anyone
        .send(anyone.request(Method::OPTIONS, "/nothing"))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn a_query_that_is_not_known_or_not_readable_is_refused_by_name() {
    let app = TestApp::start().await;
    let anyone = app.anonymous();
    for (query, code, parameter) in [
        ("nope=1", "unknown_parameter", "nope"),
        ("q=a&q=b", "invalid_parameter", "q"),
        ("q=%00", "invalid_parameter", "q"),
        ("q=%ff", "invalid_parameter", "q"),
        ("q=%4", "invalid_parameter", "q"),
        ("q=%ed%a0%80", "invalid_parameter", "q"),
    ] {
        let refused = anyone.get(&format!("/api/v1/sections?{query}")).await;
        assert_eq!(refused.problem(400, code), [parameter], "{query}");
        assert_eq!(refused.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn a_query_where_none_is_taken_is_refused() {
    let app = TestApp::start().await;
    let (anyone, editor) = (app.anonymous(), app.editor().await);
    let refused = anyone.get("/api/v1/tags/harbour?utm_source=x&b=c").await;
    assert_eq!(refused.problem(400, "unknown_parameter"), ["utm_source"]);
    let refused = editor
        .post("/api/v1/desk/sections?dry_run=true", json!({"name": "World"}))
        .await;
    assert_eq!(refused.problem(400, "unknown_parameter"), ["dry_run"]);
    for nothing in ["?", "?&", "?=&="] {
        anyone
            .get(&format!("/api/v1/tags/harbour{nothing}"))
            .await
            .problem(404, "not_found");
    }
    anyone.get("/api/v1/nothing?a=b").await.problem(404, "not_found");
}
