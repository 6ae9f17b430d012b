//! How often callers may ask, and how they are told.

mod sign_ins;

use chrono::TimeDelta;
use masthead::config::Config;
use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;
use crate::support::client::{Answer, Client};
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

/// A GET that a proxy hands on for an address.
async fn get_from(client: &Client, address: &str, path: &str) -> Answer {
    let request = client.request(Method::GET, path).header("X-Forwarded-For", address);
    client.send(request).await
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

#[tokio::test]
async fn public_reads_are_limited_only_where_that_is_set() {
    let app = TestApp::with(low).await;
    for turn in 0..20 {
        let answer = app
            .anonymous()
            .get(&format!("/api/v1/articles?limit={}", turn + 1))
            .await;
        assert_eq!(answer.expect(200).header("ratelimit"), "");
    }
}

#[tokio::test]
async fn what_the_cache_answers_and_what_the_caller_had_already_never_counts() {
    let app = TestApp::with(|config| {
        behind_a_proxy(config);
        config.limits.delivery = Some(2);
    })
    .await;
    let reader = app.anonymous();
    let list = |limit: u32| format!("/api/v1/articles?limit={limit}");
    let first = get_from(&reader, "203.0.113.1", &list(1)).await.expect(200);
    assert_eq!(first.header("ratelimit"), "\"delivery\";r=1;t=30");
    for _ in 0..10 {
        get_from(&reader, "203.0.113.1", &list(1)).await.expect(200);
    }
    let etag = first.header("etag");
    // Another has it filled again; whoever had it already is told so.
    for turn in 0..4 {
        let again = reader
            .request(Method::GET, &format!("{}&section=none-{turn}", list(1)))
            .header("X-Forwarded-For", "203.0.113.1")
            .header("If-None-Match", &etag);
        assert_eq!(reader.send(again).await.status, 304, "{turn}");
    }
    get_from(&reader, "203.0.113.1", &list(2)).await.expect(200);
    let refused = get_from(&reader, "203.0.113.1", &list(3)).await;
    refused.problem(429, "rate_limited");
    assert_eq!(refused.header("cache-control"), "no-store");
    assert_eq!(refused.header("retry-after"), "30");
    assert_eq!(refused.header("ratelimit"), "\"delivery\";r=0;t=60");
    assert_eq!(refused.header("ratelimit-policy"), "\"delivery\";q=2;w=60");
    // The cache still answers, and so does everything for others.
    get_from(&reader, "203.0.113.1", &list(1)).await.expect(200);
    get_from(&reader, "203.0.113.2", &list(3)).await.expect(200);
    get_from(&reader, "203.0.113.1", &list(3)).await.expect(200);
}
