//! The slugs of articles: unique on the desk, and for good before readers.

use serde_json::json;

use super::{DESK, at, codes, draft, publish, readers_have, ready, slugs};
use crate::support::TestApp;
use crate::support::client::Answer;

#[tokio::test]
async fn slugs_are_unique_and_numbered() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let mut slugs = Vec::new();
    for _ in 0..3 {
        slugs.push(draft(&editor, "Weather").await.text_at("/slug"));
    }
    assert_eq!(slugs, ["weather", "weather-2", "weather-3"]);
    assert_eq!(draft(&editor, "🎉🎉").await.text_at("/slug"), "article");
    let taken = editor.post(DESK, json!({"title": "X", "slug": "Weather-2"})).await;
    assert_eq!(taken.problem(409, "slug_taken"), ["/slug"]);
    let mine = editor
        .post(DESK, json!({"title": "X", "slug": "wetter-über-köln"}))
        .await
        .expect(201);
    assert_eq!(mine.text_at("/slug"), "wetter-über-köln");
    let taken = editor.patch(&at(&mine), json!({"slug": "weather"})).await;
    assert_eq!(taken.problem(409, "slug_taken"), ["/slug"]);
    let same = editor
        .patch(&at(&mine), json!({"slug": "wetter-über-köln"}))
        .await
        .expect(200);
    assert_eq!(same.at("/version"), &json!(1));
    let renamed = editor.patch(&at(&mine), json!({"slug": "cologne"})).await.expect(200);
    assert_eq!(renamed.text_at("/slug"), "cologne");
    for (wrong, code) in [
        ("two words", "invalid_slug"),
        ("-a", "invalid_slug"),
        (" ", "blank"),
        ("a\0b", "invalid_slug"),
        ("550e8400-e29b-41d4-a716-446655440000", "looks_like_id"),
    ] {
        let refused = editor.post(DESK, json!({"title": "X", "slug": wrong})).await;
        refused.problem(422, "validation_failed");
        assert_eq!(codes(&refused), [("/slug".to_owned(), code.to_owned())], "{wrong:?}");
    }
}

#[tokio::test]
async fn creates_at_once_never_share_a_slug() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = futures_util::future::join_all((0..8).map(|_| draft(&editor, "Breaking news"))).await;
    let mut slugs: Vec<String> = made.iter().map(|article| article.text_at("/slug")).collect();
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), 8);
    let given = (0..6).map(|_| editor.post(DESK, json!({"title": "X", "slug": "one-only"})));
    let mut statuses: Vec<u16> = futures_util::future::join_all(given)
        .await
        .iter()
        .map(|made| made.status)
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn a_slug_belongs_for_good() {
    let app = TestApp::start().await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let made = ready(&editor, "X").await;
    let path = at(&made);
    publish(&editor, &made).await.expect(200);
    let live = async || readers_have(&app, &made).await.map(|(_, slug, _)| slug);
    editor.patch(&path, json!({"slug": "y"})).await.expect(200);
    assert_eq!(live().await.as_deref(), Some("x"), "until it is published");
    publish(&editor, &made).await.expect(200);
    assert_eq!(live().await.as_deref(), Some("y"));
    let mine = |slug: &str| (slug.to_owned(), true);
    assert_eq!(slugs(&app).await, [mine("x"), mine("y")]);

    assert_eq!(draft(&editor, "X").await.text_at("/slug"), "x-2");
    let taken = editor.post(DESK, json!({"title": "Other", "slug": "x"})).await;
    assert_eq!(taken.problem(409, "slug_taken"), ["/slug"]);
    editor.patch(&path, json!({"slug": "x"})).await.expect(200);
    publish(&editor, &made).await.expect(200);
    assert_eq!(live().await.as_deref(), Some("x"));
    assert_eq!(slugs(&app).await, [mine("x"), mine("y")]);

    editor.act(&format!("{path}/unpublish"), json!({})).await.expect(200);
    editor.delete(&path).await.expect(204);
    admin.delete(&format!("{path}?purge=true")).await.expect(204);
    assert_eq!(slugs(&app).await, [("x".to_owned(), false), ("y".to_owned(), false)]);
    assert_eq!(
        draft(&editor, "Y").await.text_at("/slug"),
        "y-2",
        "the slug of a purged article leads nowhere, for good"
    );
}

#[tokio::test]
async fn of_two_that_publish_one_slug_one_wins() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (one, two) = (ready(&editor, "One").await, ready(&editor, "Two").await);
    // Their heads have slugs of their own; older revisions of both are called the same.
    editor.patch(&at(&one), json!({"slug": "shared"})).await.expect(200);
    editor.patch(&at(&one), json!({"slug": "one-again"})).await.expect(200);
    editor.patch(&at(&two), json!({"slug": "shared"})).await.expect(200);
    let verbs = [&one, &two].map(|article| format!("{}/publish", at(article)));
    let second = json!({"revision": 2});
    let (first, second) = tokio::join!(editor.act(&verbs[0], second.clone()), editor.act(&verbs[1], second));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let loser = if first.status == 409 { first } else { second };
    assert_eq!(loser.problem(409, "slug_taken"), ["/slug"]);
    assert_eq!(slugs(&app).await, [("shared".to_owned(), true)]);
}

/// A cache keeps answers of different moments for a while: whichever it mixes, a reader arrives.
#[tokio::test]
async fn a_slug_that_comes_back_leads_in_no_circle() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let made = ready(&editor, "X").await;
    publish(&editor, &made).await.expect(200);
    let mut kept: Vec<(&str, Answer)> = Vec::new();
    for slug in ["y", "x", "y", "x"] {
        editor.patch(&at(&made), json!({"slug": slug})).await.expect(200);
        publish(&editor, &made).await.expect(200);
        for asked in ["x", "y"] {
            kept.push((asked, reader.get(&format!("/api/v1/articles/{asked}")).await));
        }
    }
    let moved: Vec<_> = kept.iter().filter(|(_, answer)| answer.status == 301).collect();
    assert_eq!(moved.len(), 4);
    for (asked, answer) in moved {
        let location = answer.header("location");
        // What it leads to is not redirected, now or at any other moment.
        assert!(
            !kept.iter().any(|(slug, _)| location.ends_with(&format!("/{slug}"))),
            "{asked} to {location}"
        );
        assert_eq!(reader.get(&location).await.expect(200).text_at("/slug"), "x");
        let tags = format!("article:{},slug:{asked},names", made.id());
        assert_eq!(answer.header("cache-tag"), tags);
    }
}

/// Of ten articles that go out under one slug at the same moment, one gets it.
#[tokio::test]
async fn of_ten_that_publish_one_slug_one_wins() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let mut articles = Vec::new();
    for number in 0..10 {
        let made = ready(&editor, &format!("Number {number}")).await;
        for slug in ["wanted".to_owned(), format!("own-{number}")] {
            editor.patch(&at(&made), json!({"slug": slug})).await.expect(200);
        }
        articles.push(format!("{}/publish", at(&made)));
    }
    let publish = articles.iter().map(|path| editor.act(path, json!({"revision": 2})));
    let answers = futures_util::future::join_all(publish).await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1);
    for refused in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(refused.problem(409, "slug_taken"), ["/slug"]);
    }
    assert_eq!(slugs(&app).await, [("wanted".to_owned(), true)]);
}
