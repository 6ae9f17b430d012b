//! What acts at once, and what moves the clock that readers see.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::schema::published_articles;
use serde_json::json;

use super::{at, publish, ready};
use crate::support::TestApp;

#[tokio::test]
async fn content_updated_at_moves_only_with_the_content() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = ready(&editor, "Moves").await;
    let path = at(&made);
    let moved = async || {
        let at: chrono::DateTime<chrono::Utc> = published_articles::table
            .select(published_articles::content_updated_at)
            .first(&mut app.conn().await)
            .await
            .unwrap();
        at.format("%H:%M").to_string()
    };
    publish(&editor, &made).await.expect(200);
    assert_eq!(moved().await, "09:00");
    app.clock.advance(chrono::TimeDelta::hours(1));
    publish(&editor, &made).await.expect(200);
    editor.patch(&path, json!({"featured": true})).await.expect(200);
    assert_eq!(moved().await, "09:00");
    editor.patch(&path, json!({"title": "Elsewhere"})).await.expect(200);
    editor.patch(&path, json!({"title": "Moves"})).await.expect(200);
    publish(&editor, &made).await.expect(200);
    assert_eq!(moved().await, "09:00", "the text is the same again");
    editor.patch(&path, json!({"standfirst": "New."})).await.expect(200);
    publish(&editor, &made).await.expect(200);
    assert_eq!(moved().await, "10:00");
}

#[tokio::test]
async fn placement_acts_at_once() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = ready(&editor, "Placed").await;
    publish(&editor, &made).await.expect(200);
    let placement = json!({"featured": true, "breaking_until": "2026-06-01T12:00:00Z", "comments_policy": "closed"});
    let placed = editor.patch(&at(&made), placement).await.expect(200);
    assert_eq!(
        (placed.at("/revision"), placed.at("/has_unpublished_changes")),
        (&json!(1), &json!(false))
    );
    let row: (bool, bool, String) = published_articles::table
        .select((
            published_articles::featured,
            published_articles::breaking_until.is_not_null(),
            published_articles::comments_policy,
        ))
        .first(&mut app.conn().await)
        .await
        .unwrap();
    assert_eq!(row, (true, true, "closed".to_owned()));
    let cleared = editor
        .patch(&at(&made), json!({"breaking_until": null, "comments_policy": null}))
        .await
        .expect(200);
    assert_eq!(cleared.text_at("/comments_policy"), "site");
}
