//! Corrections: what was wrong is told and mended for readers, and nothing else goes out with it.

mod refused;
mod told;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::client::{Answer, Client};
use crate::support::{TestApp, make};

const WRONG: &str = "An earlier version gave the wrong date.";

fn at(article: &Answer) -> String {
    format!("/api/v1/desk/articles/{}", article.id())
}

async fn correct(client: &Client, article: &Answer, new: Value) -> Answer {
    client.act(&format!("{}/corrections", at(article)), new).await
}

fn note() -> Value {
    json!({"kind": "correction", "text": WRONG})
}

/// Readers get the correction and nothing of what the desk was at; the desk gets it too, except where it was at it.
#[tokio::test]
async fn a_patch_reaches_readers_without_the_pending_edits() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let with = json!({"slug": "vote", "standfirst": "On Tuesday.", "kicker": "News"});
    let made = make::published(&editor, "The vote", with).await;
    let pending = json!({"title": "Pending title", "standfirst": "Pending standfirst."});
    editor.patch(&at(&made), pending).await.expect(200);
    app.clock.advance(TimeDelta::hours(1));

    let patch = json!({"standfirst": "On Thursday.", "body": {"source": "It is on Thursday."}, "kicker": "News"});
    let new = json!({"kind": "correction", "text": WRONG, "patch": patch});
    let corrected = correct(&editor, &made, new).await.expect(201);
    for (pointer, value) in [
        ("/kind", json!("correction")),
        ("/text", json!(WRONG)),
        ("/published_at", json!("2026-06-01T10:00:00Z")),
        ("/published_revision", json!(3)),
        ("/revision", json!(4)),
        ("/version", json!(4)),
        ("/not_applied", json!(["standfirst"])),
        ("/unpatched_revision", Value::Null),
    ] {
        assert_eq!(corrected.at(pointer), &value, "{pointer}");
    }
    assert_eq!(corrected.header("etag"), "\"v4\"");
    let article = reader.get("/api/v1/articles/vote").await.expect(200);
    for (pointer, value) in [
        ("/title", json!("The vote")),
        ("/standfirst", json!("On Thursday.")),
        ("/body/html", json!("<p>It is on Thursday.</p>")),
        ("/content_updated_at", json!("2026-06-01T10:00:00Z")),
        ("/published_at", json!("2026-06-01T09:00:00Z")),
        ("/correction_count", json!(1)),
        ("/corrections/0/id", json!(corrected.id())),
        ("/corrections/0/text", json!(WRONG)),
    ] {
        assert_eq!(article.at(pointer), &value, "{pointer}");
    }
    let told: Value = serde_json::from_str(&article.text_at("/seo/json_ld")).unwrap();
    let expected = json!([{"@type": "CorrectionComment", "text": WRONG, "datePublished": "2026-06-01T10:00:00Z"}]);
    assert_eq!(told["correction"], expected);

    let desk = editor.get(&at(&made)).await.expect(200);
    for (pointer, value) in [
        ("/title", json!("Pending title")),
        ("/standfirst", json!("Pending standfirst.")),
        ("/body/source", json!("It is on Thursday.")),
        ("/has_unpublished_changes", json!(true)),
        ("/status", json!("published")),
    ] {
        assert_eq!(desk.at(pointer), &value, "{pointer}");
    }
    let history = editor.get(&format!("{}/revisions", at(&made))).await.expect(200);
    assert_eq!(
        history.column("title"),
        ["Pending title", "The vote", "Pending title", "The vote"]
    );
    assert_eq!(history.text_at("/data/1/note"), format!("correction: {WRONG}"));
    assert_eq!(history.at("/data/1/is_published"), &json!(true));
}

#[tokio::test]
async fn without_pending_edits_the_working_copy_is_what_readers_get() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    for tag in ["Bridges", "Ferries"] {
        editor.post("/api/v1/desk/tags", json!({"name": tag})).await.expect(201);
    }
    let made = make::published(&editor, "Bridge", json!({"slug": "bridge", "tags": ["bridges"]})).await;
    let patch = json!({"tags": ["ferries"], "slug": "ferry", "seo": {"title": "Ferry"}});
    let new = json!({"kind": "update", "text": "It is a ferry.", "patch": patch});
    let corrected = correct(&editor, &made, new).await.expect(201);
    assert_eq!(
        (corrected.at("/revision"), corrected.at("/published_revision")),
        (&json!(2), &json!(2))
    );
    let desk = editor.get(&at(&made)).await.expect(200);
    assert_eq!(
        (desk.text_at("/slug"), desk.text_at("/tags/0/slug")),
        ("ferry".to_owned(), "ferries".to_owned())
    );
    assert_eq!(desk.at("/has_unpublished_changes"), &json!(false));
    assert_eq!(reader.get("/api/v1/articles/bridge").await.status, 301);
    assert_eq!(
        reader.get("/api/v1/articles?tag=ferries").await.column("slug"),
        ["ferry"]
    );
    assert_eq!(reader.get("/api/v1/articles?tag=bridges").await.at("/data"), &json!([]));
    assert_eq!(reader.get("/api/v1/tags").await.column("slug"), ["ferries"]);
}

