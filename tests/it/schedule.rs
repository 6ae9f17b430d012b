//! What happens by itself: when, once, and never early.

mod nodes;

use chrono::TimeDelta;
use masthead::newsroom::{self, Ran};
use serde_json::{Value, json};

use crate::support::client::{Answer, Client};
use crate::support::{TestApp, make};

const DESK: &str = "/api/v1/desk/articles";

fn at(article: &Answer) -> String {
    format!("{DESK}/{}", article.id())
}

fn path(article: &Answer, verb: &str) -> String {
    format!("{}/{verb}", at(article))
}

impl TestApp {
    /// Does everything that is due, as the scheduler does. Answers what became of each.
    pub async fn run_schedule(&self) -> Vec<Ran> {
        let rules = masthead::config::Config::default().site.body_rules();
        let rules = masthead::domain::body::BodyRules {
            blockers: Vec::new(),
            ..rules
        };
        let mut conn = self.conn().await;
        let mut ran = Vec::new();
        // More than any test plans: what is done and stays due would go on for ever.
        while ran.len() < 500 {
            match newsroom::run_next(&mut conn, &self.clock, &rules).await.unwrap().ran {
                Ran::Nothing => {
                    self.told().await;
                    return ran;
                }
                other => ran.push(other),
            }
        }
        panic!("what was done is due again and again");
    }
}

async fn planned(client: &Client, title: &str, plan: Value) -> Answer {
    let made = make::draft(client, title, json!({})).await;
    client.act(&path(&made, "schedule"), plan).await.expect(200)
}

#[tokio::test]
async fn a_revision_goes_out_and_comes_back_by_itself() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let plan = json!({"publish_at": "2026-06-01T12:00:00+01:00", "unpublish_at": "2026-06-01T12:00:00Z"});
    let made = planned(&editor, "Planned", plan).await;
    assert_eq!(made.text_at("/stage"), "scheduled");
    assert_eq!(made.text_at("/publish_at"), "2026-06-01T11:00:00Z");
    let listed = editor.get("/api/v1/desk/schedule").await.expect(200);
    assert_eq!(listed.column("action"), ["publish", "unpublish"]);
    for (pointer, value) in [
        ("/data/0/article/title", json!("Planned")),
        ("/data/0/revision", json!(1)),
        ("/data/0/late_by_ms", json!(0)),
        ("/data/0/attempts", json!(0)),
        ("/data/0/last_error", Value::Null),
        ("/data/0/scheduled_by/name", json!(editor.account().name)),
        ("/data/1/revision", Value::Null),
    ] {
        assert_eq!(listed.at(pointer), &value, "{pointer}");
    }
    editor
        .patch(&at(&made), json!({"title": "Edited since"}))
        .await
        .expect(200);

    app.clock.advance(TimeDelta::minutes(119));
    assert_eq!(app.run_schedule().await, [], "never early");
    app.clock.advance(TimeDelta::minutes(2));
    let late = editor.get("/api/v1/desk/schedule").await.expect(200);
    assert_eq!(late.at("/data/0/late_by_ms"), &json!(60_000));
    assert_eq!(app.run_schedule().await, [Ran::Done]);
    let shown = reader.get("/api/v1/articles/planned").await.expect(200);
    assert_eq!(shown.text_at("/title"), "Planned", "the revision that was approved");
    assert_eq!(shown.text_at("/published_at"), "2026-06-01T11:01:00Z");
    let desk = editor.get(&at(&made)).await;
    assert_eq!(
        (desk.at("/stage"), desk.at("/publish_at")),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(desk.text_at("/unpublish_at"), "2026-06-01T12:00:00Z");
    assert_eq!(desk.at("/has_unpublished_changes"), &json!(true));

    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(app.run_schedule().await, [Ran::Done]);
    reader.get("/api/v1/articles/planned").await.problem(404, "not_found");
    let desk = editor.get(&at(&made)).await;
    assert_eq!(
        (desk.text_at("/status"), desk.at("/unpublish_at")),
        ("unpublished".to_owned(), &Value::Null)
    );
    assert_eq!(editor.get("/api/v1/desk/schedule").await.at("/data"), &json!([]));
}

#[tokio::test]
async fn a_plan_is_replaced_dropped_and_overtaken() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let plan = |at: &str| json!({"publish_at": at});
    let made = planned(&editor, "Moved", plan("2026-06-02T00:00:00Z")).await;
    editor
        .act(&path(&made, "schedule"), plan("2026-06-03T00:00:00Z"))
        .await
        .problem(409, "invalid_state_transition");
    let off = editor.act(&path(&made, "unschedule"), json!({})).await.expect(200);
    assert_eq!((off.at("/stage"), off.at("/publish_at")), (&Value::Null, &Value::Null));
    assert_eq!(editor.get("/api/v1/desk/schedule").await.at("/data"), &json!([]));

    editor
        .act(&path(&made, "schedule"), plan("2026-06-03T00:00:00Z"))
        .await
        .expect(200);
    editor.act(&path(&made, "publish"), json!({})).await.expect(200);
    assert_eq!(
        editor.get("/api/v1/desk/schedule").await.at("/data"),
        &json!([]),
        "published by hand"
    );

    // An update of a live article waits, also while the article is away.
    editor.patch(&at(&made), json!({"title": "Moved on"})).await.expect(200);
    editor
        .act(&path(&made, "schedule"), plan("2026-06-04T00:00:00Z"))
        .await
        .expect(200);
    let away = editor.act(&path(&made, "unpublish"), json!({})).await.expect(200);
    assert_eq!(away.text_at("/stage"), "scheduled");
    editor
        .act(&path(&made, "kill"), json!({"reason": "R.", "notice": "N."}))
        .await
        .expect(200);
    assert_eq!(
        editor.get("/api/v1/desk/schedule").await.at("/data"),
        &json!([]),
        "a kill drops every plan"
    );
    app.clock.advance(TimeDelta::days(10));
    assert_eq!(app.run_schedule().await, []);
}

