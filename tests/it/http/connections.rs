//! Connections that dawdle, and requests that take too long.

use std::time::{Duration, Instant};

use masthead::config::Config;

use crate::support::TestApp;
use crate::support::raw::Raw;

fn impatient(config: &mut Config) {
    // More than the half second by which the framework's clock is coarse.
    config.http.head_timeout = Duration::from_millis(700);
    config.http.request_timeout = Duration::from_millis(300);
}

#[tokio::test]
async fn a_connection_takes_one_request_after_another() {
    let app = TestApp::start().await;
    let mut raw = Raw::connect(&app).await;
    for _ in 0..3 {
        raw.say("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert_eq!(raw.hear().await.status, 200);
    }
    raw.say("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
        .await;
    assert_eq!((raw.hear().await.status, raw.hear().await.status), (200, 404));
}

#[tokio::test]
async fn a_first_head_that_never_ends_is_cut_off() {
    let app = TestApp::with(impatient).await;
    let mut raw = Raw::connect(&app).await;
    raw.say("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
    assert!(raw.until_closed().await.starts_with("HTTP/1.1 408"));
}

#[tokio::test]
async fn a_later_head_that_never_ends_is_cut_off_too() {
    let app = TestApp::with(impatient).await;
    let mut raw = Raw::connect(&app).await;
    raw.say("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(raw.hear().await.status, 200);
    raw.say("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
    assert_eq!(raw.until_closed().await, "");
}

#[tokio::test]
async fn a_body_that_nobody_asked_for_does_not_hold_the_connection() {
    let app = TestApp::with(impatient).await;
    for length in ["Content-Length: 1000", "Transfer-Encoding: chunked"] {
        let mut raw = Raw::connect(&app).await;
        raw.say(format!("POST /healthz HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n"))
            .await;
        raw.hear().await.problem(405, "method_not_allowed");
        raw.until_closed().await;
    }
}

#[tokio::test]
async fn a_later_head_has_as_long_as_a_first_one() {
    let app = TestApp::with(|config| config.http.head_timeout = Duration::from_secs(1)).await;
    let mut raw = Raw::connect(&app).await;
    for _ in 0..2 {
        raw.say("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert_eq!(raw.hear().await.status, 200);
    }
    let began = Instant::now();
    raw.say("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
    assert_eq!(raw.until_closed().await, "");
    let took = began.elapsed();
    assert!(
        (Duration::from_millis(500)..Duration::from_secs(4)).contains(&took),
        "{took:?}"
    );
}

#[tokio::test]
async fn who_was_too_slow_with_a_body_is_not_listened_to_any_longer() {
    let app = TestApp::with(|config| config.http.body_timeout = Duration::from_millis(200)).await;
    let mut raw = Raw::connect(&app).await;
    raw.say(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    )
    .await;
    let answer = raw.hear().await;
    answer.problem(408, "request_timeout");
    assert!(answer.head.contains("connection: close"), "{}", answer.head);
    let began = Instant::now();
    raw.say("1\r\n \r\n").await;
    raw.until_closed().await;
    let took = began.elapsed();
    assert!(took < Duration::from_secs(4), "{took:?}");
}

#[tokio::test]
async fn a_large_answer_comes_whole_also_to_who_takes_it_slowly() {
    let app = TestApp::with(impatient).await;
    let whole = app.anonymous().get("/api/openapi.json").await.expect(200).text;
    assert!(whole.len() > 500_000, "it is large");
    let mut raw = Raw::connect(&app).await;
    raw.say("GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\nHEAD /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n")
        .await;
    assert_eq!(raw.hear().await.body, whole);
    let head = raw.until_closed().await;
    assert!(head.contains(&format!("content-length: {}\r\n", whole.len())), "{head}");
}

#[tokio::test]
async fn a_head_that_is_no_http_is_refused() {
    let app = TestApp::start().await;
    for (said, status) in [
        ("nonsense\r\n\r\n".to_owned(), "400"),
        ("GET / HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n".to_owned(), "400"),
        (
            format!("GET / HTTP/1.1\r\nHost: x\r\nX-Large: {}\r\n\r\n", "a".repeat(200_000)),
            "431",
        ),
        (
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(),
            "400",
        ),
        (
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc".to_owned(),
            "400",
        ),
    ] {
        let mut raw = Raw::connect(&app).await;
        raw.say(said).await;
        let answer = raw.until_closed().await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{status}: {answer}");
    }
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_a_problem() {
    let app = TestApp::with(|config| config.http.request_timeout = Duration::from_millis(300)).await;
    // All four connections of the pool are lent out, so that the request waits for one.
    let held = [app.conn().await, app.conn().await, app.conn().await, app.conn().await];
    let refused = app.anonymous().get("/api/v1/sections").await;
    refused.problem(503, "overloaded");
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(refused.header("x-content-type-options"), "nosniff");
    drop(held);
    app.anonymous().get("/api/v1/sections").await.expect(200);
}
