//! What is written down about accounts and sessions.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::schema::audit_log;
use serde_json::{Value, json};

use super::{USERS, WORDS, login, new_user};
use crate::support::TestApp;

#[tokio::test]
async fn every_change_leaves_a_row_that_says_who_and_holds_no_secret() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = admin
        .post(USERS, new_user("ana@paper.example"))
        .await
        .header("location");
    let mut expected = vec![("create_user", true)];
    let mut then = |action, by_admin| {
        app.clock.advance(TimeDelta::seconds(1));
        expected.push((action, by_admin));
    };
    then("sign_in", false);
    let answer = login(&app, "ana@paper.example", WORDS).await.expect(200);
    let ana = app.bearer(&answer.text_at("/access_token"));
    then("change_password", false);
    let change = json!({"current_password": WORDS, "new_password": "seven boats on a lake"});
    ana.put("/api/v1/auth/me/password", change).await.expect(204);
    then("update_user", true);
    admin.patch(&path, json!({"role": "editor"})).await.expect(200);
    then("end_session", false);
    ana.post("/api/v1/auth/logout", json!({})).await.expect(204);
    then("reset_password", true);
    let reset = json!({"password": "nine grey herons fly"});
    admin.post(&format!("{path}/password"), reset).await.expect(204);

    let rows: Vec<(String, Option<uuid::Uuid>, Value)> = audit_log::table
        .order(audit_log::at)
        .select((audit_log::action, audit_log::actor_id, audit_log::details))
        .load(&mut *app.conn().await)
        .await
        .unwrap();
    let seen = rows
        .iter()
        .map(|(action, actor, _)| (action.as_str(), *actor == Some(admin.account().id)));
    assert_eq!(seen.collect::<Vec<_>>(), expected);
    for (action, actor, details) in &rows {
        assert!(actor.is_some(), "{action} has an actor");
        let details = details.to_string();
        for secret in ["argon2", WORDS, "seven boats", "herons", "ana@"] {
            assert!(!details.contains(secret), "{action}: {details}");
        }
    }
}
