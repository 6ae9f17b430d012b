//! The paper's own service that is asked about comments.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use masthead::config::{CommentHookConfig, Config, Endpoint, Secrets};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::comment_rules::{behind_a_proxy, decision, from, policy, rule};
use crate::comments::{DESK, Scene, THREAD, own};
use crate::support::stub::{Says, Stub, Told};

const SECRET: &str = "a secret that the paper and its service share";
/// Longer than any answer of the stub takes.
const PATIENT: Duration = Duration::from_secs(10);

fn asking(stub: &Stub, timeout: Duration) -> impl FnOnce(&mut Config) + use<> {
    let hook = CommentHookConfig {
        url: Endpoint::parse(&stub.url).unwrap(),
        secrets: Secrets::parse(SECRET).unwrap(),
        timeout,
    };
    move |config| {
        behind_a_proxy(config);
        config.comments.hook = Some(hook);
    }
}

/// A paper whose comments are open but for what the service says.
async fn scene(stub: &Stub, timeout: Duration) -> Scene {
    let scene = Scene::with(asking(stub, timeout)).await;
    policy(&scene, "open").await;
    scene
}

fn signature(told: &Told) -> String {
    let id = &told.headers["webhook-id"];
    let timestamp = &told.headers["webhook-timestamp"];
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{id}.{timestamp}.{}", told.body).as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn it_is_told_what_readers_would_see_and_nothing_of_who_writes() {
    let stub = Stub::start().await;
    let scene = scene(&stub, PATIENT).await;
    let parent = scene.post("First", None).await.id();
    stub.take();
    let body = json!({
        "author_name": "Runa Eik", "author_email": "runa@reader.example", "body": "On the second bus.", "parent_id": parent,
    });
    let posted = from(&scene, "203.0.113.77", body).await.expect(201);
    let asked = stub.take();
    assert_eq!(asked.len(), 1);
    let told = &asked[0];
    assert_eq!(told.line, "POST /hook?of=paper HTTP/1.1");
    assert_eq!(told.headers["content-type"], "application/json");
    assert!(told.headers["user-agent"].starts_with("masthead/"));
    assert_eq!(told.headers["webhook-timestamp"], "1780304400");
    assert!(told.headers["webhook-id"].starts_with("msg_"));
    assert_eq!(told.headers["webhook-signature"], signature(told));
    let expected = json!({
        "type": "comment.submitted",
        "timestamp": "2026-06-01T09:00:00Z",
        "data": {
            "comment": {
                "id": posted.id(), "parent_id": parent, "author_name": "Runa Eik", "body": "On the second bus.",
            },
            "article": {
                "id": scene.article, "slug": "bridge-opens", "url": "http://127.0.0.1:8080/world/bridge-opens",
            },
        },
    });
    assert_eq!(told.json, expected, "nothing else is sent");
    let whole = format!("{:?}", told.headers) + &told.body;
    for personal in ["reader.example", "203.0.113.77", "mhc_"] {
        assert!(!whole.contains(personal), "{whole}");
    }
    let passed = decision(&scene, &posted.id(), "hook").await;
    assert_eq!((&passed["outcome"], &passed["reason"]), (&json!("pass"), &Value::Null));
}

#[tokio::test]
async fn its_decision_is_one_of_the_rules() {
    let stub = Stub::start().await;
    let scene = scene(&stub, PATIENT).await;
    for (says, status, queue) in [
        (json!({"outcome": "pass", "reason": "fine"}), "approved", Value::Null),
        (
            json!({"outcome": "hold", "reason": "heated", "detail": "0.71"}),
            "pending",
            json!("held"),
        ),
        (
            json!({"outcome": "reject", "reason": "abuse", "detail": "0.99"}),
            "rejected",
            Value::Null,
        ),
        (
            json!({"outcome": "reject", "reason": "spam"}),
            "rejected",
            json!("spam"),
        ),
    ] {
        stub.say(Says::json(200, &says));
        let posted = scene.post("Well, well.", None).await;
        assert_eq!(posted.text_at("/status"), status, "{says}");
        let read = scene
            .moderator
            .get(&format!("{DESK}/{}", posted.id()))
            .await
            .expect(200);
        assert_eq!(read.at("/queue"), &queue, "{says}");
        let kept = decision(&scene, &posted.id(), "hook").await;
        for field in ["outcome", "reason"] {
            assert_eq!(kept[field], says[field]);
        }
        assert_eq!(kept["detail"], says.get("detail").cloned().unwrap_or(Value::Null));
    }
}

#[tokio::test]
async fn whatever_else_it_answers_is_skipped() {
    let stub = Stub::start().await;
    let scene = scene(&stub, PATIENT).await;
    let elsewhere = Stub::start().await;
    let redirect = format!("Location: {}\r\n", elsewhere.url);
    let reject = json!({"outcome": "reject", "reason": "spam"});
    for (says, told) in [
        (Says::Status(500, String::new(), reject.to_string()), "answered 500"),
        (Says::Status(201, String::new(), reject.to_string()), "answered 201"),
        (Says::Status(307, redirect.clone(), String::new()), "answered 307"),
        (Says::Status(302, redirect, String::new()), "answered 302"),
        (Says::Status(200, String::new(), "{".to_owned()), "no decision"),
        (Says::json(200, &json!({"outcome": "burn"})), "no decision"),
        (
            Says::json(200, &json!({"outcome": "reject", "detail": "x".repeat(20_000)})),
            "too long",
        ),
        (Says::Noise, "no connection"),
    ] {
        stub.say(says);
        let posted = scene.post("Well, well.", None).await;
        assert_eq!(posted.text_at("/status"), "approved", "{told}");
        let kept = decision(&scene, &posted.id(), "hook").await;
        assert_eq!(
            (&kept["outcome"], &kept["reason"]),
            (&json!("pass"), &json!("hook_unavailable"))
        );
        assert!(kept["detail"].as_str().unwrap().contains(told), "{kept}");
    }
    assert!(elsewhere.take().is_empty(), "nothing is followed elsewhere");
}

