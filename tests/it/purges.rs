//! Shared caches in front of the server are told what changed: after the commit, by one node, until they heard it.

mod many;

use std::sync::Mutex;

use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use masthead::config::{Config, PurgeConfig};
use masthead::domain::purge::{Purge, PurgeKind};
use masthead::jobs::{self, SharedCache};
use masthead::newsroom;
use masthead::outbound::Outbound;
use serde_json::json;

use crate::support::db::fresh;
use crate::support::make::published;
use crate::support::proxy::{Proxy, Wire};
use crate::support::stub::{Says, Stub};
use crate::support::{TestApp, until};

/// What this shared cache is told now, if it answers that it `hears`.
async fn told(app: &TestApp, cache: &str, hears: bool) -> Option<Purge> {
    let heard = Mutex::new(None);
    let tell = |purge: Purge| {
        *heard.lock().unwrap() = Some(purge);
        std::future::ready(hears)
    };
    let now = app.clock.now();
    newsroom::purge_shared_cache(&mut *app.conn().await, cache, now, tell)
        .await
        .unwrap();
    heard.into_inner().unwrap()
}

#[tokio::test]
async fn every_change_is_told_until_it_is_heard() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    assert_eq!(told(&app, "varnish", true).await, None, "it begins now");
    let made = published(&editor, "Story", json!({})).await;
    let at = format!("/api/v1/desk/articles/{}", made.id());
    let article = format!("article:{}", made.id());
    let first = told(&app, "varnish", false).await.unwrap();
    assert!(first.changed.contains(&article) && first.changed.contains(&"articles".to_owned()));
    assert!(!first.hard && !first.everything);
    assert_eq!(told(&app, "varnish", true).await.unwrap(), first, "it was not heard");
    assert_eq!(told(&app, "varnish", true).await, None, "it was heard");

    editor.patch(&at, json!({"title": "Changed"})).await.expect(200);
    assert_eq!(told(&app, "varnish", true).await, None, "a draft is nobody's news");
    let comments = "/api/v1/articles/story/comments";
    let posted = reader
        .post(comments, json!({"author_name": "Mara", "body": "Hm."}))
        .await
        .expect(201);
    editor
        .act(&format!("/api/v1/desk/comments/{}/approve", posted.id()), json!({}))
        .await
        .expect(200);
    assert_eq!(
        told(&app, "varnish", true).await,
        None,
        "comments and counts grow old by themselves"
    );

    let killing = json!({"reason": "Untrue.", "notice": "We took this down."});
    editor.act(&format!("{at}/kill"), killing).await.expect(200);
    let kill = told(&app, "varnish", true).await.unwrap();
    assert!(
        kill.hard && kill.changed.contains(&article),
        "what is gone must not be shown once more"
    );
    assert!(kill.changed.contains(&"slug:story".to_owned()));
    app.admin()
        .await
        .patch("/api/v1/desk/site", json!({"tagline": "Daily"}))
        .await
        .expect(200);
    assert!(told(&app, "varnish", true).await.unwrap().everything);
}

#[tokio::test]
async fn what_was_not_heard_for_as_long_as_changes_are_kept_is_everything() {
    let app = TestApp::start().await;
    assert_eq!(told(&app, "varnish", true).await, None);
    for (minutes, everything) in [(54, false), (1, false), (61, true), (1, false)] {
        app.clock.advance(TimeDelta::minutes(minutes));
        assert_eq!(told(&app, "varnish", true).await.is_some(), everything, "{minutes}");
    }
}

#[tokio::test]
async fn of_two_nodes_one_tells() {
    let app = TestApp::start().await;
    assert_eq!(told(&app, "varnish", true).await, None);
    published(&app.editor().await, "Story", json!({})).await;
    let both = futures_util::future::join_all((0..8).map(|_| told(&app, "varnish", true))).await;
    assert_eq!(both.iter().flatten().count(), 1);
}

