//! Bodies that are too large, too slow, too deep, or no JSON at all.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;
use crate::support::client::{Answer, Client};
use crate::support::raw::Raw;

const SECTIONS: &str = "/api/v1/desk/sections";

async fn post(client: &Client, body: impl Into<reqwest::Body>) -> Answer {
    let request = client.request(Method::POST, SECTIONS);
    client
        .send(request.header("Content-Type", "application/json").body(body))
        .await
}

/// The head of a POST of JSON with one more header.
fn head(client: &Client, header: &str) -> String {
    let token = client.token();
    format!(
        "POST {SECTIONS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\n{header}\r\n\r\n"
    )
}

/// Nothing that was refused may have left anything behind.
async fn assert_nothing_was_written(app: &TestApp) {
    let seen = app.anonymous().get("/api/v1/sections").await.expect(200);
    assert_eq!(seen.column("name"), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_not_json_is_refused_with_the_place_where_it_ends_to_be() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let bodies: [&[u8]; 10] = [
        b"",
        b"{",
        b"nonsense",
        b"{\"name\": \"World\"} trailing",
        b"{\"name\": \"World\"}{\"name\": \"World\"}",
        b"{\"name\": \"\\ud800\"}",
        b"{\"name\": \"\xff\xfe\"}",
        b"{\"name\": \"a\nb\"}",
        b"\xef\xbb\xbf{\"name\": \"World\"}",
        b"{\"name\": NaN}",
    ];
    for body in bodies {
        let refused = post(&editor, body.to_vec()).await;
        refused.problem(400, "invalid_json");
    }
    assert_nothing_was_written(&app).await;
}

#[tokio::test]
async fn a_body_100_000_levels_deep_is_refused_at_its_first_wrong_level() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (lists, objects) = ("[".repeat(100_000), "{\"a\":".repeat(100_000));
    for body in [
        format!("{lists}{}", "]".repeat(100_000)),
        format!("{objects}1{}", "}".repeat(100_000)),
        format!("{{\"name\": {lists}"),
        format!("{{\"seo\": {objects}"),
    ] {
        post(&editor, body).await.problem(422, "validation_failed");
    }
    assert_nothing_was_written(&app).await;
}