#[tokio::test]
async fn nobody_waits_for_it_longer_than_was_said() {
    let stub = Stub::start().await;
    let scene = scene(&stub, Duration::from_millis(50)).await;
    stub.say(Says::Nothing);
    let posted = scene.post("Well, well.", None).await;
    assert_eq!(posted.text_at("/status"), "approved");
    let kept = decision(&scene, &posted.id(), "hook").await;
    assert_eq!(kept["detail"], "Skipped: no answer in time.");
}

#[tokio::test]
async fn while_it_thinks_no_connection_is_held_and_only_so_many_wait() {
    const MOST: usize = 64;
    let stub = Stub::start().await;
    let scene = scene(&stub, PATIENT).await;
    stub.hold_back();
    let post = async |number: usize| {
        let body = json!({"author_name": "Runa", "body": format!("Number {number}")});
        from(&scene, &format!("198.51.100.{number}"), body).await.expect(201)
    };
    let waiting = futures_util::future::join_all((0..MOST).map(post));
    let beside = async {
        stub.asked(MOST).await;
        // Sixteen times as many wait as there are connections; others are served.
        let over = post(MOST).await;
        let kept = decision(&scene, &over.id(), "hook").await;
        assert_eq!(kept["detail"], "Skipped: too many questions are open.");
        stub.let_go();
    };
    let (answered, ()) = futures_util::future::join(waiting, beside).await;
    assert_eq!(answered.len(), MOST);
    assert_eq!(stub.take().len(), MOST);
}

#[tokio::test]
async fn it_is_asked_about_a_change_too() {
    let stub = Stub::start().await;
    let scene = scene(&stub, PATIENT).await;
    let posted = scene.post("Well, well.", None).await;
    let (id, token) = (posted.id(), posted.text_at("/edit_token"));
    stub.take();
    let same = json!({"body": "Well, well."});
    own::patch(&scene, &id, &token, same).await.expect(200);
    let forged = format!("mhc_{}", "A".repeat(43));
    own::patch(&scene, &id, &forged, json!({"body": "Ill."}))
        .await
        .problem(403, "permission_denied");
    assert!(stub.take().is_empty(), "what changes nothing is nobody's question");

    stub.say(Says::json(200, &json!({"outcome": "hold", "reason": "heated"})));
    let changed = own::patch(&scene, &id, &token, json!({"body": "Ill, ill."}))
        .await
        .expect(200);
    assert_eq!(changed.text_at("/status"), "pending");
    let asked = stub.take();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].json["type"], "comment.edited");
    assert_eq!(asked[0].json["data"]["comment"]["body"], "Ill, ill.");
    assert_eq!(asked[0].json["data"]["comment"]["id"], json!(id));
    assert_eq!(asked[0].headers["webhook-signature"], signature(&asked[0]));
}

#[tokio::test]
async fn it_is_not_asked_about_what_is_decided_already() {
    let stub = Stub::start().await;
    let scene = scene(&stub, PATIENT).await;
    rule(&scene, |rules| {
        rules["blocked_words"] = json!(["idiot*"]);
        rules["repeat"]["same_author_seconds"] = json!(60);
    })
    .await;
    let once = async |key: &str, body: &str| {
        let request = scene
            .reader
            .request(Method::POST, THREAD)
            .header("Idempotency-Key", key);
        scene
            .reader
            .send(request.json(&json!({"author_name": "Runa", "body": body})))
            .await
    };
    let first = once("one", "Well, well.").await.expect(201);
    assert_eq!(stub.take().len(), 1);

    let again = once("one", "Well, well.").await.expect(201);
    assert_eq!(again.id(), first.id(), "a repeated request is answered as before");
    once("two", "Well, well.").await.problem(409, "conflict");
    let rejected = scene.post("You idiots", None).await;
    assert_eq!(rejected.text_at("/status"), "rejected");
    let kept = decision(&scene, &rejected.id(), "hook").await;
    assert_eq!(kept["reason"], "hook_not_asked");
    for body in [json!({"author_name": "Runa", "body": ""}), json!({"body": "No name"})] {
        scene.reader.post(THREAD, body).await.problem(422, "validation_failed");
    }
    let nowhere = json!({"author_name": "Runa", "body": "x", "parent_id": "019a0000-0000-7000-8000-000000000000"});
    scene
        .reader
        .post(THREAD, nowhere)
        .await
        .problem(422, "validation_failed");
    let staff = json!({"body": "By the newsroom"});
    let staff = scene.editor.post(THREAD, staff).await.expect(201);
    assert_eq!(staff.text_at("/author_kind"), "staff");
    policy(&scene, "closed").await;
    let late = json!({"author_name": "Runa", "body": "Late"});
    scene
        .reader
        .post(THREAD, late)
        .await
        .problem(409, "invalid_state_transition");
    assert!(stub.take().is_empty());
}
