//! One decision on a site with more comments than one call looks at.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use masthead::clock::new_id;
use masthead::db;
use masthead::db::comments::CommentRow;
use masthead::domain::comment::{CommentQueue, CommentStatus, Place};
use serde_json::{Value, json};

use super::{bulk, outcomes};
use crate::comments::Scene;

/// A dry run that a filter finds comments for.
fn trial(action: &str, filter: &Value, cursor: &Value) -> Value {
    json!({"action": action, "filter": filter, "dry_run": true, "cursor": cursor})
}

/// A site on which three old and two new comments sell something, with six thousand of spam between them.
async fn busy() -> Scene {
    let scene = Scene::new().await;
    let newest = scene.post("Toll pass", None).await.id();
    let mut conn = scene.app.conn().await;
    let model = db::comments::find(&conn, newest.parse().unwrap())
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
