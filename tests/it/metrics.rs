//! What the server counts, and that it is shown on an address of its own.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::http;
use crate::support::make::{draft, published};

/// The value of a sample; none when it is not there.
fn sample(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map(|value| value.parse().unwrap())
}

#[tokio::test]
async fn requests_are_counted_by_route_and_what_readers_get_by_where_it_came_from() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    for title in ["One", "Two"] {
        published(&editor, title, json!({})).await;
    }
    for path in ["one", "two", "two", "three"] {
        reader.get(&format!("/api/v1/articles/{path}")).await;
    }
    reader.get("/wp-login.php").await;
    let text = app.exposition.text();
    let requests = |labels: &str| sample(&text, &format!("masthead_http_requests_total{{{labels}}}"));
    let route = r#"method="GET",route="/api/v1/articles/{slug}""#;
    assert_eq!(requests(&format!(r#"{route},status="200""#)), Some(3.0), "{text}");
    assert_eq!(requests(&format!(r#"{route},status="404""#)), Some(1.0));
    assert_eq!(requests(r#"method="GET",route="(none)",status="404""#), Some(1.0));
    let took = |rest: &str| sample(&text, &format!("masthead_http_request_duration_seconds_{rest}"));
    assert_eq!(took(&format!("count{{{route}}}")), Some(4.0));
    assert_eq!(took(&format!(r#"bucket{{{route},le="+Inf"}}"#)), Some(4.0));
    assert!(took(&format!("sum{{{route}}}")).unwrap() > 0.0);
    let cache = |outcome: &str| {
        sample(
            &text,
            &format!(r#"masthead_cache_answers_total{{outcome="{outcome}"}}"#),
        )
    };
    assert_eq!(cache("hit"), Some(1.0), "{text}");
    assert_eq!(cache("miss").unwrap() + cache("unheard").unwrap(), 3.0);
    assert_eq!(sample(&text, "masthead_cache_entries"), Some(3.0));
    assert!(sample(&text, "masthead_cache_bytes").unwrap() > 1000.0);
    assert_eq!(sample(&text, "masthead_cache_evictions_total"), Some(0.0));
    assert_eq!(sample(&text, "masthead_pool_size"), Some(4.0));
    assert!(sample(&text, "masthead_pool_wait_seconds_count").unwrap() > 5.0);
    assert!(!text.contains("three") && !text.contains("wp-login"), "{text}");
}

#[tokio::test]
async fn comments_are_counted_by_where_the_rules_put_them() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    published(&editor, "Story", json!({"comments_policy": "open"})).await;
    let comments = "/api/v1/articles/story/comments";
    for (body, status) in [
        (json!({"author_name": "Mara", "body": "Hm."}), 201),
        (
            json!({"author_name": "Mara", "body": "Buy now.", "website": "https://x.example"}),
            201,
        ),
        (json!({"author_name": "Mara", "body": ""}), 422),
    ] {
        reader.post(comments, body).await.expect(status);
    }
    let text = app.exposition.text();
    let of = |decision: &str| sample(&text, &format!(r#"masthead_comments_total{{decision="{decision}"}}"#)).unwrap();
    assert_eq!((of("spam"), of("refused")), (1.0, 0.0), "{text}");
    assert_eq!(of("approved") + of("pending") + of("held"), 1.0);
}

#[tokio::test]
async fn a_full_pool_is_seen() {
    let app = TestApp::with(|config| config.http.request_timeout = Duration::from_millis(300)).await;
    let held = [app.conn().await, app.conn().await, app.conn().await, app.conn().await];
    let text = app.exposition.text();
    assert_eq!(sample(&text, "masthead_pool_in_use"), Some(4.0), "{text}");
    assert_eq!(
        sample(&text, r#"masthead_pool_refused_total{reason="busy"}"#),
        Some(0.0)
    );
    drop(held);
}

#[tokio::test]
async fn the_schedule_says_how_late_it_is() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = draft(&editor, "Planned", json!({})).await;
    let plan = json!({"publish_at": "2026-06-01T10:00:00Z"});
    let path = format!("/api/v1/desk/articles/{}/schedule", made.id());
    editor.act(&path, plan).await.expect(200);
    app.clock.advance(TimeDelta::minutes(61));
    let rules = masthead::config::Config::default().site.body_rules();
    let mut conn = app.conn().await;
    let turn = masthead::newsroom::run_next(&mut conn, &app.clock, &rules)
        .await
        .unwrap();
    assert_eq!(turn.late, TimeDelta::minutes(1));
}

#[tokio::test]
async fn they_are_shown_on_an_address_of_their_own_and_hold_no_secret() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let login = json!({"email": editor.account().email, "password": PASSWORD});
    let signed_in = app.anonymous().post("/api/v1/auth/login", login).await.expect(200);
    app.anonymous().get("/metrics").await.problem(404, "not_found");
    let base = app.show_metrics();
    let answer = http().get(format!("{base}/metrics")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.headers()["content-type"],
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let text = answer.text().await.unwrap();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("masthead_") && value.parse::<f64>().is_ok(), "{line}");
    }
    for secret in [
        signed_in.text_at("/access_token"),
        signed_in.text_at("/refresh_token"),
        PASSWORD.to_owned(),
    ] {
        assert!(!text.contains(&secret));
    }
    let other = http().get(format!("{base}/api/v1/articles")).send().await.unwrap();
    assert_eq!(other.status(), 404);
}
