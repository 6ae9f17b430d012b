//! One decision for many comments.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use masthead::clock::new_id;
use masthead::db;
use masthead::db::comments::CommentRow;
use masthead::domain::comment::{CommentQueue, CommentStatus, Place};
use reqwest::Method;
use serde_json::{Value, json};

use crate::comments::{DESK, Scene, at};
use crate::support::client::Answer;

async fn bulk(scene: &Scene, body: Value) -> Answer {
    scene.moderator.post(&format!("{DESK}/bulk"), body).await
}

/// What became of each, in the order told.
fn outcomes(answer: &Answer) -> Vec<(String, String)> {
    let entries = answer.at("/results").as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    entries
        .map(|entry| (text(&entry["id"]), text(&entry["outcome"])))
        .collect()
}

#[tokio::test]
async fn ids_are_decided_on_each_by_itself() {
    let scene = Scene::new().await;
    let (waiting, seen) = (
        scene.post("Waiting", None).await.id(),
        scene.approved("Seen", None).await,
    );
    let erased = scene.post("Erased", None).await.id();
    scene.verb(&erased, "erase").await.expect(200);
    let nobody = "019a0000-0000-7000-8000-000000000000".to_owned();
    let ids = [&waiting, &seen, &erased, &nobody, &waiting];
    let foretold = bulk(&scene, json!({"action": "approve", "ids": ids, "dry_run": true}))
        .await
        .expect(200);
    let done = bulk(&scene, json!({"action": "approve", "ids": ids})).await.expect(200);
    for answer in [&foretold, &done] {
        assert_eq!((answer.at("/matched"), answer.at("/changed")), (&json!(3), &json!(1)));
        let told = outcomes(answer);
        assert_eq!(told.len(), 4);
        for (id, outcome) in [
            (&waiting, "changed"),
            (&seen, "unchanged"),
            (&erased, "refused"),
            (&nobody, "missing"),
        ] {
            assert!(
                told.contains(&(id.clone(), outcome.to_owned())),
                "{id} {outcome}: {told:?}"
            );
        }
    }
    assert_eq!(scene.count().await, 2, "the dry run changed nothing, the other one did");
    let again = bulk(&scene, json!({"action": "approve", "ids": ids})).await.expect(200);
    assert_eq!(again.at("/changed"), 0);
}

