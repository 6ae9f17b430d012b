//! What is pruned, what is kept whatever its age, and that it is done once a night.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db;
use masthead::db::schema::{
    audit_log, comment_reports, comments, idempotency_keys, preview_tokens, preview_uses, revisions,
};
use masthead::domain::actor::Act;
use masthead::newsroom::{self, Pruned};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::comments::Scene;
use crate::support::client::{Answer, Client};
use crate::support::{TestApp, make};

fn at(article: &Answer) -> String {
    format!("/api/v1/desk/articles/{}", article.id())
}

async fn save(editor: &Client, article: &Answer, title: &str, autosave: bool) {
    let change = json!({"title": title, "autosave": autosave});
    editor.patch(&at(article), change).await.expect(200);
}

async fn numbers(app: &TestApp, article: &Answer) -> BTreeSet<i32> {
    let id: Uuid = article.id().parse().unwrap();
    let numbers: Vec<i32> = revisions::table
        .filter(revisions::article_id.eq(id))
        .select(revisions::number)
        .load(&mut *app.conn().await)
        .await
        .unwrap();
    numbers.into_iter().collect()
}

impl TestApp {
    async fn prune(&self, dry_run: bool) -> Pruned {
        let act = Act::system(self.clock.now());
        newsroom::prune(&mut *self.conn().await, &act, TimeDelta::days(30), dry_run)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn what_something_points_to_stays_whatever_its_age() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = make::draft(&editor, "Number 1", json!({})).await;
    let verb = |verb: &str| format!("{}/{verb}", at(&made));
    save(&editor, &made, "Number 2", false).await;
    editor.act(&verb("publish"), json!({})).await.expect(200);
    save(&editor, &made, "Number 3", false).await;
    editor.act(&verb("publish"), json!({})).await.expect(200);
    save(&editor, &made, "Number 4", false).await;
    let month = json!({"revision": 4, "expires_in": 2_592_000});
    let link = editor.post(&verb("preview-tokens"), month).await.expect(201);
    save(&editor, &made, "Number 5", false).await;
    let revoked = editor
        .post(&verb("preview-tokens"), json!({"revision": 5}))
        .await
        .expect(201);
    let revoked = format!("{}/{}", verb("preview-tokens"), revoked.id());
    editor.delete(&revoked).await.expect(204);
    save(&editor, &made, "Number 6", false).await;
    let plan = json!({"revision": 6, "publish_at": "2100-01-01T00:00:00Z"});
    editor.act(&verb("schedule"), plan).await.expect(200);
    save(&editor, &made, "Number 7", true).await;
    save(&editor, &made, "Number 8", false).await;
    app.clock.advance(TimeDelta::days(2));
    let editor = app.signed_in_again(&editor).await;
    for number in 9..=60 {
        save(&editor, &made, &format!("Number {number}"), number == 40).await;
    }
    let before = numbers(&app, &made).await;
    let version = editor.get(&at(&made)).await.at("/version").clone();
    let expected = Pruned {
        articles: 1,
        // 1 and 5 (8 was the last of its day), the autosave 7, and 9 (the fifty newest without 40 begin at 10).
        revisions: 4,
        ..Pruned::default()
    };
    assert_eq!(app.prune(true).await, expected);
    assert_eq!(numbers(&app, &made).await, before, "a dry run only counts");
    assert_eq!(app.prune(false).await, expected);
    let kept: BTreeSet<i32> = [2, 3, 4, 6, 8].into_iter().chain(10..=60).collect();
    assert_eq!(numbers(&app, &made).await, kept);
    assert_eq!(app.prune(false).await, Pruned::default(), "once is enough");

    assert_eq!(editor.get(&at(&made)).await.at("/version"), &version);
    let preview = format!("/api/v1/previews/{}", link.text_at("/token"));
    let preview = app.anonymous().get(&preview).await.expect(200);
    assert_eq!(preview.text_at("/article/title"), "Number 4");
    let first = editor
        .get(&format!("{}?as_of=2026-06-01T09:00:00Z", verb("published")))
        .await;
    assert_eq!(first.expect(200).text_at("/content/title"), "Number 3");
    let history = editor
        .get(&format!("{}?limit=100", verb("revisions")))
        .await
        .expect(200);
    assert_eq!(history.column("title").last().unwrap(), "Number 2");
    editor.get(&verb("revisions/1")).await.problem(404, "not_found");
    let told: Vec<serde_json::Value> = audit_log::table
        .filter(audit_log::action.eq("prune_article"))
        .select(audit_log::details)
        .load(&mut *app.conn().await)
        .await
        .unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["revisions"], json!(4));
}

