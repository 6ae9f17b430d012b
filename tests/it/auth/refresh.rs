//! Staying signed in: each refresh token is good once, and what happens to those that are used twice.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

use super::{ME, holder, login};
use crate::support::TestApp;
use crate::support::client::Answer;

const REFRESH: &str = "/api/v1/auth/refresh";

async fn refresh(app: &TestApp, token: &str) -> Answer {
    app.anonymous().post(REFRESH, json!({"refresh_token": token})).await
}

/// A sign-in's refresh token.
async fn first(app: &TestApp) -> (Answer, String) {
    let answer = login(app, &app.editor().await).await.expect(200);
    let token = answer.text_at("/refresh_token");
    (answer, token)
}

#[tokio::test]
async fn each_token_brings_the_next() {
    let app = TestApp::start().await;
    let (answer, mut token) = first(&app).await;
    let user = answer.text_at("/user/id");
    for _ in 0..3 {
        app.clock.advance(TimeDelta::days(20));
        let next = refresh(&app, &token).await.expect(200);
        assert_eq!(next.text_at("/user/id"), user);
        let successor = next.text_at("/refresh_token");
        assert_ne!(successor, token);
        let sessions = holder(&app, &next).get("/api/v1/auth/sessions").await.expect(200);
        let sessions = sessions.at("/data").as_array().unwrap();
        let current = sessions.iter().find(|session| session["current"] == true).unwrap();
        assert_eq!(current["last_used_at"], json!(app.clock.now()));
        token = successor;
    }
    app.clock.advance(TimeDelta::days(30));
    refresh(&app, &token).await.problem(401, "invalid_token");
}

#[tokio::test]
async fn a_lost_answer_can_be_asked_for_again_for_thirty_seconds() {
    let app = TestApp::start().await;
    let (_, token) = first(&app).await;
    let next = refresh(&app, &token).await.expect(200);
    app.clock.advance(TimeDelta::seconds(30));
    let again = refresh(&app, &token).await.expect(200);
    assert_eq!(again.text_at("/refresh_token"), next.text_at("/refresh_token"));
    holder(&app, &again).get(ME).await.expect(200);
    refresh(&app, &again.text_at("/refresh_token")).await.expect(200);
}

#[tokio::test]
async fn after_thirty_seconds_a_used_token_ends_the_session() {
    let app = TestApp::start().await;
    let (_, token) = first(&app).await;
    let next = refresh(&app, &token).await.expect(200);
    app.clock.advance(TimeDelta::seconds(31));
    let refused = refresh(&app, &token).await;
    refused.problem(401, "invalid_token");
    assert!(refused.text_at("/detail").contains("used before"), "{}", refused.text);
    refresh(&app, &next.text_at("/refresh_token"))
        .await
        .problem(401, "invalid_token");
    holder(&app, &next).get(ME).await.problem(401, "invalid_token");
}

#[tokio::test]
async fn a_token_whose_successor_was_used_ends_the_session_at_once() {
    let app = TestApp::start().await;
    let (answer, token) = first(&app).await;
    let second = refresh(&app, &token).await.expect(200);
    let third = refresh(&app, &second.text_at("/refresh_token")).await.expect(200);
    refresh(&app, &token).await.problem(401, "invalid_token");
    refresh(&app, &third.text_at("/refresh_token"))
        .await
        .problem(401, "invalid_token");
    for ended in [&answer, &third] {
        holder(&app, ended).get(ME).await.problem(401, "invalid_token");
    }
}

#[tokio::test]
async fn other_sessions_of_the_same_account_go_on() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (stolen, other) = (login(&app, &editor).await, login(&app, &editor).await);
    let token = stolen.text_at("/refresh_token");
    refresh(&app, &token).await.expect(200);
    app.clock.advance(TimeDelta::minutes(1));
    refresh(&app, &token).await.problem(401, "invalid_token");
    holder(&app, &other).get(ME).await.expect(200);
    refresh(&app, &other.text_at("/refresh_token")).await.expect(200);
}

#[tokio::test]
async fn all_who_refresh_at_the_same_time_get_the_same_successor() {
    let app = TestApp::start().await;
    let (_, token) = first(&app).await;
    let answers = join_all((0..8).map(|_| refresh(&app, &token))).await;
    let mut successors: Vec<String> = answers
        .into_iter()
        .map(|answer| answer.expect(200).text_at("/refresh_token"))
        .collect();
    successors.dedup();
    assert_eq!(successors.len(), 1);
    refresh(&app, &successors[0]).await.expect(200);
}

#[tokio::test]
async fn a_hundred_uses_of_one_token_leave_one_live_branch() {
    let app = TestApp::start().await;
    let (_, token) = first(&app).await;
    let answers = join_all((0..100).map(|_| refresh(&app, &token))).await;
    let mut branches: Vec<String> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .map(|answer| answer.text_at("/refresh_token"))
        .collect();
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 401)));
    branches.sort_unstable();
    branches.dedup();
    assert_eq!(branches.len(), 1);
    let next = refresh(&app, &branches[0]).await.expect(200);
    // Once that branch has grown, none of a hundred goes on, nor does it.
    let again = join_all((0..100).map(|_| refresh(&app, &token))).await;
    assert!(again.iter().all(|answer| answer.status == 401));
    refresh(&app, &next.text_at("/refresh_token"))
        .await
        .problem(401, "invalid_token");
    holder(&app, &next).get(ME).await.problem(401, "invalid_token");
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused() {
    let app = TestApp::start().await;
    let (answer, token) = first(&app).await;
    let unknown = format!("mhr_{}", "A".repeat(43));
    let cut = &token[..token.len() - 1];
    for wrong in ["", "nul\0", &unknown, cut, &answer.text_at("/access_token")] {
        refresh(&app, wrong).await.problem(401, "invalid_token");
    }
    refresh(&app, &token).await.expect(200);
    let refused = app.anonymous().post(REFRESH, json!({"token": token})).await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/token"]);
}

#[tokio::test]
async fn a_refresh_token_is_no_access_token() {
    let app = TestApp::start().await;
    let (_, token) = first(&app).await;
    app.bearer(&token).get(ME).await.problem(401, "invalid_token");
}

#[tokio::test]
async fn a_disabled_account_cannot_stay_signed_in() {
    let app = TestApp::start().await;
    let (answer, token) = first(&app).await;
    let path = format!("/api/v1/desk/users/{}", answer.text_at("/user/id"));
    let admin = app.admin().await;
    admin.patch(&path, json!({"disabled": true})).await.expect(200);
    holder(&app, &answer).get(ME).await.problem(401, "invalid_token");
    refresh(&app, &token).await.problem(401, "invalid_token");
    admin.patch(&path, json!({"disabled": false})).await.expect(200);
    refresh(&app, &token).await.problem(401, "invalid_token");
    holder(&app, &answer).get(ME).await.problem(401, "invalid_token");
}
