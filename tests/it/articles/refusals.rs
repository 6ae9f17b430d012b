//! What a body may not hold.

use serde_json::json;

use super::{DESK, at, codes, draft};
use crate::support::TestApp;

#[tokio::test]
async fn every_limit_is_kept() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let long = |length: usize| "x".repeat(length);
    let list = |length: usize| vec![json!("a-slug"); length];
    for (pointer, body) in [
        ("/title", json!({"title": long(301)})),
        ("/title", json!({"title": " "})),
        ("/title", json!({"title": "two\nlines"})),
        ("/title", json!({"title": "nul\u{0}"})),
        ("/title", json!({"title": "bell\u{7}"})),
        ("/title", json!({"title": "over\u{202e}ride"})),
        ("/kicker", json!({"title": "T", "kicker": long(61)})),
        ("/kicker", json!({"title": "T", "kicker": "\u{2066}x"})),
        ("/standfirst", json!({"title": "T", "standfirst": long(1001)})),
        ("/dateline", json!({"title": "T", "dateline": long(121)})),
        ("/slug", json!({"title": "T", "slug": long(121)})),
        ("/language", json!({"title": "T", "language": "english"})),
        ("/language", json!({"title": "T", "language": "e\u{0}"})),
        ("/body/source", json!({"title": "T", "body": {"source": long(500_001)}})),
        ("/body/source", json!({"title": "T", "body": {"source": "a\u{0}b"}})),
        ("/body/format", json!({"title": "T", "body": {"format": "word"}})),
        ("/tags", json!({"title": "T", "tags": list(51)})),
        ("/authors", json!({"title": "T", "authors": list(21)})),
        ("/related", json!({"title": "T", "related": list(21)})),
        (
            "/sources",
            json!({"title": "T", "sources": vec![json!({"name": "N"}); 51]}),
        ),
        (
            "/sources/0/name",
            json!({"title": "T", "sources": [{"name": long(201)}]}),
        ),
        ("/sources/0/name", json!({"title": "T", "sources": [{}]})),
        (
            "/sources/1/url",
            json!({"title": "T", "sources": [{"name": "N"}, {"name": "N", "url": "javascript:x"}]}),
        ),
        (
            "/sources/0/note",
            json!({"title": "T", "sources": [{"name": "N", "note": long(1001)}]}),
        ),
        ("/seo/title", json!({"title": "T", "seo": {"title": long(201)}})),
        (
            "/seo/description",
            json!({"title": "T", "seo": {"description": long(501)}}),
        ),
        (
            "/seo/canonical_url",
            json!({"title": "T", "seo": {"canonical_url": "nowhere"}}),
        ),
        (
            "/hero/url",
            json!({"title": "T", "hero": {"url": "http://images.example.org/a.jpg"}}),
        ),
        (
            "/hero/focal_point/x",
            json!({"title": "T", "hero": {"url": "https://i.example.org/a", "focal_point": {"x": 2, "y": 0}}}),
        ),
        ("/breaking_until", json!({"title": "T", "breaking_until": "tomorrow"})),
        (
            "/breaking_until",
            json!({"title": "T", "breaking_until": "+10000-01-01T00:00:00Z"}),
        ),
        ("/featured", json!({"title": "T", "featured": "yes"})),
        ("/comments_policy", json!({"title": "T", "comments_policy": "maybe"})),
        ("/assignee", json!({"title": "T", "assignee": "me"})),
        ("/note", json!({"title": "T", "note": long(501)})),
        ("/title", json!({})),
        ("/title", json!({"title": 7})),
        ("/status", json!({"title": "T", "status": "published"})),
        (
            "/id",
            json!({"title": "T", "id": "550e8400-e29b-41d4-a716-446655440000"}),
        ),
        ("/body/html", json!({"title": "T", "body": {"html": "<p>x</p>"}})),
        ("/nonsense", json!({"title": "T", "nonsense": 1})),
    ] {
        let refused = editor.post(DESK, body).await;
        assert_eq!(refused.problem(422, "validation_failed"), [pointer], "{}", refused.text);
    }
    let kept = json!({
        "title": long(300), "kicker": long(60), "standfirst": long(1000), "dateline": long(120), "note": long(500),
        "body": {"source": long(500_000)},
    });
    editor.post(DESK, kept).await.expect(201);
    assert_eq!(
        editor.get(DESK).await.column("kicker").len(),
        1,
        "a refused article is not written"
    );
    let several = editor
        .post(DESK, json!({"title": "", "kicker": long(61), "note": "\u{1}"}))
        .await;
    assert_eq!(
        several.problem(422, "validation_failed"),
        ["/title", "/kicker", "/note"]
    );
}

#[tokio::test]
async fn unknown_references_are_named_all_at_once() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    editor
        .post("/api/v1/desk/sections", json!({"name": "World"}))
        .await
        .expect(201);
    let own = draft(&editor, "Own").await;
    let wrong = json!({"section": "worlds", "tags": ["nope", "nul\u{0}"], "authors": ["nobody"], "related": ["own", "none", "\u{0}"]});
    let refused = editor.patch(&at(&own), wrong).await;
    let pointers = refused.problem(422, "validation_failed");
    assert_eq!(
        pointers,
        [
            "/section",
            "/tags/0",
            "/tags/1",
            "/authors/0",
            "/related/0",
            "/related/1",
            "/related/2"
        ]
    );
    assert!(codes(&refused).iter().all(|(_, code)| code == "unknown_reference"));
    assert_eq!(refused.at("/errors/0/allowed"), &json!(["world"]));
    let texts_too =
        json!({"title": "", "slug": "A B", "seo": {"canonical_url": "x"}, "section": "worlds", "tags": ["nope"]});
    let expected = ["/title", "/slug", "/seo/canonical_url", "/section", "/tags/0"];
    for refused in [
        editor.post(DESK, texts_too.clone()).await,
        editor.patch(&at(&own), texts_too).await,
    ] {
        assert_eq!(refused.problem(422, "validation_failed"), expected, "all at once");
    }
    assert_eq!(editor.get(&at(&own)).await.at("/version"), &json!(1));
}
