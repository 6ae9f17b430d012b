//! How often readers may ask for what the cache does not have.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use super::{behind_a_proxy, low};
use crate::support::TestApp;
use crate::support::client::{Answer, Client};
use crate::support::make::published;

/// A GET that a proxy hands on for an address.
async fn get_from(client: &Client, address: &str, path: &str) -> Answer {
    let request = client.request(Method::GET, path).header("X-Forwarded-For", address);
    client.send(request).await
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

#[tokio::test]
async fn those_who_come_at_once_get_no_more_than_those_who_queue() {
    let app = TestApp::with(|config| {
        behind_a_proxy(config);
        config.limits.delivery = Some(5);
    })
    .await;
    let reader = app.anonymous();
    let answered = async |address: &str, etag: &str| {
        let asked = (0..40).map(|turn| {
            let path = format!("/api/v1/articles?kicker={address}-{turn}");
            let request = reader.request(Method::GET, &path);
            let request = request.header("X-Forwarded-For", address);
            let request = match etag {
                "" => request,
                etag => request.header("If-None-Match", etag),
            };
            reader.send(request)
        });
        let answers = join_all(asked).await;
        let of = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
        (of(200), of(429))
    };
    assert_eq!(answered("203.0.113.1", "").await, (5, 35));
    // What the caller only says to have had already.
    assert_eq!(answered("203.0.113.2", "\"made-up\"").await, (5, 35));
}

#[tokio::test]
async fn the_front_page_is_kept_until_it_changes_and_counts_when_it_is_not() {
    let app = TestApp::with(|config| {
        behind_a_proxy(config);
        config.limits.delivery = Some(2);
    })
    .await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let browse = async |query: &str| {
        let request = reader.request(Method::GET, &format!("/{query}"));
        let request = request.header("Accept", "text/html");
        reader.send(request.header("X-Forwarded-For", "203.0.113.1")).await
    };
    let story = published(&editor, "The bridge", json!({})).await;
    let first = browse("").await.expect(200);
    assert_eq!(first.header("ratelimit"), "\"delivery\";r=1;t=30");
    assert_eq!(first.header("vary"), "Accept, Accept-Encoding");
    for turn in 0..10 {
        assert_eq!(browse(&format!("?turn={turn}")).await.expect(200).text, first.text);
    }
    // Programs get where everything is, which nobody is asked for.
    get_from(&reader, "203.0.113.1", "/").await.expect(200);
    let path = format!("/api/v1/desk/articles/{}", story.id());
    editor.patch(&path, json!({"title": "The tunnel"})).await.expect(200);
    editor.act(&format!("{path}/publish"), json!({})).await.expect(200);
    assert!(browse("").await.expect(200).text.contains(">The tunnel</a>"));
    published(&editor, "The harbour", json!({})).await;
    browse("").await.problem(429, "rate_limited");
}
