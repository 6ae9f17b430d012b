//! What readers report, and what authors are told and may answer.

use reqwest::Method;
use serde_json::{Value, json};

use crate::comment_rules::{behind_a_proxy, policy, rule};
use crate::comments::{DESK, Scene, at};
use crate::support::client::{Answer, Client};

async fn report(scene: &Scene, id: &str, address: &str, reason: &str) -> Answer {
    report_as(&scene.reader, id, address, reason).await
}

async fn report_as(client: &Client, id: &str, address: &str, reason: &str) -> Answer {
    let request = client.request(Method::POST, &format!("{}/reports", at(id)));
    let body = json!({"reason": reason, "note": "Look at this."});
    client
        .send(request.header("X-Forwarded-For", address).json(&body))
        .await
}

async fn decision(scene: &Scene, id: &str, token: &str) -> Answer {
    let request = scene.reader.request(Method::GET, &format!("{}/decision", at(id)));
    scene.reader.send(request.header("Comment-Token", token)).await
}

async fn appeal(scene: &Scene, id: &str, token: &str, body: Value) -> Answer {
    let request = scene.reader.request(Method::POST, &format!("{}/appeal", at(id)));
    scene
        .reader
        .send(request.header("Comment-Token", token).json(&body))
        .await
}

#[tokio::test]
async fn enough_readers_hide_a_comment_until_a_moderator_decides() {
    let scene = Scene::with(behind_a_proxy).await;
    policy(&scene, "open").await;
    rule(&scene, |rules| rules["reports"]["held_at"] = json!(3)).await;
    let id = scene.post("Rude", None).await.id();
    let first = report(&scene, &id, "192.0.2.1", "abuse").await.expect(200);
    assert_eq!(
        (first.text_at("/reason"), first.text_at("/comment_id")),
        ("abuse".to_owned(), id.clone())
    );
    for _ in 0..3 {
        let again = report(&scene, &id, "192.0.2.1", "spam").await.expect(200);
        assert_eq!(
            again.text_at("/reason"),
            "spam",
            "nobody is told what another said from there"
        );
    }
    let read = scene.moderator.get(&format!("{DESK}/{id}")).await.expect(200);
    assert_eq!(read.at("/report_count"), 1, "a reader counts once");
    assert_eq!(read.text_at("/reports/0/reason"), "abuse");
    report(&scene, &id, "192.0.2.2", "hate").await.expect(200);
    let read = scene.moderator.get(&format!("{DESK}?queue=reported")).await.expect(200);
    assert_eq!(read.column("id"), std::slice::from_ref(&id));
    assert_eq!(
        (read.at("/data/0/report_count"), read.text_at("/data/0/status")),
        (&json!(2), "approved".to_owned())
    );
    assert_eq!(scene.count().await, 1);

    report(&scene, &id, "192.0.2.3", "other").await.expect(200);
    assert_eq!(scene.count().await, 0);
    scene.reader.get(&at(&id)).await.problem(404, "not_found");
    report(&scene, &id, "192.0.2.4", "other")
        .await
        .problem(404, "not_found");
    let read = scene.moderator.get(&format!("{DESK}/{id}")).await.expect(200);
    assert_eq!(
        (read.text_at("/status"), read.text_at("/queue")),
        ("pending".to_owned(), "reported".to_owned())
    );
    assert_eq!(read.at("/reports").as_array().unwrap().len(), 3);
    assert!(!read.text.contains("192.0.2."), "{}", read.text);

    let approved = scene.verb(&id, "approve").await.expect(200);
    assert_eq!(
        (approved.at("/report_count"), approved.at("/queue")),
        (&json!(0), &Value::Null)
    );
    assert!(approved.at("/reports/0/settled_at").is_string());
    for number in 5..9 {
        report(&scene, &id, &format!("192.0.2.{number}"), "abuse")
            .await
            .expect(200);
    }
    let read = scene.moderator.get(&format!("{DESK}/{id}")).await.expect(200);
    assert_eq!(
        (read.text_at("/status"), read.text_at("/queue")),
        ("approved".to_owned(), "reported".to_owned())
    );
    assert_eq!(
        scene.count().await,
        1,
        "whom a moderator has approved after reports, reports hide no more"
    );
}