/// A note alone makes no revision; readers see a difference all the same, in every order by change.
#[tokio::test]
async fn a_note_alone_changes_no_word_of_the_text() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let old = make::published(&editor, "Old", json!({"slug": "old"})).await;
    app.clock.advance(TimeDelta::minutes(1));
    make::published(&editor, "Newer", json!({"slug": "newer"})).await;
    app.clock.advance(TimeDelta::minutes(1));
    for patch in [Value::Null, json!({}), json!({"title": "Old"})] {
        let new = json!({"kind": "clarification", "text": "To be clear.", "patch": patch});
        let corrected = correct(&editor, &old, new).await.expect(201);
        assert_eq!(
            (corrected.at("/revision"), corrected.at("/published_revision")),
            (&json!(1), &json!(1))
        );
    }
    for list in ["", "&section=world"] {
        let by_change = reader
            .get(&format!("/api/v1/articles?sort=-content_updated_at{list}"))
            .await;
        assert_eq!(by_change.column("slug"), ["old", "newer"], "{list}");
        assert_eq!(by_change.at("/data/0/correction_count"), &json!(3), "{list}");
    }
}

/// What waits for its time or for review must not bring the fault back.
#[tokio::test]
async fn what_waits_as_the_newest_revision_waits_on_corrected() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let patch = json!({"kind": "correction", "text": WRONG, "patch": {"standfirst": "Right."}});
    let made = make::published(&editor, "Planned", json!({"slug": "planned", "standfirst": "Wrong."})).await;
    editor
        .patch(&at(&made), json!({"title": "Planned update"}))
        .await
        .expect(200);
    let schedule = format!("{}/schedule", at(&made));
    editor
        .act(&schedule, json!({"publish_at": "2026-06-01T12:00:00Z"}))
        .await
        .expect(200);
    let corrected = correct(&editor, &made, patch.clone()).await.expect(201);
    assert_eq!(corrected.at("/unpatched_revision"), &Value::Null);
    let desk = editor.get(&at(&made)).await.expect(200);
    assert_eq!(
        (desk.text_at("/stage"), desk.text_at("/publish_at")),
        ("scheduled".to_owned(), "2026-06-01T12:00:00Z".to_owned())
    );
    let planned = editor.get("/api/v1/desk/schedule").await.expect(200);
    assert_eq!(planned.at("/data/0/revision"), &json!(4));
    assert_eq!(
        reader.get("/api/v1/articles/planned").await.text_at("/standfirst"),
        "Right."
    );

    let made = make::published(&editor, "Reviewed", json!({"slug": "reviewed", "standfirst": "Wrong."})).await;
    editor
        .act(&format!("{}/submit", at(&made)), json!({}))
        .await
        .expect(200);
    let corrected = correct(&editor, &made, patch.clone()).await.expect(201);
    assert_eq!(corrected.at("/unpatched_revision"), &Value::Null);
    assert_eq!(editor.get(&at(&made)).await.at("/submitted_revision"), &json!(2));

    // An older one that was approved stays what was approved, and its lack is told.
    let made = make::published(&editor, "Older", json!({"slug": "older", "standfirst": "Wrong."})).await;
    editor
        .patch(&at(&made), json!({"title": "Older, approved"}))
        .await
        .expect(200);
    editor
        .act(
            &format!("{}/schedule", at(&made)),
            json!({"publish_at": "2026-06-01T12:00:00Z"}),
        )
        .await
        .expect(200);
    editor
        .patch(&at(&made), json!({"title": "Older, being written"}))
        .await
        .expect(200);
    let corrected = correct(&editor, &made, patch).await.expect(201);
    assert_eq!(corrected.at("/unpatched_revision"), &json!(2));
    let alone = correct(&editor, &made, note()).await.expect(201);
    assert_eq!(
        alone.at("/unpatched_revision"),
        &Value::Null,
        "a note alone is in no revision"
    );
}
