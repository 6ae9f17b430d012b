//! What caches live by.

use reqwest::Method;

use crate::support::TestApp;
use crate::support::client::Client;
use crate::support::store::story;

const POLICY: &str = "public, max-age=0, s-maxage=10, stale-while-revalidate=10, stale-if-error=600";

/// What changes when a section, a tag or an author is called otherwise.
fn names() -> String {
    "names".to_owned()
}

async fn conditional(reader: &Client, method: Method, path: &str, etags: &str) -> u16 {
    let request = reader.request(method, path).header("If-None-Match", etags);
    let answer = reader.send(request).await;
    if answer.status == 304 {
        assert!(answer.text.is_empty());
        for kept in ["etag", "cache-control", "vary", "cache-tag"] {
            assert!(!answer.header(kept).is_empty(), "304 without {kept}");
        }
    }
    answer.status
}

#[tokio::test]
async fn every_read_can_be_cached_and_asked_about_again() {
    let app = TestApp::start().await;
    let reader = app.anonymous();
    let world = app.section("world", None).await;
    let asia = app.section("asia", Some("world")).await;
    let beside = app.publish(story("beside")).await;
    let id = app
        .publish(
            story("cached")
                .section("asia")
                .tags(&["a"])
                .authors(&["ana"])
                .with(|row| row.related = vec![beside]),
        )
        .await;
    let article = reader.get("/api/v1/articles/cached").await.expect(200);
    let (tag, author) = (article.text_at("/tags/0/id"), article.text_at("/authors/0/id"));
    for (path, tags) in [
        (
            "/api/v1/articles/cached",
            vec![
                format!("article:{id}"),
                format!("article:{beside}"),
                format!("section:{world}"),
                format!("section:{asia}"),
                format!("tag:{tag}"),
                format!("author:{author}"),
                names(),
            ],
        ),
        (
            "/api/v1/articles",
            vec![
                "articles".to_owned(),
                format!("article:{id}"),
                format!("article:{beside}"),
                names(),
            ],
        ),
        (
            "/api/v1/articles?tag=a",
            vec![format!("tag:{tag}"), format!("article:{id}"), names()],
        ),
        (
            "/api/v1/articles?section=world",
            vec![format!("section:{world}"), format!("article:{id}"), names()],
        ),
        (
            "/api/v1/articles?author=ana",
            vec![format!("author:{author}"), format!("article:{id}"), names()],
        ),
        (
            "/api/v1/articles?slugs=cached",
            vec!["articles".to_owned(), format!("article:{id}"), names()],
        ),
        ("/api/v1/articles?tag=nothing", vec!["slug:nothing".to_owned()]),
        (
            "/api/v1/articles/cached/related",
            vec![format!("article:{id}"), format!("article:{beside}"), names()],
        ),
    ] {
        let answer = reader.get(path).await.expect(200);
        assert_eq!(answer.header("cache-control"), POLICY, "{path}");
        assert_eq!(answer.header("vary"), "Accept-Encoding", "{path}");
        let sorted = |mut tags: Vec<String>| {
            tags.sort_unstable();
            tags
        };
        let given = answer.header("cache-tag").split(',').map(str::to_owned).collect();
        assert_eq!(sorted(given), sorted(tags), "{path}");
        if !path.ends_with("nothing") {
            assert_eq!(
                answer.header("last-modified"),
                "Mon, 01 Jun 2026 09:00:00 GMT",
                "{path}"
            );
        }
        let etag = answer.header("etag");
        assert!(
            etag.starts_with('"') && etag.ends_with('"') && etag.len() > 20,
            "{etag}"
        );

        for method in [Method::GET, Method::HEAD] {
            for same in [
                etag.clone(),
                format!("\"other\", {etag}"),
                format!("W/{etag}"),
                "*".to_owned(),
            ] {
                assert_eq!(
                    conditional(&reader, method.clone(), path, &same).await,
                    304,
                    "{method} {path} {same}"
                );
            }
            for other in ["\"other\"", "", "x"] {
                assert_eq!(
                    conditional(&reader, method.clone(), path, other).await,
                    200,
                    "{method} {path} {other}"
                );
            }
        }
        let head = reader.send(reader.request(Method::HEAD, path)).await;
        assert_eq!(head.status, 200);
        assert!(head.text.is_empty());
        for same in ["etag", "content-type", "cache-control", "cache-tag"] {
            assert_eq!(head.header(same), answer.header(same), "{path} {same}");
        }
        assert_eq!(head.header("content-length"), answer.text.len().to_string(), "{path}");
        let later = reader
            .request(Method::GET, path)
            .header("If-Modified-Since", "Fri, 01 Jan 2038 00:00:00 GMT");
        assert_eq!(reader.send(later).await.status, 200, "an ETag decides, not a date");
    }
}

#[tokio::test]
async fn an_answer_changes_its_etag_when_it_changes() {
    let app = TestApp::start().await;
    let reader = app.anonymous();
    let first = story("changing");
    app.publish(first.clone()).await;
    let before = reader.get("/api/v1/articles/changing").await.expect(200).header("etag");
    assert_eq!(
        reader.get("/api/v1/articles/changing").await.expect(200).header("etag"),
        before
    );
    app.publish(first.with(|row| row.title = "Changed".to_owned())).await;
    let after = reader.get("/api/v1/articles/changing").await.expect(200);
    assert_eq!(after.text_at("/title"), "Changed");
    assert_ne!(after.header("etag"), before);
}

#[tokio::test]
async fn no_credential_is_read() {
    let app = TestApp::start().await;
    app.publish(story("public")).await;
    let plain = app.anonymous().get("/api/v1/articles").await.expect(200);
    for token in ["garbage", "", "mhk_x_y", "eyJhbGciOiJub25lIn0.e30."] {
        for path in ["/api/v1/articles", "/api/v1/articles/public", "/api/v1/sections"] {
            app.bearer(token).get(path).await.expect(200);
        }
        assert_eq!(
            app.bearer(token).get("/api/v1/articles").await.header("etag"),
            plain.header("etag")
        );
    }
    let editor = app.editor().await.get("/api/v1/articles").await.expect(200);
    assert_eq!(editor.header("etag"), plain.header("etag"));
}

#[tokio::test]
async fn a_long_list_keeps_its_tags_short() {
    let app = TestApp::start().await;
    for number in 0..100 {
        let tag = format!("tag-{number}").leak();
        app.publish(story(&format!("story-{number}")).tags(&["a", tag])).await;
    }
    for (path, kind) in [
        ("/api/v1/articles?limit=100&tag=a", "articles"),
        ("/api/v1/tags?limit=100", "tags"),
    ] {
        let list = app.anonymous().get(path).await.expect(200);
        let tags = list.header("cache-tag");
        assert!(tags.len() <= 4096, "{} bytes", tags.len());
        assert!(
            tags.split(',').any(|tag| tag == kind) && tags.contains("tag:"),
            "{tags}"
        );
    }
}
