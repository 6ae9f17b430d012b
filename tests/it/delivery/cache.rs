//! The cache of delivery's answers: what is kept, what is dropped, and that nobody is served what is no longer true.

mod away;
mod bounds;
mod codings;
mod former;
mod lists;
mod nodes;
mod raced;
mod told;

use serde_json::{Value, json};

use crate::support::client::{Answer, Client};
use crate::support::make::published;
use crate::support::{TestApp, until};

/// Whether it was kept. (On a machine so busy that the server could not listen for a second it is asked for anew.)
fn is_hit(answer: &Answer) -> bool {
    ["masthead; hit", "masthead; fwd=stale"].contains(&answer.header("cache-status").as_str())
}

/// Asks until it is kept.
async fn keep(reader: &Client, path: &str) -> Answer {
    let mut kept = reader.get(path).await;
    until(async || {
        kept = reader.get(path).await;
        is_hit(&kept)
    })
    .await;
    kept
}

/// Every kind of answer that shows the article `story`, about `harbour` by `ana` in `world`.
const SHOWING: &[&str] = &[
    "/api/v1/articles/story",
    "/api/v1/articles/story?formats=parts,text",
    "/api/v1/articles",
    "/api/v1/articles?tag=harbour",
    "/api/v1/articles?section=world",
    "/api/v1/articles?author=ana",
    "/api/v1/articles?slugs=story",
    "/api/v1/sections?latest=5",
    "/api/v1/sections/world?latest=5",
];

/// A paper with that article, and another one that has nothing to do with it.
async fn paper() -> (TestApp, Client, Client, Answer) {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    for (kind, body) in [
        ("sections", json!({"name": "World"})),
        ("sections", json!({"name": "Sport"})),
        ("tags", json!({"name": "Harbour"})),
        ("tags", json!({"name": "Rowing"})),
        ("authors", json!({"name": "Ana"})),
        ("authors", json!({"name": "Jo"})),
    ] {
        editor.post(&format!("/api/v1/desk/{kind}"), body).await.expect(201);
    }
    let other = json!({"section": "sport", "tags": ["rowing"], "authors": ["jo"]});
    published(&editor, "Other", other).await;
    let with = json!({"section": "world", "tags": ["harbour"], "authors": ["ana"]});
    let story = published(&editor, "Story", with).await;
    (app, editor, reader, story)
}

#[tokio::test]
async fn an_answer_is_kept_until_what_it_shows_changes() {
    let (_app, editor, reader, story) = paper().await;
    let at = format!("/api/v1/desk/articles/{}", story.id());
    let beside = [
        "/api/v1/articles/other",
        "/api/v1/articles?tag=rowing",
        "/api/v1/articles?section=sport",
        "/api/v1/sections/sport?latest=5",
        "/api/v1/tags/rowing",
        "/api/v1/authors/jo",
        "/api/v1/site",
    ];
    for path in beside.iter().chain(SHOWING) {
        keep(&reader, path).await;
    }
    editor.patch(&at, json!({"title": "Story, changed"})).await.expect(200);
    for path in SHOWING {
        assert!(is_hit(&reader.get(path).await), "{path}: a draft is nobody's news");
    }
    editor.act(&format!("{at}/publish"), json!({})).await.expect(200);
    for path in SHOWING {
        let now = reader.get(path).await.expect(200);
        assert!(!is_hit(&now), "{path}");
        assert!(now.text.contains("Story, changed"), "{path}");
    }
    for path in beside {
        assert!(is_hit(&reader.get(path).await), "{path} shows nothing of it");
    }
}

