//! How often callers may ask, and how they are told.

mod delivery;
mod sign_ins;

use chrono::TimeDelta;
use masthead::config::Config;
use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;
use crate::support::client::Client;
use crate::support::make;

const SECTIONS: &str = "/api/v1/desk/sections";

/// Limits that a test can reach.
pub fn low(config: &mut Config) {
    config.http.rate_limits = true;
    config.limits.auth = 2;
    config.limits.reader_writes = 2;
    config.limits.desk_reads = 3;
    config.limits.desk_writes = 2;
}

/// The same behind a proxy that is this machine: a caller's address is what `X-Forwarded-For` says.
pub fn behind_a_proxy(config: &mut Config) {
    config.http.rate_limits = true;
    config.http.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
}

#[tokio::test]
async fn each_account_and_each_key_has_a_share_of_its_own_on_the_desk() {
    let app = TestApp::with(low).await;
    let (editor, other) = (app.editor().await, app.editor().await);
    let key = app.key(json!({"scopes": ["taxonomy:read"]})).await;
    for left in [2, 1, 0] {
        let answer = editor.get(SECTIONS).await.expect(200);
        assert_eq!(
            answer.header("ratelimit"),
            format!("\"desk-reads\";r={left};t={}", (3 - left) * 20)
        );
        assert_eq!(answer.header("ratelimit-policy"), "\"desk-reads\";q=3;w=60");
    }
    let refused = editor.get(SECTIONS).await;
    refused.problem(429, "rate_limited");
    assert_eq!(refused.header("retry-after"), "20");
    assert_eq!(refused.header("ratelimit"), "\"desk-reads\";r=0;t=60");
    assert_eq!(refused.header("cache-control"), "private, no-store");
    other.get(SECTIONS).await.expect(200);
    key.get(SECTIONS).await.expect(200);
    // Reading uses up nothing of writing.
    for name in ["World", "Sport"] {
        editor.post(SECTIONS, json!({"name": name})).await.expect(201);
    }
    editor
        .post(SECTIONS, json!({"name": "City"}))
        .await
        .problem(429, "rate_limited");
    app.clock.advance(TimeDelta::seconds(20));
    editor.get(SECTIONS).await.expect(200);
    editor.get(SECTIONS).await.problem(429, "rate_limited");
}

#[tokio::test]
async fn credentials_that_are_not_right_use_up_the_share_of_their_address() {
    let app = TestApp::with(low).await;
    let editor = app.editor().await;
    for _ in 0..15 {
        app.bearer("mhk_000000000000_nothing")
            .get(SECTIONS)
            .await
            .problem(401, "invalid_token");
    }
    let refused = app.bearer("another").get(SECTIONS).await;
    refused.problem(429, "rate_limited");
    assert_eq!(refused.header("ratelimit-policy"), "\"desk-reads-address\";q=15;w=60");
    editor.get(SECTIONS).await.problem(429, "rate_limited");
}

#[tokio::test]
async fn an_address_is_what_trusted_proxies_say_and_nothing_else() {
    let login = |client: Client, headers: Vec<(&'static str, String)>| async move {
        let mut request = client.request(Method::POST, "/api/v1/auth/refresh");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        client.send(request.json(&json!({"refresh_token": "mhr_"}))).await
    };
    let app = TestApp::with(low).await;
    for turn in 0..6 {
        let address = format!("203.0.113.{turn}");
        let said = [
            "X-Forwarded-For",
            "Forwarded",
            "X-Real-IP",
            "CF-Connecting-IP",
            "True-Client-IP",
        ]
        .map(|name| (name, address.clone()));
        let answer = login(app.anonymous(), said.to_vec()).await;
        assert_eq!(answer.status, if turn < 2 { 401 } else { 429 }, "{turn}");
    }
    let app = TestApp::with(|config| {
        low(config);
        behind_a_proxy(config);
    })
    .await;
    for turn in 0..6 {
        let address = format!("203.0.113.{turn}");
        // What a caller wrote stands before what the proxy wrote.
        let said = vec![("X-Forwarded-For", format!("192.0.2.1, {address}"))];
        assert_eq!(login(app.anonymous(), said).await.status, 401, "{turn}");
        let network = vec![("X-Forwarded-For", format!("2001:db8:1:2::{turn}"))];
        let answer = login(app.anonymous(), network).await;
        assert_eq!(answer.status, if turn < 2 { 401 } else { 429 }, "{turn}");
    }
}

#[tokio::test]
async fn ten_accounts_a_minute_are_made_from_one_address() {
    let app = TestApp::with(|config| {
        behind_a_proxy(config);
        config.accounts.registration = true;
    })
    .await;
    let nobody = app.anonymous();
    let register = async |address: &str, number: u32| {
        let email = format!("reader-{number}@readers.example");
        let body = json!({"email": email, "name": "A Reader", "password": "a few unrelated words"});
        let request = nobody.request(Method::POST, "/api/v1/auth/register");
        nobody
            .send(request.header("X-Forwarded-For", address).json(&body))
            .await
    };
    for number in 0..10 {
        let made = register("203.0.113.1", number).await.expect(201);
        let (left, reset) = (9 - number, (number + 1) * 6);
        assert_eq!(made.header("ratelimit"), format!("\"register\";r={left};t={reset}"));
    }
    let refused = register("203.0.113.1", 10).await;
    refused.problem(429, "rate_limited");
    assert_eq!(refused.header("retry-after"), "6");
    assert_eq!(refused.header("ratelimit"), "\"register\";r=0;t=60");
    assert_eq!(refused.header("ratelimit-policy"), "\"register\";q=10;w=60");
    register("203.0.113.2", 10).await.expect(201);
    app.clock.advance(TimeDelta::seconds(6));
    register("203.0.113.1", 11).await.expect(201);
}

#[tokio::test]
async fn readers_write_no_more_often_than_their_address_may() {
    let app = TestApp::with(|config| {
        low(config);
        config.limits.desk_writes = 100;
    })
    .await;
    make::published(&app.editor().await, "The bridge", json!({})).await;
    let thread = "/api/v1/articles/the-bridge/comments";
    let comment = || async {
        let comment = json!({"author_name": "Mara", "body": "At last!"});
        app.anonymous().post(thread, comment).await
    };
    assert_eq!(
        comment().await.expect(201).header("ratelimit"),
        "\"reader-writes\";r=1;t=30"
    );
    comment().await.expect(201);
    let refused = comment().await;
    refused.problem(429, "rate_limited");
    assert_eq!(refused.header("access-control-allow-origin"), "*");
    // Reading goes on.
    app.anonymous().get(thread).await.expect(200);
}
