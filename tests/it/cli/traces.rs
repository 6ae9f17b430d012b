//! Traces reach a collector, as parts of those that callers are in.

use rustix::process::Signal;

use super::Served;
use crate::support::client::http;
use crate::support::db::fresh;
use crate::support::stub::{Says, Stub};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[tokio::test]
async fn a_request_is_a_span_of_its_callers_trace() {
    let stub = Stub::start().await;
    stub.say(Says::Status(200, String::new(), String::new()));
    let collector = stub.url.split("/hook").next().unwrap().to_owned();
    let url = fresh().await;
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("MASTHEAD_ENV", "development"),
        ("MASTHEAD_DEMO", "off"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector),
    ];
    let server = Served::start(&settings);
    let asked = http().get(format!("{}/api/v1/articles/hush?limit=hush", server.base));
    let asked = asked.header("traceparent", format!("00-{TRACE}-00f067aa0ba902b7-01"));
    assert_eq!(asked.send().await.unwrap().status(), 400);
    let known = http().get(format!("{}/api/v1/articles/hush", server.base)).send();
    assert_eq!(known.await.unwrap().status(), 404);
    // What waits is sent at the end.
    let ended = tokio::task::spawn_blocking(|| server.end(Signal::TERM)).await.unwrap();
    assert_eq!(ended, Some(0));
    let told = stub.take();
    assert!(
        told.iter().all(|told| told.line == "POST /v1/traces HTTP/1.1"),
        "{told:?}"
    );
    let sent: String = told.into_iter().map(|told| told.body).collect();
    for word in [
        "GET /api/v1/articles/{slug}",
        "unknown_parameter",
        "not_found",
        "wait for a connection",
        "masthead",
    ] {
        assert!(sent.contains(word), "{word} in {sent}");
    }
    // The trace's number goes as bytes: as far as they are text.
    assert!(sent.contains("K\u{fffd}/5w"), "{sent}");
    assert!(!sent.contains("hush"), "{sent}");
}