/// What an editor does, what readers ask before and after it, and what they are shown then.
#[tokio::test]
async fn whoever_made_a_change_is_answered_when_nobody_sees_what_was_before() {
    let (_app, editor, reader, story) = paper().await;
    let admin = _app.admin().await;
    let at = format!("/api/v1/desk/articles/{}", story.id());
    let id_of = async |kind: &str, slug: &str| {
        let list = editor.get(&format!("/api/v1/desk/{kind}?q={slug}")).await.expect(200);
        list.text_at("/data/0/id")
    };
    let section = format!("/api/v1/desk/sections/{}", id_of("sections", "world").await);
    let tag = format!("/api/v1/desk/tags/{}", id_of("tags", "harbour").await);
    let author = format!("/api/v1/desk/authors/{}", id_of("authors", "ana").await);
    let shows = async |paths: &[&str], text: &str| {
        for path in paths {
            let shown = reader.get(path).await.expect(200);
            assert!(shown.text.contains(text), "{path} without {text}: {}", shown.text);
            keep(&reader, path).await;
        }
    };
    for path in SHOWING {
        keep(&reader, path).await;
    }
    admin.patch(&section, json!({"name": "The World"})).await.expect(200);
    shows(SHOWING, "The World").await;
    editor.patch(&tag, json!({"name": "Harbours"})).await.expect(200);
    shows(SHOWING, "Harbours").await;
    editor.patch(&author, json!({"name": "Ana Lima"})).await.expect(200);
    shows(SHOWING, "Ana Lima").await;
    editor.patch(&at, json!({"featured": true})).await.expect(200);
    shows(SHOWING, "\"featured\":true").await;
    let note = json!({"kind": "correction", "text": "It was wrong.", "patch": {"title": "Corrected"}});
    editor.act(&format!("{at}/corrections"), note).await.expect(201);
    shows(SHOWING, "Corrected").await;
    admin
        .patch("/api/v1/desk/site", json!({"timezone": "Asia/Karachi"}))
        .await
        .expect(200);
    shows(&["/api/v1/site"], "Asia/Karachi").await;

    keep(&reader, "/api/v1/articles/renamed")
        .await
        .problem(404, "not_found");
    editor.patch(&at, json!({"slug": "renamed"})).await.expect(200);
    editor.act(&format!("{at}/publish"), json!({})).await.expect(200);
    reader.get("/api/v1/articles/renamed").await.expect(200);
    keep(&reader, "/api/v1/articles/story").await.expect(301);
    let killing = json!({"reason": "Untrue.", "notice": "We took this down."});
    editor.act(&format!("{at}/kill"), killing).await.expect(200);
    for slug in ["story", "renamed", &story.id()] {
        let path = format!("/api/v1/articles/{slug}");
        reader.get(&path).await.problem(410, "gone");
        keep(&reader, &path).await.problem(410, "gone");
    }
    for path in [
        "/api/v1/articles",
        "/api/v1/articles?tag=harbour",
        "/api/v1/sections?latest=5",
    ] {
        assert!(!reader.get(path).await.expect(200).text.contains("Corrected"), "{path}");
    }
    reader.get("/api/v1/tags/harbour").await.problem(404, "not_found");
    editor.act(&format!("{at}/reinstate"), json!({})).await.expect(200);
    for path in ["/api/v1/articles/story", "/api/v1/articles/renamed"] {
        keep(&reader, path).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn what_stands_beside_an_article_appears_when_it_is_published() {
    let (_app, editor, reader, story) = paper().await;
    let with = json!({"section": "world", "related": [story.id()]});
    let beside = published(&editor, "Beside", with).await;
    let at = format!("/api/v1/desk/articles/{}", story.id());
    let paths = ["/api/v1/articles/beside", "/api/v1/articles/beside/related"];
    let related = async |path: &str| reader.get(path).await.expect(200).text.contains(&story.id());
    assert!(related(paths[0]).await && related(paths[1]).await);
    editor.act(&format!("{at}/unpublish"), json!({})).await.expect(200);
    for path in paths {
        let kept = keep(&reader, path).await;
        assert!(!kept.text.contains(&story.id()));
        assert!(!kept.header("cache-tag").contains(&story.id()), "nobody knows of it");
    }
    editor.act(&format!("{at}/publish"), json!({})).await.expect(200);
    assert!(related(paths[0]).await && related(paths[1]).await);
    assert_eq!(beside.text_at("/status"), "published");
}

#[tokio::test]
async fn comments_are_dropped_at_once_and_counts_a_second_later_at_most() {
    let (app, editor, reader, story) = paper().await;
    let list = "/api/v1/articles/story/comments";
    keep(&reader, list).await;
    keep(&reader, "/api/v1/articles/story").await;
    let comment = json!({"author_name": "Mara", "body": "At last!"});
    let posted = reader.post(list, comment).await.expect(201);
    assert!(is_hit(&reader.get(list).await), "what waits is no news");
    let waiting = [
        format!("{list}/{}", posted.id()),
        format!("{list}/{}/replies", posted.id()),
    ];
    for path in &waiting {
        keep(&reader, path).await.problem(404, "not_found");
    }
    let approve = format!("/api/v1/desk/comments/{}/approve", posted.id());
    editor.act(&approve, json!({})).await.expect(200);
    assert!(reader.get(list).await.text.contains("At last!"));
    for path in &waiting {
        reader.get(path).await.expect(200);
    }
    // The first change of a count passes at once; the next ones within the second wait for its end.
    let count = async || reader.get("/api/v1/articles/story").await.at("/comment_count").clone();
    assert_eq!(count().await, json!(1));
    let comment = json!({"article_id": story.id(), "body": "Thank you."});
    editor.post("/api/v1/desk/comments", comment).await.expect(201);
    assert!(reader.get(list).await.text.contains("Thank you."));
    until(async || count().await == json!(2)).await;
    app.told().await;
}

#[tokio::test]
async fn what_time_changes_is_over_in_time() {
    let (app, editor, reader, story) = paper().await;
    let at = format!("/api/v1/desk/articles/{}", story.id());
    let until = "2026-06-01T09:30:00Z";
    editor.patch(&at, json!({"breaking_until": until})).await.expect(200);
    let lists = [
        "/api/v1/articles/story",
        "/api/v1/articles",
        "/api/v1/articles?breaking=true",
    ];
    for path in lists {
        assert!(keep(&reader, path).await.text.contains("\"breaking\":true"), "{path}");
    }
    let calm = "/api/v1/articles?breaking=false";
    assert!(!keep(&reader, calm).await.text.contains(&story.id()));
    app.clock.advance(chrono::TimeDelta::minutes(30));
    for path in lists {
        assert!(!reader.get(path).await.text.contains("\"breaking\":true"), "{path}");
    }
    assert!(reader.get(calm).await.text.contains(&story.id()));
}

#[tokio::test]
async fn equal_questions_share_an_answer() {
    let (_app, _, reader, _) = paper().await;
    for (first, then) in [
        (
            "/api/v1/articles",
            "/api/v1/articles?limit=20&with_total=false&sort=-published_at",
        ),
        (
            "/api/v1/articles?tag=harbour,rowing",
            "/api/v1/articles?tag=rowing&tag=harbour",
        ),
        (
            "/api/v1/articles/story/comments",
            "/api/v1/articles/story/comments?sort=newest",
        ),
        ("/api/v1/tags", "/api/v1/tags?sort=name"),
        ("/api/v1/sections", "/api/v1/sections?latest=0"),
        ("/api/v1/corrections", "/api/v1/corrections?limit=20"),
    ] {
        let one = keep(&reader, first).await;
        let other = reader.get(then).await.expect(200);
        assert!(is_hit(&other), "{then}");
        assert_eq!(one.json, other.json, "{then}");
    }
    // What is refused stays refused, whatever is kept.
    for wrong in [
        "/api/v1/articles?sort=newest",
        "/api/v1/articles?slugs=story&limit=20",
        "/api/v1/sections?limit=20",
        "/api/v1/site?latest=0",
        "/api/v1/articles?limit=20&limit=20",
    ] {
        assert_eq!(reader.get(wrong).await.status, 400, "{wrong}");
        assert_eq!(reader.get(wrong).await.header("cache-control"), "no-store", "{wrong}");
    }
}

/// What `GET /previews` and a comment's statement answer is nobody else's.
#[tokio::test]
async fn what_is_private_is_not_kept() {
    let (_app, editor, reader, story) = paper().await;
    let at = format!("/api/v1/desk/articles/{}/preview-tokens", story.id());
    let link = editor.post(&at, json!({"expires_in": 600})).await.expect(201);
    let path = format!("/api/v1/previews/{}", link.text_at("/token"));
    for _ in 0..2 {
        let shown = reader.get(&path).await.expect(200);
        assert_eq!(shown.header("cache-control"), "private, no-store");
        assert_eq!(shown.header("cache-status"), "");
    }
    editor.delete(&format!("{at}/{}", link.id())).await;
    let missing: Value = reader.get("/api/v1/previews/mhp_none").await.json;
    assert_eq!(missing["status"], 404);
}