fn purging(config: &mut Config) {
    config.purge = Some(PurgeConfig {
        kind: PurgeKind::Varnish,
        urls: Vec::new(),
        token: None,
    });
}

/// What a shared cache may do that is told of changes; of this one it is not told; this may be old already.
const TOLD: &str = "public, max-age=0, s-maxage=60, stale-while-revalidate=300, stale-if-error=600";
const UNTOLD: &str = "public, max-age=0, s-maxage=10, stale-while-revalidate=10, stale-if-error=600";
const OLD: &str = "public, max-age=0, s-maxage=1, stale-while-revalidate=0, stale-if-error=600";

#[tokio::test]
async fn who_is_told_of_changes_may_keep_what_nothing_else_ends() {
    let app = TestApp::with(purging).await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    editor
        .post("/api/v1/desk/tags", json!({"name": "Harbour"}))
        .await
        .expect(201);
    let made = published(&editor, "Story", json!({"tags": ["harbour"]})).await;
    let at = format!("/api/v1/desk/articles/{}", made.id());
    editor.patch(&at, json!({"slug": "renamed"})).await.expect(200);
    editor.act(&format!("{at}/publish"), json!({})).await.expect(200);
    let gone = published(&editor, "Gone", json!({})).await;
    let killing = json!({"reason": "Untrue.", "notice": "We took this down."});
    let kill = format!("/api/v1/desk/articles/{}/kill", gone.id());
    editor.act(&kill, killing).await.expect(200);
    let policy = async |path: &str, status: u16, policy: &str| {
        // On a machine so busy that changes were not heard of for a moment nobody may keep it.
        until(async || {
            let answer = reader.get(&format!("/api/v1{path}")).await;
            assert_eq!(answer.status, status, "{path}");
            let given = answer.header("cache-control");
            assert!(given == policy || given == OLD, "{path}: {given}");
            given == policy
        })
        .await;
    };
    for (path, status) in [
        ("/articles/renamed", 200),
        ("/articles/story", 301),
        ("/articles/nobody", 404),
        ("/articles/gone", 410),
        ("/articles", 200),
        ("/articles?tag=harbour", 200),
        ("/sections", 200),
    ] {
        policy(path, status, TOLD).await;
    }
    policy("/articles/renamed/comments", 200, UNTOLD).await;
    policy("/search?q=story", 200, UNTOLD).await;
    // The passing of time nobody tells.
    for (minutes, expected) in [(5, UNTOLD), (10, TOLD)] {
        let until = app.clock.now() + TimeDelta::minutes(minutes);
        editor.patch(&at, json!({"breaking_until": until})).await.expect(200);
        policy("/articles/renamed", 200, expected).await;
    }
    policy("/articles?breaking=true", 200, UNTOLD).await;
    let etag = reader.get("/api/v1/sections").await.header("etag");
    let again = reader
        .request(reqwest::Method::GET, "/api/v1/sections")
        .header("If-None-Match", etag);
    let again = reader.send(again).await.expect(304);
    assert!([TOLD, OLD].contains(&again.header("cache-control").as_str()));
    let unwritten = reader.get("/api/v1/articles/wetter-über-köln").await.expect(404);
    assert_eq!(unwritten.header("cache-tag"), "slug:wetter-%C3%BCber-k%C3%B6ln");
}

#[tokio::test]
async fn what_is_given_while_the_database_is_away_is_asked_for_again() {
    let proxy = Proxy::to(&fresh().await).await;
    let app = TestApp::on(proxy.url.clone(), purging).await;
    published(&app.editor().await, "Story", json!({})).await;
    let (reader, path) = (app.anonymous(), "/api/v1/articles/story");
    until(async || reader.get(path).await.header("cache-status") == "masthead; hit").await;
    for wire in [Wire::Cut, Wire::Dead] {
        proxy.set(wire);
        let status = async || {
            let answer = reader.get(path).await.expect(200);
            let is_stale = answer.header("cache-status").contains("database-away");
            assert!(!is_stale || answer.header("cache-control") == OLD, "{wire:?}");
            is_stale
        };
        until(status).await;
        proxy.set(Wire::Whole);
        until(async || reader.get(path).await.header("cache-control") == TOLD).await;
    }
}

