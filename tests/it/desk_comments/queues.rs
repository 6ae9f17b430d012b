//! Piles of work, spam, and what is erased for good.

use serde_json::{Value, json};

use crate::comment_rules::{policy, rule};
use crate::comments::{DESK, Scene, THREAD, at};

#[tokio::test]
async fn every_comment_lies_in_one_pile_until_it_is_decided() {
    let scene = Scene::new().await;
    rule(&scene, |rules| rules["held_words"] = json!(["toll"])).await;
    let (usual, held) = (
        scene.post("One", None).await.id(),
        scene.post("The toll", None).await.id(),
    );
    let spam = scene.post("Two", None).await.id();
    scene.app.clock.advance(chrono::TimeDelta::minutes(1));
    scene.verb(&spam, "spam").await.expect(200);
    let seen = scene.approved("Three", None).await;
    scene
        .reader
        .post(&format!("{}/reports", at(&seen)), json!({"reason": "abuse"}))
        .await
        .expect(200);
    let piles = scene.moderator.get(&format!("{DESK}/queues")).await.expect(200);
    let expected = [("pending", "09:00"), ("reported", "09:01"), ("held", "09:00"), ("spam", "09:00")].map(|(queue, at)| {
        json!({"queue": queue, "count": 1, "count_capped": false, "oldest_at": format!("2026-06-01T{at}:00Z")})
    });
    assert_eq!(piles.at("/data"), &json!(expected));
    for (queue, ids) in [
        ("pending", vec![&usual]),
        ("held", vec![&held]),
        ("spam", vec![&spam]),
        ("reported", vec![&seen]),
        ("all", vec![&usual, &held, &spam, &seen]),
    ] {
        let listed = scene
            .moderator
            .get(&format!("{DESK}?queue={queue}&with_total=true"))
            .await
            .expect(200);
        assert_eq!(listed.at("/page/total"), ids.len(), "{queue}");
        let mut got = listed.column("id");
        got.sort();
        let mut expected: Vec<String> = ids.into_iter().cloned().collect();
        expected.sort();
        assert_eq!(got, expected, "{queue}");
    }
    for id in [&usual, &held, &seen] {
        scene.verb(id, "approve").await.expect(200);
    }
    scene.verb(&spam, "restore").await.expect(200);
    let piles = scene.moderator.get(&format!("{DESK}/queues")).await.expect(200);
    let counts: Vec<&Value> = piles
        .at("/data")
        .as_array()
        .unwrap()
        .iter()
        .map(|pile| &pile["count"])
        .collect();
    assert_eq!(counts, [1, 0, 0, 0], "the restored one waits again");
}

#[tokio::test]
async fn a_rejection_gives_its_reason_and_spam_is_one() {
    let scene = Scene::new().await;
    let id = scene.post("x", None).await.id();
    let reject = async |body: Value| scene.moderator.act(&format!("{DESK}/{id}/reject"), body).await;
    for (body, pointer) in [
        (json!({"reason": "boring"}), "/reason"),
        (json!({"note": "n".repeat(1001)}), "/note"),
        (json!({"why": "x"}), "/why"),
    ] {
        assert_eq!(reject(body).await.problem(422, "validation_failed"), [pointer]);
    }
    let rejected = reject(json!({"reason": "hate", "note": "No."})).await.expect(200);
    let last = rejected.at("/decisions").as_array().unwrap().last().unwrap().clone();
    let by = json!({"id": scene.moderator.account().id, "name": scene.moderator.account().name});
    let expected = json!({
        "rule": "moderator", "outcome": "reject", "reason": "hate", "detail": "No.", "rule_set_version": null,
        "at": "2026-06-01T09:00:00Z", "by": by, "by_key": null,
    });
    assert_eq!(last, expected);
    let spam = reject(json!({"reason": "spam"})).await.expect(200);
    assert_eq!(
        (spam.text_at("/status"), spam.text_at("/queue")),
        ("rejected".to_owned(), "spam".to_owned())
    );
    let again = scene.verb(&id, "spam").await.expect(200);
    assert_eq!(again.header("etag"), spam.header("etag"), "it is spam already");
}

#[tokio::test]
async fn what_is_erased_is_gone_and_its_place_stays() {
    let scene = Scene::new().await;
    policy(&scene, "open").await;
    let body =
        json!({"author_name": "Ottar Holm", "author_email": "ottar@reader.example", "body": "I live at Kelpgate 5"});
    let posted = scene.reader.post(THREAD, body).await.expect(201);
    let (id, token) = (posted.id(), posted.text_at("/edit_token"));
    let changed = crate::comments::own::patch(&scene, &id, &token, json!({"body": "I live at Kelpgate 7"})).await;
    changed.expect(200);
    let reply = scene.post("Which floor?", Some(&id)).await.id();
    let report = json!({"reason": "privacy", "note": "Kelpgate is an address"});
    scene
        .reader
        .post(&format!("{}/reports", at(&id)), report)
        .await
        .expect(200);
    let note = json!({"reason": "privacy", "note": "No Kelpgate here"});
    scene
        .moderator
        .act(&format!("{DESK}/{id}/reject"), note)
        .await
        .expect(200);
    let before = scene.moderator.get(&format!("{DESK}/{id}")).await.expect(200);
    assert!(before.text.contains("Kelpgate 5") && before.text.contains("Ottar"));

    let erased = scene.verb(&id, "erase").await.expect(200);
    for (pointer, value) in [
        ("/status", json!("removed")),
        ("/body", json!("")),
        ("/author_name", json!("")),
        ("/author_email_hash", Value::Null),
        ("/edits", json!([])),
        ("/reports", json!([])),
        ("/erased_at", json!("2026-06-01T09:00:00Z")),
        ("/allowed_actions", json!([])),
    ] {
        assert_eq!(erased.at(pointer), &value, "{pointer}");
    }
    assert_ne!(erased.text_at("/avatar_key"), before.text_at("/avatar_key"));
    let last = erased.at("/decisions").as_array().unwrap().last().unwrap();
    assert_eq!(last["reason"], "erased");
    let log = scene
        .app
        .admin()
        .await
        .get("/api/v1/desk/audit?subject_kind=comment")
        .await
        .expect(200);
    let parent = scene.moderator.get(&format!("{DESK}/{reply}")).await.expect(200);
    for text in [&erased.text, &log.text, &parent.text, &scene.thread().await.text] {
        assert!(!text.contains("Kelpgate") && !text.contains("Ottar"), "{text}");
    }
    assert_eq!(
        scene.verb(&id, "erase").await.expect(200).header("etag"),
        erased.header("etag")
    );
    for verb in ["approve", "reject", "spam", "restore"] {
        scene.verb(&id, verb).await.problem(409, "invalid_state_transition");
    }
    let seen = scene.thread().await;
    assert_eq!(
        (seen.text_at("/data/0/id"), seen.at("/data/0/body_html")),
        (id, &Value::Null)
    );
    assert_eq!(seen.text_at("/data/0/replies/0/id"), reply);
}