#[tokio::test]
async fn a_field_that_is_wrong_is_named() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for (body, pointer) in [
        (r#"{"name": "World", "name": "Politics"}"#, "/name"),
        (r#"{"name": 5}"#, "/name"),
        (r#"{"name": null}"#, "/name"),
        (r#"{}"#, "/name"),
        (r#"[]"#, ""),
        (r#""World""#, ""),
        (
            r#"{"name": "World", "id": "00000000-0000-7000-8000-000000000000"}"#,
            "/id",
        ),
        (r#"{"name": "World", "seo": {"titel": "x"}}"#, "/seo/titel"),
        (r#"{"name": "World", "position": 1e99}"#, "/position"),
        (r#"{"name": "World", "position": 2147483648}"#, "/position"),
        (r#"{"name": "World\u0000"}"#, "/name"),
        (r#"{"name": "World\u202e"}"#, "/name"),
        (r#"{"name": "Wor\nld"}"#, "/name"),
        // A list of the values of an object, in their order, is no object, however deep.
        (r#"{"name": "World", "seo": ["The world", null, null, null]}"#, "/seo"),
        (
            r#"{"name": "World", "image": {"url": "https://a.example/a.jpg", "focal_point": [0.5, 0.5]}}"#,
            "/image/focal_point",
        ),
        (
            r#"{"name": "World", "image": {"url": "https://a.example/a.jpg", "focal_point": {"x": 0, "y": 0, "z": 0}}}"#,
            "/image/focal_point/z",
        ),
    ] {
        let refused = post(&editor, body).await;
        assert_eq!(refused.problem(422, "validation_failed"), [pointer], "{body}");
    }
    assert_nothing_was_written(&app).await;
}

#[tokio::test]
async fn a_body_that_is_no_object_is_named_itself() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    // A list of a section's values, in their order, is no section either.
    for body in ["null", "[]", "5", " true", r#"["World"]"#] {
        let refused = post(&editor, body).await;
        assert_eq!(refused.problem(422, "validation_failed"), [""], "{body}");
        assert_eq!(refused.text_at("/detail"), "Please mend the body.", "{body}");
        assert_eq!(refused.at("/errors/0/pointer"), "", "{body}");
        assert!(refused.text_at("/errors/0/message").contains("object"), "{body}");
    }
    assert_nothing_was_written(&app).await;
}

#[tokio::test]
async fn only_json_without_a_coding_is_taken() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let body = r#"{"name": "World"}"#;
    for media in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "json",
    ] {
        let request = editor
            .request(Method::POST, SECTIONS)
            .header("Content-Type", media)
            .body(body);
        editor.send(request).await.problem(415, "unsupported_media_type");
    }
    let request = editor.request(Method::POST, SECTIONS).body(body);
    editor.send(request).await.problem(415, "unsupported_media_type");
    for coding in ["gzip", "br", "identity, gzip", "zstd", "IDENTITY,br"] {
        let request = editor
            .request(Method::POST, SECTIONS)
            .header("Content-Encoding", coding);
        editor
            .send(request.json(&json!({"name": "World"})))
            .await
            .problem(415, "unsupported_media_type");
    }
    assert_nothing_was_written(&app).await;
    for (name, media) in [
        ("World", "application/json; charset=utf-8"),
        ("Sport", "application/merge-patch+json"),
    ] {
        let request = editor.request(Method::POST, SECTIONS).header("Content-Type", media);
        editor
            .send(
                request
                    .header("Content-Encoding", "identity")
                    .body(json!({"name": name}).to_string()),
            )
            .await
            .expect(201);
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_and_while_it_arrives() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    post(&editor, vec![b' '; 10 << 20])
        .await
        .problem(413, "payload_too_large");
    let mut raw = Raw::connect(&app).await;
    raw.say(head(&editor, "Transfer-Encoding: chunked")).await;
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    raw.say(chunk.repeat(17)).await;
    raw.hear().await.problem(413, "payload_too_large");
    let name = "a".repeat(900_000);
    let refused = post(&editor, json!({"name": name}).to_string()).await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/name"]);
    assert_nothing_was_written(&app).await;
}

#[tokio::test]
async fn a_length_over_the_limit_is_refused_without_waiting_for_the_body() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let mut raw = Raw::connect(&app).await;
    raw.say(head(&editor, "Content-Length: 99999999999")).await;
    raw.hear().await.problem(413, "payload_too_large");
}

#[tokio::test]
async fn a_body_that_does_not_arrive_in_time_is_a_problem() {
    let app = TestApp::with(|config| config.http.body_timeout = Duration::from_millis(200)).await;
    let editor = app.editor().await;
    let mut declared = Raw::connect(&app).await;
    declared.say(head(&editor, "Content-Length: 18")).await;
    declared.say("{\"name\":").await;
    declared.hear().await.problem(408, "request_timeout");
    declared.until_closed().await;
    let mut chunked = Raw::connect(&app).await;
    chunked.say(head(&editor, "Transfer-Encoding: chunked")).await;
    chunked.say("5\r\n{\"nam\r\n").await;
    chunked.hear().await.problem(408, "request_timeout");
    assert_nothing_was_written(&app).await;
}

#[tokio::test]
async fn a_body_that_breaks_off_changes_nothing() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let mut short = Raw::connect(&app).await;
    short.say(head(&editor, "Content-Length: 17")).await;
    short.say(r#"{"name":"World"}"#).await;
    short.stop_talking().await;
    short.hear().await.problem(400, "invalid_json");
    // On chunks that are none the framework hangs up; our refusal goes out before that when it is ready in time.
    let mut chunked = Raw::connect(&app).await;
    chunked.say(head(&editor, "Transfer-Encoding: chunked")).await;
    chunked.say("this is no chunk\r\n").await;
    let heard = chunked.until_closed().await;
    let refused = heard.starts_with("HTTP/1.1 400 ") && heard.contains("invalid_json");
    assert!(heard.is_empty() || refused, "{heard}");
    assert_nothing_was_written(&app).await;
}

#[tokio::test]
async fn a_caller_who_asks_first_whether_to_send_is_told() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let mut raw = Raw::connect(&app).await;
    raw.say(head(&editor, "Expect: 100-continue\r\nContent-Length: 16"))
        .await;
    assert_eq!(raw.hear().await.status, 100);
    raw.say(r#"{"name":"World"}"#).await;
    assert_eq!(raw.hear().await.status, 201);
}
