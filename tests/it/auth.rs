//! Signing in: by whom, with what, and what those hear who may not.

mod crowds;
mod ended;
mod forged;
mod me;
mod refresh;
mod register;
mod sessions;

use masthead::config::Config;
use masthead::db;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::{Answer, Client};

const LOGIN: &str = "/api/v1/auth/login";
const TOKEN: &str = "/api/v1/auth/token";
const ME: &str = "/api/v1/auth/me";

/// Signs `client`'s account in anew.
async fn login(app: &TestApp, client: &Client) -> Answer {
    login_with(app, &client.account().email, PASSWORD).await
}

async fn login_with(app: &TestApp, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    app.anonymous().post(LOGIN, body).await
}

/// Whoever holds the tokens of this answer.
fn holder(app: &TestApp, answer: &Answer) -> Client {
    app.bearer(&answer.text_at("/access_token"))
}

/// The same as `problem` says it, but for what names the request.
fn without_request(mut problem: Value) -> Value {
    problem.as_object_mut().unwrap().remove("request_id");
    problem
}

#[tokio::test]
async fn a_right_password_opens_the_desk() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let answer = login(&app, &editor).await.expect(200);
    assert_eq!(answer.json["token_type"], "Bearer");
    assert_eq!(answer.json["expires_in"], 8 * 3600);
    assert_eq!(answer.json["user"]["email"], editor.account().email);
    assert_eq!(answer.json["user"]["role"], "editor");
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let signed_in = holder(&app, &answer);
    signed_in.get("/api/v1/desk/sections").await.expect(200);
    let me = signed_in.get(ME).await.expect(200);
    assert_eq!(me.json, answer.json["user"]);
}

#[tokio::test]
async fn the_address_is_found_in_any_spelling() {
    let app = TestApp::start().await;
    let email = app.editor().await.account().email.to_uppercase();
    login_with(&app, &format!("  {email}\n"), PASSWORD).await.expect(200);
}

#[tokio::test]
async fn wrong_passwords_and_unknown_addresses_hear_the_same() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let wrong = login_with(&app, &editor.account().email, "not the password").await;
    wrong.problem(401, "invalid_credentials");
    assert!(wrong.header("www-authenticate").starts_with("Bearer"));
    let long = "x".repeat(100_000);
    for (email, password) in [
        ("nobody@paper.example", PASSWORD),
        ("nul\0@paper.example", PASSWORD),
        ("", ""),
        ("no address", "nul\0"),
        (editor.account().email.as_str(), long.as_str()),
        (long.as_str(), PASSWORD),
        ("' OR 1=1 --", "' OR 1=1 --"),
    ] {
        let unknown = login_with(&app, email, password).await;
        assert_eq!(without_request(unknown.json), without_request(wrong.json.clone()));
    }
}

#[tokio::test]
async fn only_who_knows_the_password_learns_that_an_account_is_disabled() {
    let app = TestApp::start().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let path = format!("/api/v1/desk/users/{}", editor.account().id);
    admin.patch(&path, json!({"disabled": true})).await.expect(200);
    login(&app, &editor).await.problem(403, "account_disabled");
    let email = &editor.account().email;
    login_with(&app, email, "not the password")
        .await
        .problem(401, "invalid_credentials");
    admin.patch(&path, json!({"disabled": false})).await.expect(200);
    login(&app, &editor).await.expect(200);
}

#[tokio::test]
async fn bodies_are_checked_field_by_field() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let refused = nobody.post(LOGIN, json!({"email": "a@b.example"})).await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/password"]);
    let refused = nobody.post(LOGIN, json!({"email": 7, "password": "x"})).await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/email"]);
    let refused = nobody
        .post(LOGIN, json!({"email": "a", "password": "x", "otp": "1"}))
        .await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/otp"]);
    let surrogate = r#"{"email": "\ud800", "password": "x"}"#;
    let request = nobody
        .request(Method::POST, LOGIN)
        .header("content-type", "application/json");
    nobody.send(request.body(surrogate)).await.problem(400, "invalid_json");
    let request = nobody.request(Method::POST, LOGIN).body("email=a");
    nobody.send(request).await.problem(415, "unsupported_media_type");
}