#[tokio::test]
async fn what_cannot_be_planned_is_refused_now() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = make::draft(&editor, "Unplanned", json!({})).await;
    for (plan, pointer) in [
        (json!({"publish_at": "2026-06-01T09:00:00Z"}), "/publish_at"),
        (json!({"publish_at": "2026-06-01T10:00:00"}), "/publish_at"),
        (json!({"unpublish_at": "2026-06-02T10:00:00Z"}), "/publish_at"),
        (
            json!({"publish_at": "2026-06-02T10:00:00Z", "unpublish_at": "2026-06-02T10:00:00Z"}),
            "/unpublish_at",
        ),
        (
            json!({"publish_at": "2026-06-02T10:00:00Z", "revision": 2}),
            "/revision",
        ),
        (
            json!({"publish_at": "2026-06-02T10:00:00Z", "revision": 0}),
            "/revision",
        ),
        (json!({"publish_at": "2026-06-02T10:00:00Z", "at": 1}), "/at"),
    ] {
        let refused = editor.act(&path(&made, "schedule"), plan).await;
        assert_eq!(refused.problem(422, "validation_failed"), [pointer], "{}", refused.text);
    }
    let bare = editor.post(DESK, json!({"title": "Bare"})).await.expect(201);
    let refused = editor
        .act(&path(&bare, "schedule"), json!({"publish_at": "2026-06-02T10:00:00Z"}))
        .await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/body", "/section"]);
    assert_eq!(editor.get("/api/v1/desk/schedule").await.at("/data"), &json!([]));
    assert_eq!(editor.get(&at(&made)).await.json, made.json);
}

#[tokio::test]
async fn under_an_embargo_nobody_sees_it_whatever_is_pressed() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let until = "2026-06-01T15:00:00Z";
    let made = make::draft(&editor, "Embargoed", json!({"embargo_until": until})).await;
    let early = json!({"publish_at": "2026-06-01T14:59:59Z"});
    let refused = editor.act(&path(&made, "schedule"), early).await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/publish_at"]);
    let pressed = editor.act(&path(&made, "publish"), json!({})).await.expect(200);
    assert_eq!(
        (pressed.text_at("/stage"), pressed.text_at("/publish_at")),
        ("scheduled".to_owned(), until.to_owned())
    );
    reader.get("/api/v1/articles/embargoed").await.problem(404, "not_found");
    let again = editor.act(&path(&made, "publish"), json!({})).await.expect(200);
    assert_eq!(again.text_at("/stage"), "scheduled", "pressed twice");

    let later = editor
        .patch(&at(&made), json!({"embargo_until": "2026-06-01T16:00:00Z"}))
        .await
        .expect(200);
    assert_eq!(later.text_at("/publish_at"), "2026-06-01T16:00:00Z");
    assert_eq!(later.at("/revision"), &json!(1), "an embargo is no content");
    app.clock.advance(TimeDelta::hours(6));
    assert_eq!(app.run_schedule().await, []);
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(app.run_schedule().await, [Ran::Done]);
    reader.get("/api/v1/articles/embargoed").await.expect(200);
    let editor = app.signed_in_again(&editor).await;
    let refused = editor
        .patch(&at(&made), json!({"embargo_until": "2026-07-01T00:00:00Z"}))
        .await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/embargo_until"]);
    editor
        .patch(&at(&made), json!({"embargo_until": null}))
        .await
        .expect(200);
}

#[tokio::test]
async fn what_fails_says_why_and_is_tried_again() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = planned(&editor, "Fails", json!({"publish_at": "2026-06-01T10:00:00Z"})).await;
    let before = editor.get(&at(&made)).await;
    // Another article went out under this slug, behind the desk's back.
    let other = make::draft(&editor, "Other", json!({})).await;
    let other: uuid::Uuid = other.id().parse().unwrap();
    let taken = masthead::db::public_slugs::claim(&mut *app.conn().await, "fails", other, app.clock.now()).await;
    assert!(taken.unwrap());
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(app.run_schedule().await, [Ran::Failed]);
    let listed = editor.get("/api/v1/desk/schedule").await;
    assert_eq!(listed.at("/data/0/attempts"), &json!(1));
    assert!(
        listed.text_at("/data/0/last_error").contains("fails"),
        "{}",
        listed.text
    );
    assert_eq!(listed.text_at("/data/0/try_at"), "2026-06-01T10:00:30Z");
    assert_eq!(
        editor.get(&at(&made)).await.json,
        before.json,
        "nothing else has changed"
    );
    assert_eq!(app.run_schedule().await, [], "not before its time");
    masthead::db::public_slugs::forget(&mut *app.conn().await, other)
        .await
        .unwrap();
    app.clock.advance(TimeDelta::seconds(30));
    assert_eq!(app.run_schedule().await, [Ran::Done]);
    app.anonymous().get("/api/v1/articles/fails").await.expect(200);
}
