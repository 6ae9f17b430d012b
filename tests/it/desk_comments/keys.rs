//! A program that moderates with an API key: it is a moderator, and on record as itself.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::comments::{DESK, Scene, at, own};

#[tokio::test]
async fn what_a_key_decides_a_moderator_decides() {
    let scene = Scene::new().await;
    let program = scene
        .app
        .key(json!({"name": "Night watch", "scopes": ["comments:moderate"]}))
        .await;
    let posted = scene.post("Off the point", None).await;
    let (id, token) = (posted.id(), posted.text_at("/edit_token"));
    scene.app.clock.advance(TimeDelta::seconds(1));
    let rejected = program
        .post(&format!("{DESK}/{id}/reject"), json!({"reason": "off_topic"}))
        .await
        .expect(200);
    assert_eq!(rejected.at("/moderated_by"), &Value::Null);
    assert_eq!(rejected.text_at("/moderated_by_key/name"), "Night watch");
    let last = rejected.at("/decisions").as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["by"], &last["by_key"]["name"]),
        (&Value::Null, &json!("Night watch"))
    );

    let request = scene.reader.request(Method::GET, &format!("{}/decision", at(&id)));
    let told = scene
        .reader
        .send(request.header("Comment-Token", &token))
        .await
        .expect(200);
    assert_eq!(told.text_at("/decided_by"), "moderator");
    assert!(!told.text.contains("Night watch"), "{}", told.text);

    // An edit by a key is none of the author's.
    let changed = program
        .patch(&format!("{DESK}/{id}"), json!({"body": "On the point"}))
        .await;
    let changed = changed.expect(200);
    assert_eq!(changed.text_at("/edits/0/by_key/name"), "Night watch");
    assert_eq!(changed.at("/edits/0/by"), &Value::Null);

    // A person who decides next takes its place.
    let approved = scene.verb(&id, "approve").await.expect(200);
    assert_eq!(approved.at("/moderated_by_key"), &Value::Null);
    assert_eq!(approved.text_at("/moderated_by/name"), scene.moderator.account().name);
    let own = own::patch(&scene, &id, &token, json!({"body": "Off it again"})).await;
    own.problem(409, "invalid_state_transition");
}