#[tokio::test]
async fn a_hash_of_less_effort_is_made_anew() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let stored = async |app: &TestApp| {
        let found = db::users::find(&mut *app.conn().await, editor.account().id).await;
        found.unwrap().unwrap()
    };
    let mut weak = stored(&app).await;
    // The same password with less memory than is asked for today.
    weak.password_hash = weak_hash(PASSWORD);
    db::users::update(&mut *app.conn().await, &weak).await.unwrap();
    login(&app, &editor).await.expect(200);
    let after = stored(&app).await;
    assert!(after.password_hash.contains("m=33792,t=2,p=1"), "rehashed");
    assert_eq!(after.version, weak.version, "nothing that anybody can see has changed");
    login(&app, &editor).await.expect(200);
    assert_eq!(stored(&app).await.password_hash, after.password_hash);
}

fn weak_hash(password: &str) -> String {
    use argon2::password_hash::PasswordHasher;
    use argon2::{Algorithm, Argon2, Params, Version};
    let params = Params::new(8192, 1, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: argon2::PasswordHash = argon2.hash_password(password.as_bytes()).unwrap();
    hash.to_string()
}

#[tokio::test]
async fn oauth_signs_in_with_a_form_and_ignores_the_basic_header() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let nobody = app.anonymous();
    let ask = |form: String| {
        let request = nobody.request(Method::POST, TOKEN);
        // As Swagger's Authorize dialog does: an empty client id and secret.
        let request = request.header("authorization", "Basic Og==");
        nobody.send(
            request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form),
        )
    };
    let email = editor.account().email.replace('@', "%40");
    let right = format!("grant_type=password&username={email}&password=correct+horse%20battery&scope=&client_id=x");
    let answer = ask(right.clone()).await.expect(200);
    holder(&app, &answer).get(ME).await.expect(200);
    let refused = ask(right.replace("horse", "mule")).await;
    refused.problem(401, "invalid_credentials");
    let refused = ask(right.replace("=password&", "=client_credentials&")).await;
    assert_eq!(refused.problem(400, "invalid_parameter"), ["grant_type"]);
    assert_eq!(refused.json["errors"][0]["allowed"], json!(["password"]));
    for (left_out, name) in [
        ("grant_type=", "grant_type"),
        ("username=", "username"),
        ("password=", "password"),
    ] {
        let form: Vec<&str> = right.split('&').filter(|pair| !pair.starts_with(left_out)).collect();
        let refused = ask(form.join("&")).await;
        assert_eq!(refused.problem(400, "invalid_parameter"), [name]);
    }
    let refused = ask(format!("{right}&username=other")).await;
    assert_eq!(refused.problem(400, "invalid_parameter"), ["username"]);
    let refused = ask("grant_type=password&username=%00&password=x".to_owned()).await;
    assert_eq!(refused.problem(400, "invalid_parameter"), ["username"]);
    let json = nobody.post(TOKEN, json!({"grant_type": "password"})).await;
    json.problem(415, "unsupported_media_type");
}

#[tokio::test]
async fn production_tokens_live_as_long_as_is_set() {
    let short = |config: &mut Config| config.tokens.access_token_ttl = std::time::Duration::from_secs(900);
    let app = TestApp::with(short).await;
    let answer = login(&app, &app.editor().await).await.expect(200);
    assert_eq!(answer.json["expires_in"], 900);
    let holder = holder(&app, &answer);
    app.clock.advance(chrono::TimeDelta::seconds(904));
    holder.get(ME).await.expect(200);
    app.clock.advance(chrono::TimeDelta::seconds(1));
    holder.get(ME).await.problem(401, "token_expired");
}

#[tokio::test]
async fn the_guard_speaks_before_the_query_and_the_body_are_judged() {
    let app = TestApp::start().await;
    let desk = "/api/v1/desk/sections";
    let nobody = app.anonymous();
    nobody
        .get("/api/v1/desk/users?nope=1")
        .await
        .problem(401, "not_authenticated");
    nobody
        .get("/api/v1/desk/users/no-id")
        .await
        .problem(401, "not_authenticated");
    nobody
        .post(desk, json!({"nope": 1}))
        .await
        .problem(401, "not_authenticated");
    let reporter = app.reporter().await;
    reporter
        .get("/api/v1/desk/users?nope=1")
        .await
        .problem(403, "permission_denied");
    reporter
        .post(desk, json!({"nope": 1}))
        .await
        .problem(403, "permission_denied");
    let admin = app.admin().await;
    admin
        .get("/api/v1/desk/users?nope=1")
        .await
        .problem(400, "unknown_parameter");
    admin
        .post(desk, json!({"nope": 1}))
        .await
        .problem(422, "validation_failed");
}
