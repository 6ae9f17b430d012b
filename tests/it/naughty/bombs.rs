//! Small things that would become large, and shallow ones that would become deep: refused soon, and in little memory.

use std::time::{Duration, Instant};

use reqwest::Method;

use crate::support::TestApp;
use crate::support::memory::{forget_peak, peak};

const ARTICLES: &str = "/api/v1/desk/articles";
const MIB: usize = 1 << 20;

/// What is sent, under which coding.
fn bombs() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..256 {
        std::io::Write::write_all(&mut gzip, &vec![b'['; MIB]).unwrap();
    }
    let gzip = gzip.finish().unwrap();
    let full = |unit: &str| unit.repeat((MIB - 1024) / unit.len());
    let keys: Vec<String> = (0..60_000).map(|key| format!("\"k{key}\":1")).collect();
    vec![
        ("gzip of 256 MiB", "gzip", gzip.clone()),
        ("gzip of 256 MiB by another name", "x-gzip, identity", gzip),
        ("brotli", "br", vec![0xff; 800]),
        ("lists in lists", "identity", full("[").into_bytes()),
        (
            "lists in lists in a field",
            "identity",
            format!("{{\"title\":{}", full("[")).into_bytes(),
        ),
        ("objects in objects", "identity", full("{\"a\":").into_bytes()),
        (
            "objects in objects in a field",
            "identity",
            format!("{{\"seo\":{}", full("{\"title\":")).into_bytes(),
        ),
        ("many names", "identity", format!("{{{}}}", keys.join(",")).into_bytes()),
        (
            "one name many times",
            "identity",
            format!("{{{}\"title\":\"x\"}}", full("\"title\":\"x\",")).into_bytes(),
        ),
        (
            "a long number",
            "identity",
            format!("{{\"title\":{}}}", full("9")).into_bytes(),
        ),
        (
            "a long text",
            "identity",
            format!("{{\"title\":\"{}\"}}", full("a")).into_bytes(),
        ),
        (
            "a long text of escapes",
            "identity",
            format!("{{\"title\":\"{}\"}}", full("\\u0041")).into_bytes(),
        ),
        (
            "many entries",
            "identity",
            format!("{{\"title\":\"x\",\"tags\":[{}\"a\"]}}", full("\"a\",")).into_bytes(),
        ),
        (
            "many unknown entries",
            "identity",
            format!("{{\"title\":\"x\",\"related\":[{}\"a\"]}}", full("\"a\",")).into_bytes(),
        ),
    ]
}

#[tokio::test]
#[ignore = "measures memory and time"]
async fn bombs_are_refused_within_a_second_and_in_little_memory() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let bombs = bombs();
    editor.get(ARTICLES).await.expect(200);
    forget_peak();
    let before = peak();
    let mut slowest = Duration::ZERO;
    for (what, coding, body) in bombs {
        let request = editor
            .request(Method::POST, ARTICLES)
            .header("Content-Type", "application/json")
            .header("Content-Encoding", coding)
            .body(body);
        let began = Instant::now();
        let answer = editor.send(request).await;
        let took = began.elapsed();
        slowest = slowest.max(took);
        assert!(
            (400..500).contains(&answer.status),
            "{what}: {} {}",
            answer.status,
            answer.text
        );
        assert!(took < Duration::from_secs(1), "{what}: {took:?}");
    }
    let grown = peak() - before;
    println!("bombs: {grown} MiB more at the peak, the slowest refused after {slowest:?}");
    assert!(grown < 64, "{grown} MiB");
}
