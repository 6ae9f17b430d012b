//! One decision for many comments.

mod many;

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
