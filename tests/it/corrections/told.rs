//! What readers are told of corrections, and that the log remembers it.

use chrono::TimeDelta;
use serde_json::json;

use super::{WRONG, at, correct, note};
use crate::support::{TestApp, make};

#[tokio::test]
async fn the_transparency_page_lists_them_newest_first() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let first = make::published(&editor, "First", json!({"slug": "first"})).await;
    let second = make::published(&editor, "Second", json!({"slug": "second"})).await;
    let notes = [
        (&first, "correction", "One."),
        (&second, "update", "Two."),
        (&first, "clarification", "Three."),
        (&second, "retraction", "Four."),
    ];
    for (article, kind, text) in notes {
        app.clock.advance(TimeDelta::hours(1));
        correct(&editor, article, json!({"kind": kind, "text": text}))
            .await
            .expect(201);
    }
    let mut texts = Vec::new();
    let mut address = "/api/v1/corrections?limit=3".to_owned();
    loop {
        let page = reader.get(&address).await.expect(200);
        texts.extend(page.column("text"));
        match page.at("/page/next_cursor").as_str() {
            Some(cursor) => address = format!("/api/v1/corrections?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(texts, ["Four.", "Three.", "Two.", "One."]);
    let page = reader.get("/api/v1/corrections").await.expect(200);
    for (pointer, value) in [
        ("/data/0/kind", "retraction"),
        ("/data/0/article/slug", "second"),
        ("/data/0/article/title", "Second"),
        ("/data/0/article/path", "/world/second"),
    ] {
        assert_eq!(page.text_at(pointer), value, "{pointer}");
    }
    assert!(page.header("cache-tag").contains(&format!("article:{}", first.id())));
    assert!(page.header("cache-tag").contains("articles"));
    for (query, expected) in [
        ("kind=update", vec!["Two."]),
        ("published_after=2026-06-01T12:00:00Z", vec!["Four.", "Three."]),
        ("published_before=2026-06-01T11:00:00Z", vec!["One."]),
    ] {
        let found = reader.get(&format!("/api/v1/corrections?{query}")).await.expect(200);
        assert_eq!(found.column("text"), expected, "{query}");
    }
    for wrong in [
        "kind=error",
        "limit=101",
        "cursor=x",
        "since=1",
        "published_after=monday",
    ] {
        assert_eq!(
            reader.get(&format!("/api/v1/corrections?{wrong}")).await.status,
            400,
            "{wrong}"
        );
    }
    let of_one = reader.get("/api/v1/articles/first/corrections").await.expect(200);
    assert_eq!(of_one.column("text"), ["One.", "Three."]);
    assert_eq!(
        editor.get(&format!("{}/corrections", at(&first))).await.column("text"),
        ["One.", "Three."]
    );

    // What is withdrawn is told of nowhere, and comes back with the article.
    let unpublish = format!("{}/unpublish", at(&second));
    editor.act(&unpublish, json!({})).await.expect(200);
    assert_eq!(
        reader.get("/api/v1/corrections").await.column("text"),
        ["Three.", "One."]
    );
    reader
        .get("/api/v1/articles/second/corrections")
        .await
        .problem(404, "not_found");
    assert_eq!(
        editor.get(&format!("{}/corrections", at(&second))).await.column("text"),
        ["Two.", "Four."]
    );
    let publish = format!("{}/publish", at(&second));
    editor.act(&publish, json!({})).await.expect(200);
    assert_eq!(
        reader.get("/api/v1/articles/second").await.at("/correction_count"),
        &json!(2)
    );
    editor.patch(&at(&first), json!({"slug": "renamed"})).await.expect(200);
    editor
        .act(&format!("{}/publish", at(&first)), json!({}))
        .await
        .expect(200);
    let moved = reader.get("/api/v1/articles/first/corrections").await.expect(301);
    assert_eq!(
        moved.header("location"),
        format!("/api/v1/articles/{}/corrections", first.id())
    );
}

#[tokio::test]
async fn they_are_reworded_and_taken_back_and_the_log_remembers() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let made = make::published(&editor, "Story", json!({"slug": "story"})).await;
    app.clock.advance(TimeDelta::hours(1));
    let corrected = correct(&editor, &made, note()).await.expect(201);
    let one = format!("{}/corrections/{}", at(&made), corrected.id());
    app.clock.advance(TimeDelta::hours(1));
    let reworded = editor
        .patch(&one, json!({"kind": "update", "text": "Better words."}))
        .await
        .expect(200);
    assert_eq!(reworded.text_at("/published_at"), "2026-06-01T10:00:00Z");
    let etag = reworded.header("etag");
    assert_eq!(etag, "\"v4\"");
    let same = editor.patch(&one, json!({"text": "Better words."})).await.expect(200);
    assert_eq!(same.header("etag"), etag, "nothing changed");
    let shown = reader.get("/api/v1/articles/story").await.expect(200);
    assert_eq!(shown.text_at("/corrections/0/text"), "Better words.");
    assert_eq!(shown.text_at("/content_updated_at"), "2026-06-01T11:00:00Z");
    app.clock.advance(TimeDelta::hours(1));
    editor.delete(&one).await.expect(204);
    let shown = reader.get("/api/v1/articles/story").await.expect(200);
    assert_eq!(
        (shown.at("/corrections"), shown.at("/correction_count")),
        (&json!([]), &json!(0))
    );
    assert_eq!(shown.text_at("/content_updated_at"), "2026-06-01T12:00:00Z");
    editor.delete(&one).await.problem(404, "not_found");

    let as_of = format!("{}/published?as_of=", at(&made));
    for (when, told) in [
        ("2026-06-01T09:30:00Z", json!([])),
        ("2026-06-01T10:30:00Z", json!(WRONG)),
        ("2026-06-01T11:30:00Z", json!("Better words.")),
        ("2026-06-01T12:30:00Z", json!([])),
    ] {
        let had = editor.get(&format!("{as_of}{when}")).await.expect(200);
        let texts = had.at("/corrections").as_array().unwrap();
        let told = told.as_str().map(|text| vec![text]).unwrap_or_default();
        assert_eq!(
            texts
                .iter()
                .map(|note| note["text"].as_str().unwrap())
                .collect::<Vec<_>>(),
            told,
            "{when}"
        );
    }
    // Publishing again changes nothing about them.
    correct(&editor, &made, note()).await.expect(201);
    editor
        .patch(&at(&made), json!({"title": "Story again"}))
        .await
        .expect(200);
    editor
        .act(&format!("{}/publish", at(&made)), json!({}))
        .await
        .expect(200);
    let now = editor.get(&format!("{}/published", at(&made))).await.expect(200);
    assert_eq!(
        (now.text_at("/content/title"), now.text_at("/corrections/0/text")),
        ("Story again".to_owned(), WRONG.to_owned())
    );
    let admin = app.admin().await;
    let audit = admin
        .get(&format!("/api/v1/desk/audit?subject_id={}&limit=100", made.id()))
        .await
        .expect(200);
    let actions = audit.column("action");
    for action in ["correct_article", "update_correction", "delete_correction"] {
        assert!(actions.contains(&action.to_owned()), "{action} in {actions:?}");
    }
}
