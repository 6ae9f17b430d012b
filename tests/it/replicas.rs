//! Readers are answered by a streaming replica that is behind: nobody is shown what is no longer true.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::schema::published_articles;
use serde_json::json;

use crate::support::make::published;
use crate::support::proxy::{Proxy, Wire};
use crate::support::replica::Pair;
use crate::support::second::within_a_second;
use crate::support::{TestApp, until};

#[tokio::test]
async fn a_replica_answers_readers_once_it_shows_what_changed() {
    let pair = Pair::start().await;
    let replicas = [pair.replica.clone()];
    let here = TestApp::reading_from(&replicas, pair.primary.clone(), |_| {}).await;
    let there = TestApp::reading_from(&replicas, pair.primary.clone(), |_| {}).await;
    let (editor, near, far) = (here.editor().await, here.anonymous(), there.anonymous());
    let story = published(&editor, "First", json!({})).await;
    let (path, desk) = (
        "/api/v1/articles/first",
        format!("/api/v1/desk/articles/{}", story.id()),
    );
    // Each a question that nobody asked before.
    let mut number = 0;
    let mut asked_anew = || {
        number += 1;
        format!("/api/v1/articles?published_after=2020-01-01T00:00:00.{number:06}Z")
    };
    until(async || far.get(path).await.status == 200).await;
    // What is known to have changed is there: the replica is asked.
    until(async || {
        let since = pair.now().await;
        near.get(&asked_anew()).await.expect(200);
        pair.asked("published_articles", since).await > 0
    })
    .await;

    for title in ["Second", "Third"] {
        pair.hold_back().await;
        editor.patch(&desk, json!({"title": title})).await.expect(200);
        editor.act(&format!("{desk}/publish"), json!({})).await.expect(200);
        assert_eq!(near.get(path).await.text_at("/title"), title, "where it was changed");
        within_a_second(async || far.get(path).await.text_at("/title") == title).await;
        let behind: Vec<String> = published_articles::table
            .select(published_articles::title)
            .load(&mut pair.ask_replica().await)
            .await
            .unwrap();
        assert_ne!(behind, [title], "the replica does not know yet");
        // Dropped by another change and filled anew, it is still not the replica that is asked.
        editor.patch(&desk, json!({"featured": true})).await.expect(200);
        editor.patch(&desk, json!({"featured": false})).await.expect(200);
        for reader in [&near, &far] {
            for shows in [path, "/api/v1/articles", &asked_anew()] {
                assert!(reader.get(shows).await.text.contains(title), "{shows}");
            }
        }
        pair.let_go().await;
        until(async || {
            let shown: Vec<String> = published_articles::table
                .select(published_articles::title)
                .load(&mut pair.ask_replica().await)
                .await
                .unwrap();
            shown == [title]
        })
        .await;
        // It is asked again, and says the same.
        for reader in [&near, &far] {
            until(async || {
                let since = pair.now().await;
                assert!(reader.get(&asked_anew()).await.text.contains(title), "{title}");
                pair.asked("published_articles", since).await > 0
            })
            .await;
        }
    }
}

/// Nor does who keeps nothing show what was before its own change.
#[tokio::test]
async fn what_is_written_where_nothing_is_kept_is_shown_at_once() {
    let pair = Pair::start().await;
    let replicas = [pair.replica.clone()];
    let app = TestApp::reading_from(&replicas, pair.primary.clone(), |config| config.cache.size = 0).await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    until(async || {
        let since = pair.now().await;
        reader.get("/api/v1/articles").await.expect(200);
        pair.asked("published_articles", since).await > 0
    })
    .await;
    pair.hold_back().await;
    published(&editor, "First", json!({})).await;
    reader.get("/api/v1/articles/first").await.expect(200);
}

#[tokio::test]
async fn where_no_replica_can_be_reached_the_primary_answers() {
    let url = crate::support::db::fresh().await;
    let nowhere = "postgres://nobody@127.0.0.1:1/nothing?sslmode=disable".to_owned();
    let app = TestApp::reading_from(&[nowhere], url, |_| {}).await;
    let editor = app.editor().await;
    published(&editor, "Story", json!({})).await;
    app.anonymous().get("/api/v1/articles/story").await.expect(200);
}

#[tokio::test]
async fn cut_off_from_the_primary_no_replica_is_asked_what_nobody_can_tell() {
    let pair = Pair::start().await;
    let proxy = Proxy::to(&pair.primary).await;
    let here = TestApp::on(pair.primary.clone(), |_| {}).await;
    let there = TestApp::reading_from(std::slice::from_ref(&pair.replica), proxy.url.clone(), |_| {}).await;
    published(&here.editor().await, "First", json!({})).await;
    let (far, path) = (there.anonymous(), "/api/v1/articles/first");
    until(async || far.get(path).await.status == 200).await;
    proxy.set(Wire::Cut);
    // What is kept is marked; what is not would be as old as the replica, and nobody could say how old that is.
    until(async || !far.get(path).await.header("age").is_empty()).await;
    until(async || far.get("/api/v1/articles?limit=7").await.status == 503).await;
    proxy.set(Wire::Whole);
    until(async || far.get("/api/v1/articles?limit=7").await.status == 200).await;
}