#[tokio::test]
async fn a_filter_finds_them_and_every_decision_is_audited() {
    let scene = Scene::new().await;
    let mut sold = Vec::new();
    for number in 0..4 {
        sold.push(scene.post(&format!("Toll pass {number}"), None).await.id());
        scene.post(&format!("Number {number}"), None).await;
    }
    let filter = json!({"queue": "pending", "q": "toll PASS"});
    let body = json!({"action": "reject", "reason": "spam", "note": "No selling.", "filter": filter, "dry_run": true});
    let foretold = bulk(&scene, body.clone()).await.expect(200);
    assert_eq!(
        (foretold.at("/matched"), foretold.at("/changed")),
        (&json!(4), &json!(4))
    );
    let piles = scene.moderator.get(&format!("{DESK}/queues")).await.expect(200);
    assert_eq!(piles.at("/data/0/count"), 8, "nothing has changed");

    let mut body = body;
    body["dry_run"] = json!(false);
    let done = bulk(&scene, body.clone()).await.expect(200);
    let mut told: Vec<String> = outcomes(&done).into_iter().map(|(id, _)| id).collect();
    told.sort();
    sold.sort();
    assert_eq!(told, sold);
    let piles = scene.moderator.get(&format!("{DESK}/queues")).await.expect(200);
    assert_eq!(
        (piles.at("/data/0/count"), piles.at("/data/3/count")),
        (&json!(4), &json!(4))
    );
    assert_eq!(bulk(&scene, body).await.expect(200).at("/matched"), 0);
    let read = scene.moderator.get(&format!("{DESK}/{}", sold[0])).await.expect(200);
    assert_eq!(
        read.at("/decisions").as_array().unwrap().last().unwrap()["detail"],
        "No selling."
    );
    let admin = scene.app.admin().await;
    let log = admin.get("/api/v1/desk/audit?action=spam_comment").await.expect(200);
    assert_eq!(log.at("/data").as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn what_is_meant_must_be_said() {
    let scene = Scene::new().await;
    let id = scene.post("x", None).await.id();
    for (body, pointer) in [
        (json!({"action": "approve"}), ""),
        (
            json!({"action": "approve", "ids": [id], "filter": {"queue": "held"}}),
            "",
        ),
        (json!({"action": "approve", "ids": []}), "/ids"),
        (json!({"action": "approve", "ids": vec![&id; 201]}), "/ids"),
        (json!({"action": "approve", "filter": {}}), "/filter"),
        (json!({"action": "approve", "filter": {"queue": "all"}}), "/filter"),
        (json!({"action": "approve", "filter": {"q": " "}}), "/filter"),
        (
            json!({"action": "approve", "filter": {"q": "x".repeat(101)}}),
            "/filter/q",
        ),
        (json!({"action": "update", "ids": [id]}), "/action"),
        (json!({"action": "purge", "ids": [id]}), "/action"),
        (
            json!({"action": "reject", "ids": [id], "note": "n".repeat(1001)}),
            "/note",
        ),
    ] {
        let refused = bulk(&scene, body.clone()).await;
        assert!(
            refused.problem(422, "validation_failed").contains(&pointer.to_owned()),
            "{body}: {}",
            refused.text
        );
    }
    let read = scene.moderator.get(&format!("{DESK}/{id}")).await.expect(200);
    assert_eq!(read.header("etag"), "\"v1\"");
    let reporter = scene.app.reporter().await;
    let refused = reporter
        .post(&format!("{DESK}/bulk"), json!({"action": "approve", "ids": [id]}))
        .await;
    refused.problem(403, "permission_denied");
}

/// A dry run that a filter finds comments for.
fn trial(action: &str, filter: &Value, cursor: &Value) -> Value {
    json!({"action": action, "filter": filter, "dry_run": true, "cursor": cursor})
}

/// A site on which three old and two new comments sell something, with six thousand of spam between them.
async fn busy() -> Scene {
    let scene = Scene::new().await;
    let newest = scene.post("Toll pass", None).await.id();
    let mut conn = scene.app.conn().await;
    let model = db::comments::find(&mut conn, newest.parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let spam = Place {
        status: CommentStatus::Rejected,
        queue: Some(CommentQueue::Spam),
    };
    let mut rows: Vec<CommentRow> = Vec::new();
    let mut add = |before: TimeDelta, body: &str, place: Place| {
        let at = model.created_at - before;
        let mut row = CommentRow {
            id: new_id(at),
            created_at: at,
            body: body.to_owned(),
            ..model.clone()
        };
        row.put(place);
        rows.push(row);
    };
    for _ in 0..3 {
        add(TimeDelta::days(2), "Toll pass", model.place());
    }
    for number in 0..6000 {
        add(TimeDelta::days(1) - TimeDelta::milliseconds(number), "Buy", spam);
    }
    add(TimeDelta::hours(1), "Toll pass", model.place());
    db::bulk::insert_comments(&mut conn, &rows).await.unwrap();
    drop(conn);
    scene
}

#[tokio::test]
async fn a_text_is_found_however_many_comments_there_are() {
    let scene = busy().await;
    let sold = json!({"q": "toll PASS"});
    // What is spam already is passed over.
    let found = bulk(&scene, trial("spam", &sold, &Value::Null)).await.expect(200);
    assert_eq!((found.at("/matched"), found.at("/changed")), (&json!(5), &json!(5)));
    assert_eq!(
        (found.at("/matched_capped"), found.at("/next_cursor")),
        (&json!(false), &Value::Null)
    );

    // What would change is looked into, the newest first, and the cursor goes on behind it.
    let first = bulk(&scene, trial("approve", &sold, &Value::Null)).await.expect(200);
    assert_eq!(
        (first.at("/matched"), first.at("/matched_capped")),
        (&json!(2), &json!(true))
    );
    let cursor = first.at("/next_cursor");
    let second = bulk(&scene, trial("approve", &sold, cursor)).await.expect(200);
    assert_eq!(
        (second.at("/matched"), second.at("/matched_capped")),
        (&json!(3), &json!(false))
    );
    assert_eq!(second.at("/next_cursor"), &Value::Null);

    for body in [
        trial("approve", &json!({"q": "toll"}), cursor),
        trial("reject", &sold, cursor),
        trial("approve", &sold, &json!("forged")),
    ] {
        bulk(&scene, body).await.problem(400, "invalid_cursor");
    }
    let both = json!({"action": "approve", "ids": [first.at("/results/0/id")], "cursor": cursor});
    assert_eq!(bulk(&scene, both).await.problem(422, "validation_failed"), ["/cursor"]);

    let mut done = 0;
    let mut cursor = Value::Null;
    loop {
        let mut body = trial("approve", &sold, &cursor);
        body["dry_run"] = json!(false);
        let some = bulk(&scene, body).await.expect(200);
        done += some.at("/changed").as_i64().unwrap();
        cursor = some.at("/next_cursor").clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!((done, scene.count().await), (5, 5));
}

#[tokio::test]
async fn a_filter_is_gone_through_to_its_end() {
    let scene = busy().await;
    let mut seen = BTreeSet::new();
    let mut cursor = Value::Null;
    for left in (1..=12).rev() {
        let found = bulk(&scene, trial("restore", &json!({"queue": "spam"}), &cursor))
            .await
            .expect(200);
        assert_eq!(found.at("/matched"), left * 500);
        seen.extend(outcomes(&found));
        cursor = found.at("/next_cursor").clone();
        assert_eq!(cursor.is_null(), left == 1);
    }
    assert_eq!(seen.len(), 6000);
    assert!(seen.iter().all(|(_, outcome)| outcome == "changed"));
}

/// The database passes over what the rules of the house say that an action would not change, and nothing else.
#[tokio::test]
async fn a_filter_finds_what_would_change() {
    let scene = Scene::new().await;
    let mut ids = Vec::new();
    for verb in ["", "approve", "reject", "spam", "erase"] {
        let id = scene.post(&format!("To {verb}"), None).await.id();
        if !verb.is_empty() {
            scene.verb(&id, verb).await.expect(200);
        }
        ids.push(id);
    }
    let removed = scene.approved("Removed", None).await;
    scene.moderator.delete(&format!("{DESK}/{removed}")).await.expect(204);
    let reported = scene.approved("Reported", None).await;
    let report = json!({"reason": "abuse"});
    scene
        .reader
        .post(&format!("{}/reports", at(&reported)), report)
        .await
        .expect(200);
    let own = scene.post("My own", None).await;
    let taken = scene.reader.request(Method::DELETE, &at(&own.id()));
    let taken = taken.header("Comment-Token", own.text_at("/edit_token"));
    scene.reader.send(taken).await.expect(204);
    ids.extend([removed, reported, own.id()]);
    for (action, reason) in [
        ("approve", "rules"),
        ("reject", "rules"),
        ("reject", "spam"),
        ("spam", "rules"),
        ("restore", "rules"),
        ("delete", "rules"),
        ("erase", "rules"),
    ] {
        let body = json!({"action": action, "reason": reason, "dry_run": true, "ids": ids});
        let named = bulk(&scene, body).await.expect(200);
        let body =
            json!({"action": action, "reason": reason, "dry_run": true, "filter": {"article_id": scene.article}});
        let found = bulk(&scene, body).await.expect(200);
        let mut changed = outcomes(&named);
        changed.retain(|(_, outcome)| outcome == "changed");
        let mut found = outcomes(&found);
        changed.sort();
        found.sort();
        assert!(!changed.is_empty());
        assert_eq!(found, changed, "{action} {reason}");
    }
}
