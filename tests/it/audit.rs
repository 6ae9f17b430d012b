//! The audit log: it tells who changed what, and it only grows.

use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use masthead::db::{self, Fingerprint};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestApp, make};

const AUDIT: &str = "/api/v1/desk/audit";

#[tokio::test]
async fn every_change_is_one_entry_and_can_be_found() {
    let app = TestApp::start().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let made = make::draft(&editor, "Logged", json!({})).await;
    app.clock.advance(TimeDelta::hours(1));
    let path = format!("/api/v1/desk/articles/{}", made.id());
    let request = editor.request(Method::POST, &format!("{path}/submit"));
    let request = request.header("If-Match", "*").header("X-Request-Id", "the-one");
    editor.send(request.json(&json!({"note": "Ready."}))).await.expect(200);
    editor.act(&format!("{path}/publish"), json!({})).await.expect(200);

    let about = format!("{AUDIT}?subject_kind=article&subject_id={}", made.id());
    let told = admin.get(&about).await.expect(200);
    let mut actions = told.column("action");
    actions.sort();
    assert_eq!(actions, ["create_article", "publish_article", "submit_article"]);
    let one = admin.get(&format!("{AUDIT}?request_id=the-one")).await.expect(200);
    for (pointer, value) in [
        ("/data/0/action", json!("submit_article")),
        ("/data/0/at", json!("2026-06-01T10:00:00Z")),
        ("/data/0/actor/name", json!(editor.account().name)),
        ("/data/0/subject_id", json!(made.id())),
        ("/data/0/details/note", json!("Ready.")),
        ("/page/next_cursor", Value::Null),
    ] {
        assert_eq!(one.at(pointer), &value, "{pointer}");
    }
    let early = format!("{about}&at_before=2026-06-01T10:00:00Z");
    assert_eq!(admin.get(&early).await.column("action"), ["create_article"]);
    let late = format!("{about}&at_after=2026-06-01T10:00:00Z&action=publish_article");
    assert_eq!(admin.get(&late).await.column("action"), ["publish_article"]);
    assert_eq!(admin.get(&format!("{AUDIT}?actor=me")).await.at("/data"), &json!([]));
    let theirs = admin.get(&format!("{about}&actor={}", editor.account().id)).await;
    assert_eq!(theirs.at("/data").as_array().map(Vec::len), Some(3));
    let first = admin.get(&format!("{about}&limit=1")).await;
    let next = first.text_at("/page/next_cursor");
    let second = admin.get(&format!("{about}&limit=1&cursor={next}")).await.expect(200);
    assert_ne!(first.column("id"), second.column("id"));

    editor.get(AUDIT).await.problem(403, "permission_denied");
    for (wrong, parameter) in [
        ("actor=ana", "actor"),
        ("subject_id=1", "subject_id"),
        ("limit=0", "limit"),
    ] {
        let refused = admin.get(&format!("{AUDIT}?{wrong}")).await;
        assert_eq!(refused.problem(400, "invalid_parameter"), [parameter]);
    }
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_or_delete_an_entry() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    make::draft(&editor, "Logged", json!({})).await;
    let mut conn = app.conn().await;
    for change in [
        "UPDATE audit_log SET action = 'nothing'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
    ] {
        let refused = conn.batch_execute(change).await.expect_err(change).to_string();
        assert!(refused.contains("audit_log is append-only"), "{change}: {refused}");
    }
}

/// Each entry begins with what the one before it ended with, and the last one is what is there now: whoever changes an
/// article behind the log's back is found out.
#[tokio::test]
async fn the_entries_of_an_article_are_a_chain() {
    let app = TestApp::start().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    for tag in ["Bridges", "Ferries"] {
        editor.post("/api/v1/desk/tags", json!({"name": tag})).await.expect(201);
    }
    let made = make::draft(&editor, "Chained", json!({"slug": "chained", "tags": ["bridges"]})).await;
    let path = format!("/api/v1/desk/articles/{}", made.id());
    let other = make::published(&editor, "Other", json!({"slug": "other"})).await;
    let note = json!({"kind": "correction", "text": "Wrong.", "patch": {"standfirst": "Right."}});
    let mut number = 0;
    let mut step = async |verb: &str, body: Value| {
        number += 1;
        app.clock.advance(TimeDelta::milliseconds(7));
        let answer = match verb {
            "" => editor.patch(&path, body).await,
            "trash" => editor.delete(&path).await,
            verb => editor.act(&format!("{path}/{verb}"), body).await,
        };
        assert!(answer.status < 300, "{verb}: {}", answer.text);
    };
    step(
        "",
        json!({"title": "Chained again", "embargo_until": "2026-06-01T08:00:00.123456789Z"}),
    )
    .await;
    step("", json!({"featured": true, "assignee": editor.account().id})).await;
    step("submit", json!({})).await;
    step("return", json!({})).await;
    step(
        "schedule",
        json!({"publish_at": "2100-01-01T00:00:00Z", "unpublish_at": "2100-02-01T00:00:00Z"}),
    )
    .await;
    step("unschedule", json!({})).await;
    step("publish", json!({})).await;
    editor
        .act("/api/v1/desk/tags/bridges/merge", json!({"into": "ferries"}))
        .await;
    step("corrections", note).await;
    step("", json!({"slug": "renamed", "related": [other.id()]})).await;
    step("revisions/1/restore", json!({})).await;
    step("publish", json!({})).await;
    step("unpublish", json!({})).await;
    step("kill", json!({"reason": "Wrong.", "notice": "Gone."})).await;
    step("reinstate", json!({})).await;
    step("trash", json!({})).await;
    step("untrash", json!({})).await;

    let log = format!("{AUDIT}?subject_kind=article&subject_id={}&limit=100", made.id());
    let entries = admin.get(&log).await.expect(200);
    let (before, after) = (entries.column("before_hash"), entries.column("after_hash"));
    assert_eq!(before.len(), number + 1);
    assert_eq!(before.last().unwrap(), "", "nothing was there before it was created");
    // Newest first.
    assert_eq!(before[..number], after[1..]);
    assert!(after.iter().all(|hash| hash.len() == 64), "{after:?}");
    let id = made.id().parse().unwrap();
    let (article, _) = db::articles::find_with_head(&mut *app.conn().await, id)
        .await
        .unwrap()
        .unwrap();
    let now = Fingerprint::of(&article).to_vec();
    let hex: Vec<String> = now.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(after[0], hex.concat());
}