#[tokio::test]
async fn kept_answers_and_ended_links_are_forgotten() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = make::draft(&editor, "Linked", json!({})).await;
    let links = format!("{}/preview-tokens", at(&made));
    let link = editor.post(&links, json!({"expires_in": 3600})).await.expect(201);
    let opened = format!("/api/v1/previews/{}", link.text_at("/token"));
    app.anonymous().get(&opened).await.expect(200);
    let again = |client: &Client| {
        let request = client.request(Method::POST, "/api/v1/desk/tags");
        request
            .header("Idempotency-Key", "once")
            .json(&json!({"name": "Harbour"}))
    };
    editor.send(again(&editor)).await.expect(201);
    app.clock.advance(TimeDelta::hours(23));
    let editor = app.signed_in_again(&editor).await;
    assert_eq!(app.prune(false).await, Pruned::default());
    assert_eq!(editor.send(again(&editor)).await.header("idempotency-replayed"), "true");
    app.clock.advance(TimeDelta::hours(1));
    let answers = Pruned {
        answers: 1,
        ..Pruned::default()
    };
    assert_eq!(app.prune(true).await, answers);
    assert_eq!(app.prune(false).await, answers);
    app.clock.advance(TimeDelta::days(30));
    let links = Pruned {
        preview_links: 1,
        ..Pruned::default()
    };
    assert_eq!(app.prune(true).await, links);
    assert_eq!(app.prune(false).await, links);
    let mut conn = app.conn().await;
    let left: (i64, i64, i64) = (
        idempotency_keys::table.count().get_result(&mut conn).await.unwrap(),
        preview_tokens::table.count().get_result(&mut conn).await.unwrap(),
        preview_uses::table.count().get_result(&mut conn).await.unwrap(),
    );
    assert_eq!(left, (0, 0, 0));
}

#[tokio::test]
async fn of_many_nodes_one_does_it_each_night() {
    let app = TestApp::start().await;
    let claims = async |now: DateTime<Utc>, since: DateTime<Utc>| {
        let claim = async || {
            db::markers::claim(&mut *app.conn().await, "pruned", now, since)
                .await
                .unwrap()
        };
        let claimed = futures_util::future::join_all((0..4).map(|_| claim())).await;
        claimed.into_iter().filter(|claimed| *claimed).count()
    };
    let (now, day) = (app.clock.now(), TimeDelta::days(1));
    assert_eq!(claims(now, now - day).await, 1, "the first time");
    assert_eq!(claims(now + day / 2, now - day).await, 0, "the same night");
    assert_eq!(claims(now + day, now + day / 2).await, 1, "the next");
}

/// While it goes on, editors save: none is refused, nothing that they wrote is lost.
#[tokio::test]
async fn editors_save_meanwhile() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = make::draft(&editor, "Busy", json!({})).await;
    for number in 0..20 {
        save(&editor, &made, &format!("Auto {number}"), true).await;
    }
    app.clock.advance(TimeDelta::days(2));
    let editor = app.signed_in_again(&editor).await;
    let saves = (0..10).map(|number| {
        let (editor, made) = (&editor, &made);
        async move { save(editor, made, &format!("Saved {number}"), false).await }
    });
    let (pruned, _) = tokio::join!(app.prune(false), futures_util::future::join_all(saves));
    assert!(pruned.revisions >= 19, "{pruned:?}");
    let kept = numbers(&app, &made).await;
    assert!((22..=31).all(|number| kept.contains(&number)), "{kept:?}");
}

#[tokio::test]
async fn where_readers_wrote_from_is_forgotten_after_a_while() {
    let scene = Scene::new().await;
    let app = &scene.app;
    let id = scene.approved("Hello", None).await;
    let report = json!({"reason": "abuse"});
    let reports = format!("{}/reports", crate::comments::at(&id));
    scene.reader.post(&reports, report).await.expect(200);
    let ban = json!({"address": "203.0.113.9", "expires_at": "2026-06-15T09:00:00Z"});
    scene.moderator.post("/api/v1/desk/comment-bans", ban).await.expect(201);
    let known = async || {
        let written: i64 = comments::table
            .filter(
                comments::address_hash
                    .is_not_null()
                    .or(comments::range_hash.is_not_null()),
            )
            .count()
            .get_result(&mut *app.conn().await)
            .await
            .unwrap();
        let reported: i64 = comment_reports::table
            .filter(comment_reports::reporter.is_not_null())
            .count()
            .get_result(&mut *app.conn().await)
            .await
            .unwrap();
        (written, reported)
    };
    app.clock.advance(TimeDelta::days(30) - TimeDelta::seconds(1));
    let bans = Pruned {
        bans: 1,
        ..Pruned::default()
    };
    assert_eq!(app.prune(true).await, bans);
    assert_eq!(app.prune(false).await, bans);
    assert_eq!(known().await, (1, 1));
    app.clock.advance(TimeDelta::seconds(1));
    let addresses = Pruned {
        addresses: 2,
        ..Pruned::default()
    };
    assert_eq!(app.prune(true).await, addresses);
    assert_eq!(known().await, (1, 1), "a dry run only counts");
    assert_eq!(app.prune(false).await, addresses);
    assert_eq!(known().await, (0, 0));
    assert_eq!(app.prune(false).await, Pruned::default());
    assert_eq!(scene.thread().await.column("id"), [id]);
}
