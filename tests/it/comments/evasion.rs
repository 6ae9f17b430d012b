//! What somebody tries who wants to get past the moderators, or to pass for somebody else.

use serde_json::{Value, json};

use super::own::{delete, patch};
use super::{DESK, Scene, THREAD, at};
use crate::comment_rules::{behind_a_proxy, decision, from, policy, rule};
use crate::support::client::Answer;

const BANS: &str = "/api/v1/desk/comment-bans";

async fn report(scene: &Scene, id: &str, address: &str) {
    let request = scene
        .reader
        .request(reqwest::Method::POST, &format!("{}/reports", at(id)));
    let request = request.header("X-Forwarded-For", address);
    scene
        .reader
        .send(request.json(&json!({"reason": "abuse"})))
        .await
        .expect(200);
}

async fn on_the_desk(scene: &Scene, id: &str) -> Answer {
    scene.moderator.get(&format!("{DESK}/{id}")).await.expect(200)
}

/// Where a comment stands: its status and its queue.
async fn stands(scene: &Scene, id: &str) -> (String, Value) {
    let read = on_the_desk(scene, id).await;
    (read.text_at("/status"), read.at("/queue").clone())
}

fn says(name: &str, email: Option<&str>, body: &str) -> Value {
    json!({"author_name": name, "author_email": email, "body": body})
}

#[tokio::test]
async fn an_edit_shows_nothing_that_waits_and_hides_no_report() {
    let scene = Scene::with(behind_a_proxy).await;
    policy(&scene, "open").await;
    rule(&scene, |rules| {
        rules["reports"]["held_at"] = json!(2);
        rules["held_words"] = json!(["gizmo"]);
    })
    .await;
    let reported = scene.post("Rude words", None).await;
    let (id, token) = (reported.id(), reported.text_at("/edit_token"));
    report(&scene, &id, "192.0.2.1").await;
    patch(&scene, &id, &token, json!({"body": "Rude words!"}))
        .await
        .expect(200);
    assert_eq!(stands(&scene, &id).await, ("approved".to_owned(), json!("reported")));
    report(&scene, &id, "192.0.2.2").await;
    patch(&scene, &id, &token, json!({"body": "Kind words"}))
        .await
        .expect(200);
    assert_eq!(stands(&scene, &id).await, ("pending".to_owned(), json!("reported")));
    scene.reader.get(&at(&id)).await.problem(404, "not_found");

    let held = scene.post("A gizmo", None).await;
    let (id, token) = (held.id(), held.text_at("/edit_token"));
    patch(&scene, &id, &token, json!({"body": "A gadget"}))
        .await
        .expect(200);
    assert_eq!(stands(&scene, &id).await, ("pending".to_owned(), json!("held")));

    // What a moderator put back waits for a moderator.
    let rejected = scene.post("Off topic", None).await;
    let (id, token) = (rejected.id(), rejected.text_at("/edit_token"));
    scene.verb(&id, "reject").await.expect(200);
    scene.verb(&id, "restore").await.expect(200);
    patch(&scene, &id, &token, json!({"body": "On topic"}))
        .await
        .expect(200);
    assert_eq!(stands(&scene, &id).await, ("pending".to_owned(), json!("pending")));
}

#[tokio::test]
async fn an_edit_is_a_copy_or_a_banned_one_as_a_comment_is() {
    let scene = Scene::with(behind_a_proxy).await;
    policy(&scene, "open").await;
    rule(&scene, |rules| {
        rules["repeat"] = json!({"same_author_seconds": 60, "copies_a_day": 2});
    })
    .await;
    let advert = "Get two for the price of one, this week alone.";
    for address in ["192.0.2.1", "192.0.2.2"] {
        from(&scene, address, says("Runa", None, advert)).await.expect(201);
    }
    let posted = from(&scene, "192.0.2.3", says("Runa", None, "I was there."))
        .await
        .expect(201);
    let (id, token) = (posted.id(), posted.text_at("/edit_token"));
    assert_eq!(stands(&scene, &id).await.0, "approved");
    patch(&scene, &id, &token, json!({"body": advert})).await.expect(200);
    assert_eq!(stands(&scene, &id).await, ("pending".to_owned(), json!("held")));

    let posted = from(
        &scene,
        "192.0.2.4",
        says("Ola", Some("ola@reader.example"), "Fine so far."),
    )
    .await
    .expect(201);
    scene
        .moderator
        .post(BANS, json!({"email": "ola@reader.example"}))
        .await
        .expect(201);
    let (id, token) = (posted.id(), posted.text_at("/edit_token"));
    let refused = patch(&scene, &id, &token, json!({"body": "And not any more."})).await;
    refused.problem(403, "permission_denied");
    assert_eq!(on_the_desk(&scene, &id).await.text_at("/body"), "Fine so far.");
}

