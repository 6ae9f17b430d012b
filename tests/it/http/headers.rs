//! The headers of every answer.

use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn every_answer_has_an_id_and_says_what_a_browser_may_do_with_it() {
    let app = TestApp::start().await;
    let anyone = app.anonymous();
    for path in [
        "/healthz",
        "/api/v1/sections",
        "/api/v1/desk/sections",
        "/nothing",
        "/docs",
        "/docs/",
        "/",
        "/favicon.ico",
    ] {
        let answer = anyone.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(
            answer.header("content-security-policy").contains("default-src 'none'"),
            "{path}"
        );
        assert!(
            answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(!answer.header("referrer-policy").is_empty(), "{path}");
        assert!(!answer.header("cache-control").is_empty(), "{path}");
        assert!(uuid::Uuid::try_parse(&answer.header("x-request-id")).is_ok(), "{path}");
    }
}

#[tokio::test]
async fn a_harmless_request_id_is_kept_and_another_replaced() {
    let app = TestApp::start().await;
    let anyone = app.anonymous();
    let ask = async |id: &str| {
        let request = anyone.request(Method::GET, "/nothing").header("X-Request-Id", id);
        let answer = anyone.send(request).await;
        assert_eq!(answer.header("x-request-id"), answer.text_at("/request_id"));
        answer.header("x-request-id")
    };
    let longest = "a".repeat(64);
    for kept in ["a", "front-end_7.3", longest.as_str()] {
        assert_eq!(ask(kept).await, kept);
    }
    for replaced in ["", "a b", "<script>", &"a".repeat(65), "a,b"] {
        assert_ne!(ask(replaced).await, replaced);
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let app = TestApp::start().await;
    let anyone = app.anonymous();
    for path in [
        "/",
        "/healthz",
        "/api/openapi.json",
        "/api/v1/sections",
        "/problems/gone",
        "/docs/",
        "/nothing",
    ] {
        let got = anyone.get(path).await;
        let head = anyone.send(anyone.request(Method::HEAD, path)).await;
        assert_eq!((head.status, head.text.as_str()), (got.status, ""), "{path}");
        for name in ["content-type", "content-length", "etag", "cache-control", "cache-tag"] {
            // A problem names its own request, so its length may not be compared.
            if got.status == 200 || name != "content-length" {
                assert_eq!(head.header(name), got.header(name), "{path} {name}");
            }
        }
        assert!(head.header("content-length").parse::<usize>().unwrap() > 0, "{path}");
    }
}

#[tokio::test]
async fn delivery_is_cacheable_and_the_desk_is_not() {
    let app = TestApp::start().await;
    let (anyone, editor) = (app.anonymous(), app.editor().await);
    let public = anyone.get("/api/v1/sections").await.expect(200);
    assert!(
        public
            .header("cache-control")
            .starts_with("public, max-age=0, s-maxage=10")
    );
    assert_eq!(public.header("vary"), "Accept-Encoding");
    let missing = anyone.get("/api/v1/sections/nowhere").await;
    missing.problem(404, "not_found");
    assert_eq!(missing.header("cache-control"), public.header("cache-control"));
    let private = editor.get("/api/v1/desk/sections").await.expect(200);
    assert_eq!(private.header("cache-control"), "private, no-store");
    let refused = anyone.get("/api/v1/desk/sections").await;
    assert_eq!(refused.header("cache-control"), "private, no-store");
}

#[tokio::test]
async fn an_unchanged_answer_of_delivery_is_304_without_a_body() {
    let app = TestApp::start().await;
    let (anyone, editor) = (app.anonymous(), app.editor().await);
    let first = anyone.get("/api/v1/sections").await.expect(200);
    let etag = first.header("etag");
    let again = async |given: &str| {
        anyone
            .send(
                anyone
                    .request(Method::GET, "/api/v1/sections")
                    .header("If-None-Match", given),
            )
            .await
    };
    for given in [
        etag.clone(),
        format!("W/{etag}"),
        format!("\"other\", {etag}"),
        "*".to_owned(),
    ] {
        let unchanged = again(&given).await;
        assert_eq!((unchanged.status, unchanged.text.as_str()), (304, ""), "{given}");
        assert_eq!(unchanged.header("etag"), etag);
        assert_eq!(unchanged.header("cache-control"), first.header("cache-control"));
    }
    assert_eq!(again("\"other\"").await.status, 200);
    editor
        .post("/api/v1/desk/sections", json!({"name": "World"}))
        .await
        .expect(201);
    assert_ne!(again(&etag).await.expect(200).header("etag"), etag);
}
