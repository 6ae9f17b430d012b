//! Codings: made once, off the way of those who wait, each with an ETag of its own.

use std::io::Read;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use super::{is_hit, paper};
use crate::support::client::{Answer, Client};
use crate::support::make::published;

const PATH: &str = "/api/v1/articles";

async fn ask(reader: &Client, accepted: &str, etag: Option<&str>) -> (u16, reqwest::header::HeaderMap, Vec<u8>) {
    ask_for(reader, PATH, accepted, etag).await
}

async fn ask_for(
    reader: &Client,
    path: &str,
    accepted: &str,
    etag: Option<&str>,
) -> (u16, reqwest::header::HeaderMap, Vec<u8>) {
    let mut request = reader.request(Method::GET, path).header("Accept-Encoding", accepted);
    if let Some(etag) = etag {
        request = request.header("If-None-Match", etag);
    }
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    (status, headers, answer.bytes().await.unwrap().to_vec())
}

/// Asks until the coding is there: it is made beside the requests.
async fn coded(reader: &Client, path: &str, accepted: &str, coding: &str) -> (String, Vec<u8>) {
    for _ in 0..1_000 {
        let (status, headers, body) = ask_for(reader, path, accepted, None).await;
        assert_eq!(status, 200);
        if headers.get("content-encoding").is_some_and(|given| given == coding) {
            assert_eq!(headers["vary"], "Accept-Encoding");
            return (headers["etag"].to_str().unwrap().to_owned(), body);
        }
    }
    panic!("{coding} is never made");
}

#[tokio::test]
async fn an_answer_is_coded_as_the_caller_likes() {
    let (_app, _, reader, _) = paper().await;
    let plain: Answer = reader.get(PATH).await.expect(200);
    assert!(plain.text.len() > 1024);
    let etag = plain.header("etag");
    let bare = etag.trim_matches('"');

    let (brotli_etag, body) = coded(&reader, PATH, "gzip, deflate, br", "br").await;
    assert_eq!(brotli_etag, format!("\"{bare}-br\""));
    let mut text = Vec::new();
    brotli::BrotliDecompress(&mut &*body, &mut text).unwrap();
    assert_eq!(text, plain.text.as_bytes());

    let (gzip_etag, body) = coded(&reader, PATH, "gzip", "gzip").await;
    assert_eq!(gzip_etag, format!("\"{bare}-gzip\""));
    let mut text = String::new();
    flate2::read::GzDecoder::new(&*body).read_to_string(&mut text).unwrap();
    assert_eq!(text, plain.text);

    // What is kept in a coding that the caller does not take, as shared caches have, is not what the caller would get.
    for accepted in ["br, gzip", "br", "gzip", "identity", "br;q=0, *;q=0", "zstd"] {
        let (takes_brotli, takes_gzip) = (
            accepted.starts_with("br") && !accepted.contains('*'),
            accepted.contains("gzip"),
        );
        for (etag, kept) in [
            (&etag, true),
            (&brotli_etag, takes_brotli),
            (&gzip_etag, takes_gzip),
            (&format!("W/{gzip_etag}"), takes_gzip),
        ] {
            let (status, headers, body) = ask(&reader, accepted, Some(etag)).await;
            assert_eq!(status, if kept { 304 } else { 200 }, "{accepted} {etag}");
            if kept {
                assert!(body.is_empty() && headers.get("content-encoding").is_none());
            }
        }
        assert_eq!(ask(&reader, accepted, Some("\"other-br\"")).await.0, 200);
    }
    let (_, headers, body) = ask(&reader, "identity", None).await;
    assert!(headers.get("content-encoding").is_none());
    assert_eq!(body, plain.text.as_bytes());
    assert!(is_hit(&reader.get(PATH).await));
}

#[tokio::test]
async fn there_is_room_for_both_codings_of_what_packs_badly() {
    let (_app, editor, reader, _) = paper().await;
    let mut number = 1_u64;
    let words = std::iter::repeat_with(|| {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        format!("{:06x} is", number >> 40)
    });
    let source = words.take(500).collect::<Vec<_>>().join(" ");
    let article = published(&editor, "Numbers", json!({"body": {"source": source}})).await;
    let path = format!("/api/v1/articles/{}", article.id());
    let plain = reader.get(&path).await.expect(200).text.len();
    let (_, brotli) = coded(&reader, &path, "br", "br").await;
    let (_, gzip) = coded(&reader, &path, "gzip", "gzip").await;
    assert!(brotli.len() + gzip.len() > plain * 7 / 10, "packs too well to tell");
}

#[tokio::test]
async fn odd_headers_get_right_answers() {
    let (_app, _, reader, _) = paper().await;
    let plain = reader.get(PATH).await.expect(200);
    let many = (0..1_000)
        .map(|number| format!("\"{number}\""))
        .collect::<Vec<_>>()
        .join(", ");
    assert_eq!(ask(&reader, "gzip", Some(&many)).await.0, 200);
    let many = format!("{many}, {}", plain.header("etag"));
    assert_eq!(ask(&reader, "gzip", Some(&many)).await.0, 304);
    assert_eq!(ask(&reader, "gzip", Some("*")).await.0, 304);
    // Each is read once, however long the other is.
    let coded = plain.header("etag").replace("\"", "");
    let many = format!("\"{coded}-br\",").repeat(2_000);
    let began = std::time::Instant::now();
    assert_eq!(ask(&reader, &",".repeat(50_000), Some(&many)).await.0, 200);
    assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
    let long = "br;q=0.1,".repeat(2_000);
    let (status, _, body) = ask(&reader, &long, None).await;
    assert_eq!(status, 200);
    assert!(!body.is_empty());
    let missing = reader
        .request(Method::GET, "/api/v1/articles/nobody")
        .header("If-None-Match", "*");
    assert_eq!(reader.send(missing).await.status, 404);
}

#[tokio::test]
async fn each_of_many_that_are_asked_for_at_once_is_coded() {
    let (_app, editor, reader, _) = paper().await;
    let text = "The harbour bridge reopens, and the town comes to see it. ".repeat(200);
    let mut paths = Vec::new();
    for number in 1..=8 {
        let with = json!({"slug": format!("long-{number}"), "body": {"source": text, "format": "markdown"}});
        published(&editor, &format!("Long {number}"), with).await;
        paths.push(format!("/api/v1/articles/long-{number}"));
    }
    // Twice: the second who asks has it made.
    for _ in 0..2 {
        join_all(paths.iter().map(|path| ask_for(&reader, path, "br", None))).await;
    }
    for path in &paths {
        coded(&reader, path, "br", "br").await;
    }
}