#[tokio::test]
async fn only_what_readers_see_is_reported_and_for_a_reason() {
    let scene = Scene::new().await;
    let (seen, waiting) = (
        scene.approved("Seen", None).await,
        scene.post("Waiting", None).await.id(),
    );
    report(&scene, &waiting, "192.0.2.1", "abuse")
        .await
        .problem(404, "not_found");
    for (body, pointer) in [
        (json!({}), "/reason"),
        (json!({"reason": "boring"}), "/reason"),
        (json!({"reason": "abuse", "note": "n".repeat(501)}), "/note"),
        (json!({"reason": "abuse", "note": "over\u{202E}ride"}), "/note"),
    ] {
        let refused = scene.reader.post(&format!("{}/reports", at(&seen)), body).await;
        assert_eq!(refused.problem(422, "validation_failed"), [pointer]);
    }
    let read = scene.moderator.get(&format!("{DESK}/{seen}")).await.expect(200);
    assert_eq!((read.at("/report_count"), read.at("/reports")), (&json!(0), &json!([])));
}

#[tokio::test]
async fn an_author_reads_the_reasons_and_appeals_once() {
    let scene = Scene::new().await;
    let posted = scene.post("Off the point", None).await;
    let (id, token) = (posted.id(), posted.text_at("/edit_token"));
    let told = decision(&scene, &id, &token).await.expect(200);
    assert_eq!(
        (told.text_at("/reason"), told.text_at("/decided_by")),
        ("moderated".to_owned(), "rules".to_owned())
    );
    assert_eq!(told.header("cache-control"), "private, no-store");
    appeal(&scene, &id, &token, json!({"text": "Why?"}))
        .await
        .problem(409, "invalid_state_transition");

    scene.app.clock.advance(chrono::TimeDelta::hours(3));
    let body = json!({"reason": "off_topic", "note": "Please write below the budget."});
    scene
        .moderator
        .act(&format!("{DESK}/{id}/reject"), body)
        .await
        .expect(200);
    let told = decision(&scene, &id, &token).await.expect(200);
    for (pointer, value) in [
        ("/status", json!("rejected")),
        ("/decided_by", json!("moderator")),
        ("/decided_at", json!("2026-06-01T12:00:00Z")),
        ("/reason", json!("off_topic")),
        ("/explanation", json!("It is not about the article.")),
        ("/note", json!("Please write below the budget.")),
        ("/may_appeal", json!(true)),
    ] {
        assert_eq!(told.at(pointer), &value, "{pointer}");
    }
    assert!(
        !told.text.contains(&scene.moderator.account().name),
        "moderators are not named"
    );

    for (body, pointer) in [
        (json!({"text": " "}), "/text"),
        (json!({"text": "x".repeat(1001)}), "/text"),
        (json!({}), "/text"),
    ] {
        assert_eq!(
            appeal(&scene, &id, &token, body)
                .await
                .problem(422, "validation_failed"),
            [pointer]
        );
    }
    let asked = appeal(&scene, &id, &token, json!({"text": "The budget is the point."}))
        .await
        .expect(200);
    assert_eq!(
        (asked.text_at("/status"), asked.at("/may_appeal")),
        ("rejected".to_owned(), &json!(false))
    );
    assert_eq!(asked.text_at("/appealed_at"), "2026-06-01T12:00:00Z");
    let waiting = scene.moderator.get(&format!("{DESK}?queue=pending")).await.expect(200);
    assert_eq!(waiting.column("id"), std::slice::from_ref(&id));
    assert!(waiting.text.contains("The budget is the point."));
    appeal(&scene, &id, &token, json!({"text": "Again"}))
        .await
        .problem(409, "invalid_state_transition");

    let body = json!({"reason": "rules", "note": "It stays."});
    let again = scene
        .moderator
        .act(&format!("{DESK}/{id}/reject"), body)
        .await
        .expect(200);
    assert_eq!(
        (again.text_at("/status"), again.at("/queue")),
        ("rejected".to_owned(), &Value::Null)
    );
    assert_eq!(
        decision(&scene, &id, &token).await.expect(200).text_at("/note"),
        "It stays."
    );
    appeal(&scene, &id, &token, json!({"text": "Again"}))
        .await
        .problem(409, "invalid_state_transition");
}

