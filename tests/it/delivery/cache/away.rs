//! PostgreSQL cannot be reached: what is kept is given for a while, and says how old it is.

use std::time::Duration;

use chrono::TimeDelta;
use masthead::db::pool::PoolOptions;

use super::{is_hit, keep};
use crate::support::db::{fresh, pool_options, tell};
use crate::support::proxy::{Proxy, Wire};
use crate::support::store::{Story, story};
use crate::support::{TestApp, until};

const PATH: &str = "/api/v1/articles/story";

/// A server behind a wire, with an article that it keeps.
async fn behind_a_wire() -> (TestApp, Proxy, String, Story) {
    let url = fresh().await;
    let proxy = Proxy::to(&url).await;
    let patience = PoolOptions {
        connect_timeout: Duration::from_secs(3),
        ..pool_options()
    };
    let app = TestApp::on_pool(proxy.url.clone(), &patience, |_| {}).await;
    let first = story("story");
    app.publish(first.clone()).await;
    app.publish(story("other")).await;
    keep(&app.anonymous(), PATH).await;
    (app, proxy, url, first)
}

#[tokio::test]
async fn what_is_kept_is_given_for_ten_minutes_and_marked() {
    for wire in [Wire::Cut, Wire::Dead] {
        let (app, proxy, ..) = behind_a_wire().await;
        let reader = app.anonymous();
        proxy.set(wire);
        until(async || !is_hit(&reader.get(PATH).await)).await;
        let stale = reader.get(PATH).await.expect(200);
        assert!(
            stale.header("cache-status").starts_with("masthead; hit; ttl=-"),
            "{wire:?}"
        );
        assert_eq!(stale.header("age"), "0");
        app.clock.advance(TimeDelta::seconds(599));
        let stale = reader.get(PATH).await.expect(200);
        assert_eq!(stale.header("age"), "599");
        assert_eq!(
            stale.header("cache-status"),
            "masthead; hit; ttl=-599; detail=database-away"
        );
        if wire == Wire::Cut {
            // What is not kept cannot be given.
            let missing = reader.get("/api/v1/articles/other").await;
            missing.problem(503, "database_unavailable");
            app.clock.advance(TimeDelta::seconds(2));
            reader.get(PATH).await.problem(503, "database_unavailable");
        }
        proxy.set(Wire::Whole);
        until(async || reader.get(PATH).await.header("age").is_empty()).await;
        reader.get("/api/v1/articles/other").await.expect(200);
    }
}

/// What changed while nobody could hear it is not served as true afterwards, also when that was longer than changes are
/// kept.
#[tokio::test]
async fn after_longer_than_changes_are_kept_nothing_counts_as_true() {
    let (app, proxy, url, first) = behind_a_wire().await;
    let reader = app.anonymous();
    proxy.set(Wire::Cut);
    until(async || !is_hit(&reader.get(PATH).await)).await;
    let here = TestApp::on(url, |_| {}).await;
    here.publish(first.with(|row| row.title = "Since then".to_owned()))
        .await;
    let forgotten = diesel::delete(masthead::db::schema::reader_changes::table);
    diesel_async::RunQueryDsl::execute(forgotten, &mut here.conn().await)
        .await
        .unwrap();
    app.clock.advance(TimeDelta::minutes(61));
    proxy.set(Wire::Whole);
    until(async || reader.get(PATH).await.text.contains("Since then")).await;
}

/// What ended by itself counts from then on, not from when PostgreSQL was heard last.
#[tokio::test]
async fn what_time_ended_long_ago_is_not_given() {
    let (app, proxy, _, first) = behind_a_wire().await;
    let end = app.clock.now() + TimeDelta::minutes(30);
    app.publish(first.with(|row| row.breaking_until = Some(end))).await;
    app.told().await;
    let reader = app.anonymous();
    assert!(keep(&reader, PATH).await.text.contains("\"breaking\":true"));
    app.clock.advance(TimeDelta::minutes(45));
    app.told().await;
    proxy.set(Wire::Cut);
    until(async || reader.get(PATH).await.status == 503).await;
    reader.get(PATH).await.problem(503, "database_unavailable");
}

#[tokio::test]
async fn a_database_that_takes_no_changes_is_heard_all_the_same() {
    let url = fresh().await;
    let app = TestApp::on(url.clone(), |_| {}).await;
    app.publish(story("story")).await;
    let reader = app.anonymous();
    let name = url.rsplit('/').next().unwrap();
    tell(
        &url,
        &format!("ALTER DATABASE {name} SET default_transaction_read_only TO on"),
    )
    .await;
    // As after a failover: from now on nothing can be forgotten.
    tell(
        &url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await;
    for _ in 0..4 {
        app.clock.advance(TimeDelta::minutes(31));
        until(async || is_hit(&reader.get(PATH).await)).await;
    }
}

/// The numbers of transactions go on in a copy as if nothing had been lost.
#[tokio::test]
async fn another_database_at_the_same_address_is_noticed() {
    let url = fresh().await;
    let app = TestApp::on(url.clone(), |_| {}).await;
    app.publish(story("story")).await;
    let reader = app.anonymous();
    keep(&reader, PATH).await;
    tell(
        &url,
        "SET session_replication_role = replica; UPDATE published_articles SET title = 'As the copy has it'",
    )
    .await;
    app.told().await;
    assert!(is_hit(&reader.get(PATH).await), "nobody announced it");
    tell(
        &url,
        "CREATE OR REPLACE FUNCTION reader_incarnation() RETURNS text LANGUAGE sql AS $$ SELECT 'another' $$;
         SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await;
    until(async || reader.get(PATH).await.text.contains("As the copy has it")).await;
}
