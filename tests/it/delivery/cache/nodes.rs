//! Two servers on one database: what one changes, the other shows within a second.

use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};
use masthead::db::Connection;
use masthead::db::schema::published_articles;
use serde_json::json;

use super::keep;
use crate::support::db::fresh;
use crate::support::make::published;
use crate::support::proxy::{Proxy, Wire};
use crate::support::second::within_a_second;
use crate::support::store::story;
use crate::support::{TestApp, until};

async fn two() -> (TestApp, TestApp) {
    let url = fresh().await;
    (TestApp::on(url.clone(), |_| {}).await, TestApp::on(url, |_| {}).await)
}

#[tokio::test]
async fn what_one_changes_the_other_shows_within_a_second() {
    let (here, there) = two().await;
    let (editor, reader) = (here.editor().await, there.anonymous());
    let made = published(&editor, "Story", json!({})).await;
    let path = "/api/v1/articles/story";
    until(async || reader.get(path).await.status == 200).await;
    for title in ["Second", "Third", "Fourth"] {
        keep(&reader, path).await;
        let at = format!("/api/v1/desk/articles/{}", made.id());
        editor.patch(&at, json!({"title": title})).await.expect(200);
        editor.act(&format!("{at}/publish"), json!({})).await.expect(200);
        within_a_second(async || reader.get(path).await.text_at("/title") == title).await;
    }
}

#[tokio::test]
async fn what_psql_changes_is_shown_within_a_second() {
    let (here, there) = two().await;
    here.publish(story("story")).await;
    let readers = [here.anonymous(), there.anonymous()];
    let path = "/api/v1/articles/story";
    until(async || readers[1].get(path).await.status == 200).await;
    for statement in [
        "UPDATE published_articles SET title = 'By hand'",
        "TRUNCATE published_articles CASCADE",
    ] {
        for reader in &readers {
            keep(reader, path).await;
        }
        here.conn().await.batch_execute(statement).await.unwrap();
        for reader in &readers {
            within_a_second(async || {
                let shown = reader.get(path).await;
                shown.status == 404 || shown.text_at("/title") == "By hand"
            })
            .await;
        }
    }
    within_a_second(async || readers[0].get(path).await.status == 404).await;
}

/// A transaction that began early and ends late is not missed because others ended in between.
#[tokio::test]
async fn a_transaction_that_was_open_for_long_is_not_missed() {
    let app = TestApp::start().await;
    let slow = app.publish(story("slow")).await;
    let quick = app.publish(story("quick")).await;
    let reader = app.anonymous();
    let title = async |slug: &str| {
        let shown = reader.get(&format!("/api/v1/articles/{slug}")).await;
        shown.text_at("/title")
    };
    let rename = async |conn: &mut Connection, id, title: &str| {
        diesel::update(published_articles::table.find(id))
            .set(published_articles::title.eq(title))
            .execute(conn)
            .await
    };
    let mut early = app.conn().await;
    let before = title("slow").await;
    early
        .transaction(async |early| {
            rename(early, slow, "Late").await?;
            for number in 0..3 {
                rename(&mut *app.conn().await, quick, &format!("Quick {number}")).await?;
                app.told().await;
                assert_eq!(title("quick").await, format!("Quick {number}"));
                assert_eq!(title("slow").await, before);
            }
            Ok::<_, diesel::result::Error>(())
        })
        .await
        .unwrap();
    app.told().await;
    assert_eq!(title("slow").await, "Late");
}

/// The node whose listening was cut off catches up from where it was.
#[tokio::test]
async fn a_node_that_was_cut_off_is_right_within_a_second_after() {
    let url = fresh().await;
    let here = TestApp::on(url.clone(), |_| {}).await;
    let proxy = Proxy::to(&url).await;
    let there = TestApp::on(proxy.url.clone(), |_| {}).await;
    let first = story("story");
    here.publish(first.clone()).await;
    let reader = there.anonymous();
    let path = "/api/v1/articles/story";
    for (wire, title) in [(Wire::Cut, "While it was cut"), (Wire::Dead, "While it was dead")] {
        until(async || reader.get(path).await.status == 200).await;
        keep(&reader, path).await;
        proxy.set(wire);
        let changed = first.clone().with(|row| row.title = title.to_owned());
        here.publish(changed).await;
        proxy.set(Wire::Whole);
        within_a_second(async || reader.get(path).await.text.contains(title)).await;
    }
}