#[tokio::test]
async fn what_the_newsroom_cut_its_author_does_not_bring_back() {
    let scene = Scene::new().await;
    policy(&scene, "open").await;
    let posted = scene.post("Rude words", None).await;
    let (id, token) = (posted.id(), posted.text_at("/edit_token"));
    let cut = json!({"body": "[cut]"});
    scene.moderator.patch(&format!("{DESK}/{id}"), cut).await.expect(200);
    let refused = patch(&scene, &id, &token, json!({"body": "Rude words"})).await;
    refused.problem(409, "invalid_state_transition");
    assert_eq!(on_the_desk(&scene, &id).await.text_at("/body"), "[cut]");
    delete(&scene, &id, &token).await.expect(204);
}

#[tokio::test]
async fn what_was_rejected_stays_on_the_record() {
    let scene = Scene::new().await;
    policy(&scene, "open").await;
    rule(&scene, |rules| {
        rules["history"] = json!({"rejected_percent": 50, "at_least": 2});
    })
    .await;
    for body in ["One rude word", "Two rude words"] {
        let posted = scene.post(body, None).await;
        scene.verb(&posted.id(), "reject").await.expect(200);
        let refused = delete(&scene, &posted.id(), &posted.text_at("/edit_token")).await;
        refused.problem(409, "invalid_state_transition");
    }
    let next = scene.post("Three kind words", None).await;
    assert_eq!(decision(&scene, &next.id(), "history").await["outcome"], "hold");
}

#[tokio::test]
async fn whoever_signs_with_an_accounts_address_is_not_its_owner() {
    let scene = Scene::with(behind_a_proxy).await;
    policy(&scene, "moderated_first").await;
    let owner = scene.app.reader().await;
    let email = owner.account().email.clone();
    let first = owner
        .post(THREAD, json!({"body": "I signed in to say this."}))
        .await
        .expect(201);
    assert_eq!(first.text_at("/status"), "pending");
    scene.verb(&first.id(), "approve").await.expect(200);
    let trusted = owner.post(THREAD, json!({"body": "And this."})).await.expect(201);
    assert_eq!(trusted.text_at("/status"), "approved");

    // Their trust is not for the taking, nor is their face.
    let taken = from(&scene, "192.0.2.9", says("Them", Some(&email), "I am them."))
        .await
        .expect(201);
    assert_eq!(taken.text_at("/status"), "pending");
    assert_ne!(taken.text_at("/avatar_key"), trusted.text_at("/avatar_key"));
    // Nor do they suffer by it.
    let ban = json!({"comment_id": taken.id(), "kind": "email"});
    scene.moderator.post(BANS, ban).await.expect(201);
    let refused = from(&scene, "192.0.2.8", says("Them", Some(&email), "It is me again.")).await;
    refused.problem(403, "permission_denied");
    owner.post(THREAD, json!({"body": "It was not me."})).await.expect(201);
    // Whom a moderator means is banned however they come.
    scene.moderator.post(BANS, json!({"email": email})).await.expect(201);
    let refused = owner.post(THREAD, json!({"body": "And now it is."})).await;
    refused.problem(403, "permission_denied");
}

#[tokio::test]
async fn names_are_read_as_texts_are() {
    let scene = Scene::new().await;
    policy(&scene, "open").await;
    rule(&scene, |rules| {
        rules["blocked_words"] = json!(["viagra"]);
        rules["links"]["blocked_hosts"] = json!(["spam.example"]);
    })
    .await;
    let says = async |name: &str| {
        let body = json!({"author_name": name, "body": format!("I was there, says {}.", name.len())});
        scene.reader.post(THREAD, body).await.expect(201)
    };
    assert_eq!(says("V1agra shop").await.text_at("/status"), "rejected");
    assert_eq!(says("see www.spam.example").await.text_at("/status"), "rejected");
    let editor = scene.editor.account().name.clone();
    let signed = says(&editor.to_uppercase()).await;
    assert_eq!(signed.text_at("/status"), "pending");
    assert_eq!(decision(&scene, &signed.id(), "name").await["reason"], "impersonation");
    assert_eq!(says("Runa Eik").await.text_at("/status"), "approved");
}
