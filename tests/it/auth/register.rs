//! Readers make accounts of their own, where the operator allows it.

use serde_json::json;

use super::{ME, holder, login_with};
use crate::support::TestApp;

const REGISTER: &str = "/api/v1/auth/register";
const WORDS: &str = "a few unrelated words";

#[tokio::test]
async fn registration_is_off_until_the_operator_allows_it() {
    let app = TestApp::start().await;
    let body = json!({"email": "a@readers.example", "name": "A", "password": WORDS});
    let refused = app.anonymous().post(REGISTER, body).await;
    refused.problem(403, "permission_denied");
    assert!(refused.text_at("/detail").contains("closed"));
    let unknown = login_with(&app, "a@readers.example", WORDS).await;
    unknown.problem(401, "invalid_credentials");
}

#[tokio::test]
async fn a_reader_registers_and_is_signed_in() {
    let app = TestApp::with(|config| config.accounts.registration = true).await;
    let nobody = app.anonymous();
    let body = json!({"email": " A@Readers.example", "name": "A Reader", "password": WORDS});
    let answer = nobody.post(REGISTER, body.clone()).await.expect(201);
    assert_eq!(answer.header("location"), ME);
    assert_eq!(answer.json["user"]["email"], "a@readers.example");
    assert_eq!(answer.json["user"]["permissions"], json!(["comments:reader"]));
    let reader = holder(&app, &answer);
    reader.get(ME).await.expect(200);
    reader.get("/api/v1/desk/users").await.problem(403, "permission_denied");
    login_with(&app, "a@readers.example", WORDS).await.expect(200);
    let taken = nobody.post(REGISTER, body).await;
    assert_eq!(taken.problem(422, "validation_failed"), ["/email"]);
    assert_eq!(taken.json["errors"][0]["code"], "email_taken");
}

#[tokio::test]
async fn nobody_registers_as_staff_or_with_bad_fields() {
    let app = TestApp::with(|config| config.accounts.registration = true).await;
    let nobody = app.anonymous();
    let body = json!({"email": "a@readers.example", "name": "A", "password": WORDS, "role": "admin"});
    let refused = nobody.post(REGISTER, body).await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/role"]);
    let body = json!({"email": "a@b", "name": "\u{0}", "password": "short"});
    let refused = nobody.post(REGISTER, body).await;
    let fields = ["/email", "/name", "/password"];
    assert_eq!(refused.problem(422, "validation_failed"), fields, "all at once");
}
