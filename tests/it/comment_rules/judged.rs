//! Where comments go, and what is on record about it.

use serde_json::{Value, json};

use super::{decision, policy, rule};
use crate::comments::{DESK, Scene, THREAD};

#[tokio::test]
async fn every_rule_is_on_record_with_its_edition() {
    let scene = Scene::new().await;
    let id = scene.post("I was on the second bus.", None).await.id();
    let read = scene.moderator.get(&format!("{DESK}/{id}")).await.expect(200);
    let rules: Vec<String> = read
        .at("/decisions")
        .as_array()
        .unwrap()
        .iter()
        .map(|decision| decision["rule"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        rules,
        [
            "closed",
            "ban",
            "length",
            "flood_address",
            "flood_email",
            "flood_article",
            "repeat",
            "honeypot",
            "name",
            "blocked_words",
            "held_words",
            "links",
            "policy",
            "new_commenter",
            "history",
            "hook",
        ]
    );
    let expected = json!({
        "rule": "policy", "outcome": "hold", "reason": "moderated", "detail": "Every comment here is looked at first.",
        "rule_set_version": 2, "at": "2026-06-01T09:00:00Z", "by": null, "by_key": null,
    });
    assert_eq!(decision(&scene, &id, "policy").await, expected);
    assert_eq!(decision(&scene, &id, "links").await["outcome"], "pass");
}

#[tokio::test]
async fn words_and_links_decide_where_a_comment_goes() {
    let scene = Scene::new().await;
    policy(&scene, "open").await;
    rule(&scene, |rules| {
        rules["blocked_words"] = json!(["idiot*"]);
        rules["held_words"] = json!(["toll pass"]);
        rules["links"]["held_above"] = json!(1);
        rules["links"]["blocked_hosts"] = json!(["Tolls.Example"]);
    })
    .await;
    for (body, status, queue, found) in [
        ("I was on the second bus.", "approved", Value::Null, None),
        (
            "You \u{456}D\u{cd}OTS!",
            "rejected",
            Value::Null,
            Some(("blocked_words", "blocked_word", "\u{201c}\u{456}D\u{cd}OTS\u{201d}")),
        ),
        (
            "Buy a TOLL  PASS",
            "pending",
            json!("held"),
            Some(("held_words", "held_word", "\u{201c}TOLL  PASS\u{201d}")),
        ),
        (
            "https://a.example https://b.example",
            "pending",
            json!("held"),
            Some(("links", "too_many_links", "2 links.")),
        ),
        (
            "see www.tolls.example now",
            "rejected",
            Value::Null,
            Some(("links", "blocked_host", "www.tolls.example")),
        ),
    ] {
        let posted = scene.post(body, None).await;
        assert_eq!(posted.text_at("/status"), status, "{body}");
        let read = scene
            .moderator
            .get(&format!("{DESK}/{}", posted.id()))
            .await
            .expect(200);
        assert_eq!(read.at("/queue"), &queue, "{body}");
        if let Some((rule, reason, detail)) = found {
            let decision = decision(&scene, &posted.id(), rule).await;
            assert_eq!(
                (&decision["reason"], &decision["detail"]),
                (&json!(reason), &json!(detail))
            );
            assert_eq!(decision["rule_set_version"], 3);
        }
    }
    assert_eq!(
        scene.thread().await.column("body_html"),
        ["<p>I was on the second bus.</p>"]
    );
    assert_eq!(scene.count().await, 1);
}

#[tokio::test]
async fn what_fills_the_hidden_field_is_spam() {
    let scene = Scene::new().await;
    policy(&scene, "open").await;
    let trapped = json!({"author_name": "Bot", "body": "Cheap", "website": "https://tolls.example"});
    let posted = scene.reader.post(THREAD, trapped).await.expect(201);
    assert_eq!(posted.text_at("/status"), "rejected");
    let spam = scene.moderator.get(&format!("{DESK}?queue=spam")).await.expect(200);
    assert_eq!(spam.column("id"), [posted.id()]);
    let person = json!({"author_name": "Runa", "body": "Fine", "website": ""});
    let posted = scene.reader.post(THREAD, person).await.expect(201);
    assert_eq!(posted.text_at("/status"), "approved");
}

#[tokio::test]
async fn who_was_rejected_of_late_waits() {
    let scene = Scene::new().await;
    policy(&scene, "open").await;
    rule(&scene, |rules| {
        rules["history"] = json!({"rejected_percent": 50, "at_least": 2});
    })
    .await;
    let says = async |body: &str| {
        let body = json!({"author_name": "Ottar", "author_email": "ottar@reader.example", "body": body});
        scene.reader.post(THREAD, body).await.expect(201)
    };
    for body in ["One", "Two"] {
        let posted = says(body).await;
        assert_eq!(posted.text_at("/status"), "approved");
        scene.verb(&posted.id(), "reject").await.expect(200);
    }
    let held = says("Three").await;
    assert_eq!(held.text_at("/status"), "pending");
    assert_eq!(decision(&scene, &held.id(), "history").await["outcome"], "hold");
    scene.app.clock.advance(chrono::TimeDelta::days(31));
    assert_eq!(says("Four").await.text_at("/status"), "approved", "thirty days later");
}

#[tokio::test]
async fn who_changes_a_comment_where_they_wrote_it_is_looked_up_once() {
    let scene = Scene::new().await;
    policy(&scene, "open").await;
    rule(&scene, |rules| {
        rules["history"] = json!({"rejected_percent": 50, "at_least": 4});
    })
    .await;
    for body in ["One", "Two"] {
        let posted = scene.post(body, None).await;
        scene.verb(&posted.id(), "reject").await.expect(200);
    }
    let posted = scene.post("Three", None).await;
    let (id, token) = (posted.id(), posted.text_at("/edit_token"));
    let changed = crate::comments::own::patch(&scene, &id, &token, json!({"body": "Four"})).await;
    assert_eq!(changed.expect(200).text_at("/status"), "approved", "three are not four");
}

#[tokio::test]
async fn an_edit_is_judged_anew_and_what_it_replaced_is_kept() {
    let scene = Scene::new().await;
    policy(&scene, "open").await;
    rule(&scene, |rules| rules["held_words"] = json!(["idiot"])).await;
    let posted = scene.post("A fine day", None).await;
    let (id, token) = (posted.id(), posted.text_at("/edit_token"));
    let changed = crate::comments::own::patch(&scene, &id, &token, json!({"body": "What an idiot"})).await;
    assert_eq!(changed.expect(200).text_at("/status"), "pending");
    assert_eq!(scene.count().await, 0);
    let read = scene.moderator.get(&format!("{DESK}/{id}")).await.expect(200);
    let edit = json!([{"body": "A fine day", "edited_at": "2026-06-01T09:00:00Z", "by": null, "by_key": null}]);
    assert_eq!((read.at("/edits"), read.text_at("/queue")), (&edit, "held".to_owned()));
    let outcomes: Vec<&Value> = read
        .at("/decisions")
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["rule"] == "held_words")
        .map(|one| &one["outcome"])
        .collect();
    assert_eq!(outcomes, ["pass", "hold"], "both judgements are on record");
    let back = crate::comments::own::patch(&scene, &id, &token, json!({"body": "What a day"})).await;
    assert_eq!(
        back.expect(200).text_at("/status"),
        "pending",
        "a moderator looks at it first"
    );
    let moderated = scene
        .moderator
        .patch(&format!("{DESK}/{id}"), json!({"body": "What a fine day"}))
        .await
        .expect(200);
    assert_eq!(moderated.text_at("/edits/2/by/name"), scene.moderator.account().name);
    assert_eq!(moderated.text_at("/edits/2/body"), "What a day");
}

#[tokio::test]
async fn rules_do_not_judge_the_newsroom() {
    let scene = Scene::new().await;
    rule(&scene, |rules| rules["blocked_words"] = json!(["toll"])).await;
    let staff = json!({"article_id": scene.article, "body": "The toll is 18 crowns."});
    let said = scene.editor.post(DESK, staff).await.expect(201);
    assert_eq!(
        (said.text_at("/status"), said.at("/decisions")),
        ("approved".to_owned(), &json!([]))
    );
    let said = scene
        .editor
        .post(THREAD, json!({"body": "The toll, again."}))
        .await
        .expect(201);
    assert_eq!(said.text_at("/status"), "approved");
}
