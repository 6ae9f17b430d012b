//! Through the door: what is published, when, and what readers have of it.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::schema::published_articles;
use reqwest::Method;
use serde_json::{Value, json};

use super::{DESK, at, draft, publish, readers_have, ready, slugs};
use crate::support::TestApp;

#[tokio::test]
async fn the_whole_life() {
    let app = TestApp::start().await;
    let (editor, reporter) = (app.editor().await, app.reporter().await);
    let made = ready(&editor, "Bridge opens").await;
    let path = at(&made);
    assert_eq!(readers_have(&app, &made).await, None);

    app.clock.advance(chrono::TimeDelta::hours(1));
    let published = publish(&editor, &made).await.expect(200);
    for (pointer, value) in [
        ("/status", json!("published")),
        ("/version", json!(2)),
        ("/revision", json!(1)),
        ("/published_revision", json!(1)),
        ("/published_at", json!("2026-06-01T10:00:00Z")),
        ("/first_published_at", json!("2026-06-01T10:00:00Z")),
        ("/has_unpublished_changes", json!(false)),
        (
            "/allowed_actions",
            json!(["edit", "submit", "schedule", "publish", "unpublish", "correct", "kill"]),
        ),
    ] {
        assert_eq!(published.at(pointer), &value, "{pointer}");
    }
    assert_eq!(published.header("etag"), "\"v2\"");
    let bridge = |title: &str, revision| Some((title.to_owned(), "bridge-opens".to_owned(), revision));
    assert_eq!(readers_have(&app, &made).await, bridge("Bridge opens", 1));

    let edited = editor
        .patch(&path, json!({"title": "Bridge opens late"}))
        .await
        .expect(200);
    assert_eq!(edited.at("/has_unpublished_changes"), &json!(true));
    assert_eq!(
        readers_have(&app, &made).await,
        bridge("Bridge opens", 1),
        "a draft edit does not reach readers"
    );
    let changed = reporter.get(&format!("{DESK}?has_unpublished_changes=true")).await;
    assert_eq!(changed.column("title"), ["Bridge opens late"]);

    app.clock.advance(chrono::TimeDelta::hours(1));
    let again = publish(&editor, &made).await.expect(200);
    assert_eq!(again.at("/published_revision"), &json!(2));
    assert_eq!(
        again.text_at("/published_at"),
        "2026-06-01T10:00:00Z",
        "the date line is kept"
    );
    assert_eq!(readers_have(&app, &made).await, bridge("Bridge opens late", 2));

    let back = json!({"revision": 1});
    let back = editor.act(&format!("{path}/publish"), back).await.expect(200);
    assert_eq!(
        (back.at("/published_revision"), back.at("/revision")),
        (&json!(1), &json!(2))
    );
    assert_eq!(back.text_at("/title"), "Bridge opens late", "the working copy stays");
    assert_eq!(readers_have(&app, &made).await, bridge("Bridge opens", 1));

    let refused = editor.delete(&path).await;
    refused.problem(409, "invalid_state_transition");
    assert_eq!(
        refused.at("/allowed_actions"),
        &json!(["edit", "submit", "schedule", "publish", "unpublish", "correct", "kill"])
    );

    let withdrawn = editor.act(&format!("{path}/unpublish"), json!({})).await.expect(200);
    assert_eq!(withdrawn.text_at("/status"), "unpublished");
    assert_eq!(withdrawn.at("/published_revision"), &json!(null));
    assert_eq!(withdrawn.text_at("/first_published_at"), "2026-06-01T10:00:00Z");
    assert_eq!(readers_have(&app, &made).await, None);
    editor
        .act(&format!("{path}/unpublish"), json!({}))
        .await
        .problem(409, "invalid_state_transition");

    editor.delete(&path).await.expect(204);
    let back = editor.act(&format!("{path}/untrash"), json!({})).await.expect(200);
    assert_eq!(back.text_at("/status"), "unpublished");
    let third = publish(&editor, &made).await.expect(200);
    assert_eq!(third.text_at("/published_at"), "2026-06-01T10:00:00Z");
    assert_eq!(third.at("/published_revision"), &json!(2));
}

#[tokio::test]
async fn readers_need_a_section_and_a_text() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let bare = draft(&editor, "Bare").await;
    assert_eq!(
        publish(&editor, &bare).await.problem(422, "validation_failed"),
        ["/body", "/section"]
    );
    editor
        .patch(&at(&bare), json!({"body": {"source": "<p> </p><!-- nothing -->"}}))
        .await
        .expect(200);
    assert_eq!(
        publish(&editor, &bare).await.problem(422, "validation_failed"),
        ["/body", "/section"]
    );
    assert_eq!(editor.get(&at(&bare)).await.text_at("/status"), "draft");
    assert!(slugs(&app).await.is_empty());
}

#[tokio::test]
async fn the_first_click_of_publish_works() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = ready(&editor, "No body sent").await;
    let verb = format!("{}/publish", at(&made));
    let post = || editor.request(Method::POST, &verb).header("If-Match", "*");
    editor.send(post()).await.expect(200);
    editor
        .send(post().header("content-type", "application/json"))
        .await
        .expect(200);
    editor
        .send(post().json(&json!({"revision": null, "published_at": null})))
        .await
        .expect(200);
    editor
        .send(post().body("{}"))
        .await
        .problem(415, "unsupported_media_type");
    editor
        .send(post().header("content-type", "application/json").body("{"))
        .await
        .problem(400, "invalid_json");
    let readonly = editor.send(post().json(&json!({"status": "published"}))).await;
    assert_eq!(readonly.problem(422, "validation_failed"), ["/status"]);
}

#[tokio::test]
async fn a_publication_names_a_revision_and_a_date() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = ready(&editor, "Dated").await;
    let verb = format!("{}/publish", at(&made));
    for (body, pointer) in [
        (json!({"revision": 2}), "/revision"),
        (json!({"revision": 0}), "/revision"),
        (json!({"revision": 3_000_000_000_u64}), "/revision"),
        (json!({"published_at": "2026-06-01T09:00:01Z"}), "/published_at"),
        (json!({"published_at": "0000-01-01T00:00:00Z"}), "/published_at"),
        (json!({"published_at": "2026-06-01"}), "/published_at"),
    ] {
        let refused = editor.act(&verb, body).await;
        assert_eq!(refused.problem(422, "validation_failed"), [pointer], "{}", refused.text);
    }
    let dated = editor
        .act(&verb, json!({"published_at": "2019-03-01T08:00:00+01:00"}))
        .await
        .expect(200);
    assert_eq!(dated.text_at("/published_at"), "2019-03-01T07:00:00Z");
    assert_eq!(dated.text_at("/first_published_at"), "2026-06-01T09:00:00Z");
    let kept = editor.act(&verb, json!({})).await.expect(200);
    assert_eq!(kept.text_at("/published_at"), "2019-03-01T07:00:00Z");
}

#[tokio::test]
async fn readers_get_what_was_approved() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = ready(&editor, "Exactly").await;
    publish(&editor, &made).await.expect(200);
    let (html, parts, text, words): (String, Value, String, i32) = published_articles::table
        .select((
            published_articles::body_html,
            published_articles::parts,
            published_articles::body_text,
            published_articles::word_count,
        ))
        .first(&mut app.conn().await)
        .await
        .unwrap();
    assert_eq!(html, made.text_at("/body/html"));
    assert_eq!(
        (parts[0]["heading"].clone(), parts[1]["heading"].clone()),
        (json!(null), json!("Part"))
    );
    assert_eq!(text, "Lead.\n\nPart\n\nMore.");
    assert_eq!(words, 3);
}
