//! One's own sign-ins: listed, and ended.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::schema::sessions;
use reqwest::Method;
use serde_json::json;

use super::{LOGIN, ME, holder, login};
use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::Client;

const SESSIONS: &str = "/api/v1/auth/sessions";
const LOGOUT: &str = "/api/v1/auth/logout";
const REFRESH: &str = "/api/v1/auth/refresh";

#[tokio::test]
async fn signing_out_ends_the_session_and_its_refresh_token() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let answer = login(&app, &editor).await;
    let signed_in = holder(&app, &answer);
    let request = signed_in.request(Method::POST, LOGOUT);
    signed_in.send(request).await.expect(204);
    signed_in.get(ME).await.problem(401, "invalid_token");
    let refused = app.anonymous();
    let token = json!({"refresh_token": answer.text_at("/refresh_token")});
    refused.post(REFRESH, token).await.problem(401, "invalid_token");
    editor.get(ME).await.expect(200);
    refused.post(LOGOUT, json!({})).await.problem(401, "not_authenticated");
}

#[tokio::test]
async fn sessions_are_listed_newest_first_with_what_the_client_calls_itself() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let nobody = app.anonymous();
    for agent in ["Firefox", &"y".repeat(300), "  "] {
        app.clock.advance(TimeDelta::minutes(1));
        let body = json!({"email": editor.account().email, "password": PASSWORD});
        let request = nobody.request(Method::POST, LOGIN).header("user-agent", agent);
        nobody.send(request.json(&body)).await.expect(200);
    }
    let list = editor.get(SESSIONS).await.expect(200);
    assert_eq!(list.column("user_agent"), ["", &"y".repeat(200), "Firefox", ""]);
    let current: Vec<bool> = list
        .at("/data")
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["current"] == true)
        .collect();
    assert_eq!(current, [false, false, false, true]);
    let page = editor
        .get(&format!("{SESSIONS}?limit=3&with_total=true"))
        .await
        .expect(200);
    assert_eq!(page.json["page"]["total"], 4);
    let next = page.text_at("/page/next_cursor");
    assert!(page.header("link").contains(&next));
    let rest = editor
        .get(&format!("{SESSIONS}?limit=3&cursor={next}"))
        .await
        .expect(200);
    assert_eq!(rest.column("id"), list.column("id")[3..]);
    assert_eq!(rest.json["page"]["next_cursor"], json!(null));
    let other = app.editor().await;
    let stolen = other.get(&format!("{SESSIONS}?limit=3&cursor={next}")).await;
    stolen.problem(400, "invalid_cursor");
    editor
        .get(&format!("{SESSIONS}?limit=0"))
        .await
        .problem(400, "invalid_parameter");
}

#[tokio::test]
async fn expired_sessions_are_not_listed() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    login(&app, &editor).await.expect(200);
    app.clock.advance(TimeDelta::days(31));
    let signed_in = holder(&app, &login(&app, &editor).await);
    let list = signed_in.get(SESSIONS).await.expect(200);
    assert_eq!(list.column("id").len(), 1);
}

#[tokio::test]
async fn a_session_is_ended_from_another_of_the_same_account() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    app.clock.advance(TimeDelta::minutes(1));
    let lost = holder(&app, &login(&app, &editor).await);
    let id = &editor.get(SESSIONS).await.column("id")[0];
    let path = format!("{SESSIONS}/{id}");
    app.admin().await.delete(&path).await.problem(404, "not_found");
    lost.get(ME).await.expect(200);
    editor.delete(&path).await.expect(204);
    lost.get(ME).await.problem(401, "invalid_token");
    editor.delete(&path).await.problem(404, "not_found");
    editor
        .delete(&format!("{SESSIONS}/nothing"))
        .await
        .problem(404, "not_found");
    assert_eq!(editor.get(SESSIONS).await.column("id").len(), 1);
}

#[tokio::test]
async fn what_is_over_is_forgotten_at_the_next_sign_in() {
    let app = TestApp::start().await;
    let (editor, other) = (app.editor().await, app.editor().await);
    let ended = login(&app, &editor).await;
    let signed_in = holder(&app, &ended);
    signed_in
        .send(signed_in.request(Method::POST, LOGOUT))
        .await
        .expect(204);
    login(&app, &editor).await;
    assert_eq!(kept(&app, &editor).await, 2, "the one that was ended is gone");
    app.clock.advance(TimeDelta::days(90));
    login(&app, &editor).await;
    assert_eq!(kept(&app, &editor).await, 1, "those that ran out are gone");
    assert_eq!(kept(&app, &other).await, 1, "nobody else's");
}

/// How many sessions of this account the database holds.
async fn kept(app: &TestApp, client: &Client) -> i64 {
    let own = sessions::table.filter(sessions::user_id.eq(client.account().id));
    own.count().get_result(&mut app.conn().await).await.unwrap()
}