/// What may be older than what a shared cache was told is not kept there.
#[tokio::test]
async fn who_hears_nothing_lets_nobody_keep_its_answers() {
    let app = TestApp::with(purging).await;
    published(&app.editor().await, "Story", json!({})).await;
    let reader = app.anonymous();
    let paths = ["/api/v1/articles/story", "/api/v1/articles", "/api/v1/articles/nobody"];
    let all = async |policy: &str| {
        for path in paths {
            until(async || reader.get(path).await.header("cache-control") == policy).await;
        }
    };
    all(TOLD).await;
    let mut changes = app.conn().await;
    let hold = "BEGIN; LOCK TABLE reader_changes IN ACCESS EXCLUSIVE MODE";
    changes.batch_execute(hold).await.unwrap();
    all(OLD).await;
    changes.batch_execute("COMMIT").await.unwrap();
    all(TOLD).await;
}

#[tokio::test]
async fn a_running_server_tells_it_in_the_cache_s_own_words() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (stub, deaf) = (Stub::start().await, Stub::start().await);
    stub.say(Says::Status(200, String::new(), String::new()));
    deaf.say(Says::Status(503, String::new(), String::new()));
    let outbound = Outbound::new().unwrap();
    let caches = [&stub, &deaf].map(|stub| SharedCache {
        outbound: outbound.clone(),
        kind: PurgeKind::Varnish,
        url: stub.url.clone(),
        token: Some("a token".to_owned().into()),
    });
    for cache in &caches {
        assert_eq!(told(&app, &format!("varnish {}", cache.url), true).await, None);
    }
    let jobs = jobs::start(&app.pool, &app.clock, &app.metrics, None, caches.into());
    let made = published(&editor, "Story", json!({})).await;
    stub.asked(1).await;
    let told = stub.take();
    assert!(
        told.iter()
            .all(|told| told.headers["purge-token"] == "a token" && told.line.starts_with("POST "))
    );
    // The section was made before it, perhaps in time to be told by itself.
    let mut asked = told.len();
    let mut keys: Vec<String> = told.iter().map(|told| told.headers["purge-keys"].clone()).collect();
    while !keys.concat().contains(&made.id()) {
        asked += 1;
        stub.asked(asked).await;
        keys.extend(stub.take().iter().map(|told| told.headers["purge-keys"].clone()));
    }
    deaf.asked(1).await;
    jobs.stop().await;
    let counted = |outcome: &str| app.counted(&format!(r#"masthead_purges_total{{outcome="{outcome}"}}"#)) as usize;
    assert_eq!(counted("heard"), keys.len() + stub.take().len());
    assert_eq!(counted("unheard"), deaf.take().len());
}

/// What a shared cache keeps of an article changes when another one comes to stand beside it, of which nobody knew.
#[tokio::test]
async fn what_shows_an_article_that_comes_later_is_told_when_it_comes() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let late = crate::support::make::draft(&editor, "Late", json!({"body": {"source": "It is so."}})).await;
    published(&editor, "Story", json!({"related": [late.id()]})).await;
    told(&app, "varnish", true).await;
    for path in ["/api/v1/articles/story", "/api/v1/articles/story/related"] {
        let tags = reader.get(path).await.expect(200).header("cache-tag");
        let beside = tags.split(',').find(|tag| tag.starts_with("beside:")).unwrap();
        assert_eq!(beside, masthead::domain::purge::beside_tag(late.id().parse().unwrap()));
    }
    let publish = format!("/api/v1/desk/articles/{}/publish", late.id());
    editor.act(&publish, json!({})).await.expect(200);
    let purge = told(&app, "varnish", true).await.unwrap();
    assert!(
        purge
            .changed
            .contains(&masthead::domain::purge::beside_tag(late.id().parse().unwrap()))
    );
}
