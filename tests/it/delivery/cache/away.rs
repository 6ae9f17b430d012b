//! PostgreSQL cannot be reached: what is kept is given for a while, and says how old it is.

use std::time::Duration;

use chrono::TimeDelta;
use masthead::db::pool::PoolOptions;

use super::{is_hit, keep};
use crate::support::db::{fresh, pool_options};
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
