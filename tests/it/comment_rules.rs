//! The rules for comments: what they make of what readers write, how they are written and tried.

mod judged;
mod limits;
mod written;

use masthead::config::Config;
use reqwest::Method;
use serde_json::{Value, json};

use crate::comments::{DESK, Scene, THREAD};
use crate::support::client::Answer;

pub const RULES: &str = "/api/v1/desk/comment-rules";

/// Readers are told apart by what a proxy says.
pub fn behind_a_proxy(config: &mut Config) {
    config.http.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
}

/// Changes the rules that hold.
pub async fn rule(scene: &Scene, change: impl FnOnce(&mut Value)) -> Answer {
    let mut rules = scene.moderator.get(RULES).await.expect(200).at("/rules").clone();
    change(&mut rules);
    scene.moderator.put(RULES, json!({"rules": rules})).await.expect(200)
}

/// Says what the article does with comments.
pub async fn policy(scene: &Scene, policy: &str) {
    let path = format!("/api/v1/desk/articles/{}", scene.article);
    let body = json!({"comments_policy": policy});
    scene.editor.patch(&path, body).await.expect(200);
}

/// What somebody at this address writes.
pub async fn from(scene: &Scene, address: &str, body: Value) -> Answer {
    let request = scene
        .reader
        .request(Method::POST, THREAD)
        .header("X-Forwarded-For", address);
    scene.reader.send(request.json(&body)).await
}

/// The one decision of this rule in a comment's trail.
pub async fn decision(scene: &Scene, id: &str, rule: &str) -> Value {
    let read = scene.moderator.get(&format!("{DESK}/{id}")).await.expect(200);
    let decisions = read.at("/decisions").as_array().unwrap();
    let found: Vec<&Value> = decisions.iter().filter(|decision| decision["rule"] == rule).collect();
    assert_eq!(found.len(), 1, "{rule} in {}", read.text);
    found[0].clone()
}
