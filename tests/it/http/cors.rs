//! Calls from the pages of other origins.

use masthead::config::CorsOrigins;
use reqwest::Method;

use crate::support::TestApp;
use crate::support::client::{Answer, Client};

const FRIEND: &str = "https://desk.news.example";
const STRANGER: &str = "https://elsewhere.example";

async fn preflight(client: &Client, path: &str, origin: &str, method: &str, headers: &str) -> Answer {
    let request = client
        .request(Method::OPTIONS, path)
        .header("Origin", origin)
        .header("Access-Control-Request-Method", method)
        .header("Access-Control-Request-Headers", headers);
    client.send(request).await
}

async fn call(client: &Client, path: &str, origin: &str) -> Answer {
    client
        .send(client.request(Method::GET, path).header("Origin", origin))
        .await
}

#[tokio::test]
async fn any_page_may_read_delivery() {
    let app = TestApp::with(|config| config.http.cors_origins = CorsOrigins::These(Vec::new())).await;
    let anyone = app.anonymous();
    let asked = preflight(
        &anyone,
        "/api/v1/sections",
        STRANGER,
        "GET",
        "if-none-match, x-request-id",
    )
    .await;
    assert_eq!(
        (asked.status, asked.header("access-control-allow-origin")),
        (200, "*".to_owned())
    );
    let answer = call(&anyone, "/api/v1/sections", STRANGER).await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(
        answer
            .header("access-control-expose-headers")
            .to_lowercase()
            .contains("etag")
    );
    // Without an Origin too: a shared cache hands this very answer to pages later.
    assert_eq!(
        anyone
            .get("/api/v1/sections")
            .await
            .header("access-control-allow-origin"),
        "*"
    );
    assert_eq!(anyone.get("/api/v1/sections").await.header("vary"), "Accept-Encoding");
    assert_eq!(
        call(&anyone, "/api/v1/sections/none", STRANGER)
            .await
            .header("access-control-allow-origin"),
        "*"
    );
}

#[tokio::test]
async fn only_named_pages_may_call_the_desk() {
    let app = TestApp::with(|config| config.http.cors_origins = CorsOrigins::These(vec![FRIEND.to_owned()])).await;
    let anyone = app.anonymous();
    for path in ["/api/v1/desk/sections", "/api/v1/auth/login"] {
        let asked = preflight(&anyone, path, FRIEND, "POST", "authorization, content-type, if-match").await;
        assert_eq!(
            (asked.status, asked.header("access-control-allow-origin")),
            (200, FRIEND.to_owned()),
            "{path}"
        );
        assert!(asked.header("vary").contains("Origin"), "{path}");
        let refused = preflight(&anyone, path, STRANGER, "POST", "authorization").await;
        refused.problem(400, "invalid_parameter");
        assert_eq!(refused.header("access-control-allow-origin"), "", "{path}");
    }
    assert_eq!(
        call(&anyone, "/api/v1/desk/sections", FRIEND)
            .await
            .header("access-control-allow-origin"),
        FRIEND
    );
    assert_eq!(
        call(&anyone, "/api/v1/desk/sections", STRANGER)
            .await
            .header("access-control-allow-origin"),
        ""
    );
}

#[tokio::test]
async fn in_development_any_page_may_call_the_desk() {
    let app = TestApp::start().await;
    let asked = preflight(
        &app.anonymous(),
        "/api/v1/desk/sections",
        STRANGER,
        "PATCH",
        "authorization",
    )
    .await;
    assert_eq!(
        (asked.status, asked.header("access-control-allow-origin")),
        (200, STRANGER.to_owned())
    );
}

#[tokio::test]
async fn a_preflight_for_what_is_not_allowed_is_a_problem() {
    let app = TestApp::start().await;
    let anyone = app.anonymous();
    for (method, headers) in [
        ("TRACE", "content-type"),
        ("GET", "x-other"),
        ("GET", "content-encoding"),
    ] {
        let refused = preflight(&anyone, "/api/v1/sections", STRANGER, method, headers).await;
        refused.problem(400, "invalid_parameter");
    }
}
