//! What is erased is not told again by an answer that was kept for a repeated request.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db;
use masthead::db::schema::idempotency_keys;
use reqwest::Method;
use serde_json::{Value, json};

use crate::comment_rules::RULES;
use crate::comments::{DESK, Scene, THREAD, at};
use crate::support::client::{Answer, Client};

async fn keyed(client: &Client, path: &str, token: &str, body: &Value) -> Answer {
    let request = client.request(Method::POST, path).header("Idempotency-Key", "once");
    client.send(request.header("Comment-Token", token).json(body)).await
}

/// Every answer that is kept, as text.
async fn kept(scene: &Scene) -> String {
    let bodies: Vec<Vec<u8>> = idempotency_keys::table
        .select(idempotency_keys::body)
        .load(&mut scene.app.conn().await)
        .await
        .unwrap();
    let texts = bodies.into_iter().map(|body| String::from_utf8(body).unwrap());
    texts.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn kept_answers_are_erased_with_the_comment_they_tell_of() {
    let scene = Scene::new().await;
    let body = json!({"author_name": "Runa Eik", "body": "My secret words"});
    let posted = keyed(&scene.reader, THREAD, "", &body).await.expect(201);
    let (id, token) = (posted.id(), posted.text_at("/edit_token"));
    let verb = |verb: &str| format!("{DESK}/{id}/{verb}");
    let told = [
        (verb("approve"), json!({})),
        (
            format!("{}/reports", at(&id)),
            json!({"reason": "abuse", "note": "Secret, he says"}),
        ),
        (verb("reject"), json!({"note": "Your secret is out"})),
        (format!("{}/appeal", at(&id)), json!({"text": "My secret is mine"})),
    ];
    let moderators = |path: &str| {
        if path.starts_with(DESK) {
            &scene.moderator
        } else {
            &scene.reader
        }
    };
    keyed(&scene.moderator, &told[0].0, "", &told[0].1).await.expect(200);
    let reply = scene.post("Well said", Some(&id)).await.id();
    let approve_reply = format!("{DESK}/{reply}/approve");
    let quoted = keyed(&scene.moderator, &approve_reply, "", &json!({}))
        .await
        .expect(200);
    assert!(quoted.text.contains("My secret words"), "{}", quoted.text);
    let mut rules = scene.moderator.get(RULES).await.expect(200).at("/rules").clone();
    rules["blocked_words"] = json!(["secret"]);
    let (trial, tried) = (format!("{RULES}/preview"), json!({"rules": rules}));
    let quoted = keyed(&scene.moderator, &trial, "", &tried).await.expect(200);
    assert!(quoted.text.contains("My secret words"), "{}", quoted.text);
    for (path, body) in &told[1..] {
        keyed(moderators(path), path, &token, body).await.expect(200);
    }
    let before = kept(&scene).await;
    for words in ["My secret words", "Secret, he says", "Your secret is out"] {
        assert!(before.contains(words), "{words}: {before}");
    }

    let count = scene.kept().await;
    let erased = keyed(&scene.moderator, &verb("erase"), "", &json!({}))
        .await
        .expect(200);
    let left = kept(&scene).await;
    assert!(
        !left.to_lowercase().contains("secret") && !left.contains("Runa Eik"),
        "{left}"
    );
    let of_requests: Vec<Vec<u8>> = idempotency_keys::table
        .select(idempotency_keys::request_hash)
        .filter(idempotency_keys::route.ne(format!("POST {}", verb("erase"))))
        .load(&mut scene.app.conn().await)
        .await
        .unwrap();
    assert!(of_requests.iter().all(Vec::is_empty), "a hash lets guesses be tried");

    keyed(&scene.reader, THREAD, "", &body).await.problem(410, "gone");
    for (path, body) in &told[..3] {
        keyed(moderators(path), path, "", body).await.problem(410, "gone");
    }
    keyed(&scene.moderator, &trial, "", &tried).await.problem(410, "gone");
    keyed(&scene.moderator, &approve_reply, "", &json!({}))
        .await
        .problem(410, "gone");
    // Who cannot show any more that it is theirs is told nothing of it.
    let asked = keyed(&scene.reader, &told[3].0, &token, &told[3].1).await;
    assert!([403, 404].contains(&asked.status), "{}", asked.text);
    let again = keyed(&scene.moderator, &verb("erase"), "", &json!({}))
        .await
        .expect(200);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.text, erased.text);
    assert_eq!(scene.kept().await, count, "nothing was written again");
}

/// The log cannot be erased: its hashes must not let anybody try out what was written.
#[tokio::test]
async fn the_fingerprint_of_a_comment_knows_no_words() {
    let scene = Scene::new().await;
    let id = scene.post("Guess me", None).await.id();
    let conn = scene.app.conn().await;
    let row = db::comments::find(&conn, id.parse().unwrap()).await;
    let fingerprinted = serde_json::to_string(&row.unwrap().unwrap()).unwrap();
    assert!(fingerprinted.contains(&id) && fingerprinted.contains("version"));
    for personal in ["Guess me", "Runa Eik", "avatar_key", "hash", "user_id"] {
        assert!(!fingerprinted.contains(personal), "{fingerprinted}");
    }
    let account = serde_json::to_string(scene.moderator.account()).unwrap();
    let own = scene.moderator.account();
    assert!(
        !account.contains(&own.email) && !account.contains(&own.name),
        "{account}"
    );
}