#[tokio::test]
async fn nobody_else_reads_the_reasons_or_appeals() {
    let scene = Scene::new().await;
    let posted = scene.post("Mine", None).await;
    let other = scene.post("Other", None).await;
    scene.verb(&posted.id(), "reject").await.expect(200);
    for token in [
        other.text_at("/edit_token"),
        "forged".to_owned(),
        format!("mhc_{}", "A".repeat(43)),
    ] {
        decision(&scene, &posted.id(), &token).await.problem(404, "not_found");
        let asked = appeal(&scene, &posted.id(), &token, json!({"text": "Please"})).await;
        asked.problem(404, "not_found");
    }
    scene.verb(&posted.id(), "approve").await.expect(200);
    decision(&scene, &posted.id(), "forged")
        .await
        .problem(403, "permission_denied");
    let read = scene
        .moderator
        .get(&format!("{DESK}/{}", posted.id()))
        .await
        .expect(200);
    assert_eq!(read.at("/appealed_at"), &Value::Null);
}

#[tokio::test]
async fn a_reader_is_known_by_the_account_and_else_by_the_address() {
    let scene = Scene::with(behind_a_proxy).await;
    policy(&scene, "open").await;
    rule(&scene, |rules| rules["reports"]["held_at"] = json!(4)).await;
    let id = scene.post("Rude", None).await.id();
    let (one, two) = (scene.app.reader().await, scene.app.reader().await);
    for (client, address, count) in [
        (&one, "192.0.2.1", 1),
        (&one, "192.0.2.2", 1),
        (&two, "192.0.2.1", 2),
        (&scene.reader, "192.0.2.1", 3),
        (&scene.reader, "192.0.2.1", 3),
    ] {
        report_as(client, &id, address, "abuse").await.expect(200);
        let read = scene.moderator.get(&format!("{DESK}/{id}")).await.expect(200);
        assert_eq!(read.at("/report_count"), count, "{address}");
    }
    for token in ["nonsense", ""] {
        let refused = report_as(&scene.app.bearer(token), &id, "192.0.2.3", "abuse").await;
        refused.problem(401, "invalid_token");
    }
    report_as(&two, &id, "192.0.2.1", "abuse").await.expect(200);
    assert_eq!(scene.count().await, 1);
    report(&scene, &id, "192.0.2.3", "abuse").await.expect(200);
    assert_eq!(scene.count().await, 0, "the fourth hides it");
}

#[tokio::test]
async fn who_is_banned_may_report_and_is_not_counted() {
    let scene = Scene::with(behind_a_proxy).await;
    policy(&scene, "open").await;
    rule(&scene, |rules| rules["reports"]["held_at"] = json!(1)).await;
    let id = scene.post("Fine", None).await.id();
    let reader = scene.app.reader().await;
    for ban in [
        json!({"address": "203.0.113.0/24"}),
        json!({"email": reader.account().email}),
    ] {
        scene.moderator.post("/api/v1/desk/comment-bans", ban).await.expect(201);
    }
    report(&scene, &id, "203.0.113.9", "abuse").await.expect(200);
    report_as(&reader, &id, "192.0.2.1", "abuse").await.expect(200);
    let read = scene.moderator.get(&format!("{DESK}/{id}")).await.expect(200);
    assert_eq!(
        (read.at("/report_count"), read.at("/queue"), read.text_at("/status")),
        (&json!(0), &Value::Null, "approved".to_owned())
    );
    for at in 0..2 {
        assert_eq!(read.at(&format!("/reports/{at}/counted")), false);
    }
    report(&scene, &id, "192.0.2.2", "abuse").await.expect(200);
    let read = scene.moderator.get(&format!("{DESK}/{id}")).await.expect(200);
    assert_eq!(read.text_at("/status"), "pending");
    assert_eq!(
        read.at("/decisions").as_array().unwrap().last().unwrap()["detail"],
        "A reader reported it."
    );
}
