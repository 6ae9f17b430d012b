//! One's own account.

use masthead::domain::permission::Role;
use reqwest::Method;
use serde_json::json;

use super::{ME, holder, login, login_with};
use crate::support::TestApp;
use crate::support::app::PASSWORD;

const MY_PASSWORD: &str = "/api/v1/auth/me/password";
const NEW: &str = "seven boats on a lake";

#[tokio::test]
async fn everybody_reads_what_they_may_do() {
    let app = TestApp::start().await;
    for role in Role::ALL {
        let me = app.user(*role).await.get(ME).await.expect(200);
        assert_eq!(me.json["role"], role.as_str());
        assert_eq!(me.json["permissions"], json!(role.permissions()));
        assert_eq!(me.header("etag"), "\"v1\"");
    }
}

#[tokio::test]
async fn the_name_alone_is_ones_own_to_change() {
    let app = TestApp::start().await;
    let reader = app.reader().await;
    let me = reader.patch(ME, json!({"name": "  Ana  Lima "})).await.expect(200);
    assert_eq!(me.json["name"], "Ana  Lima");
    assert_eq!(me.header("etag"), "\"v2\"");
    let unknown = reader.patch(ME, json!({"role": "admin"})).await;
    assert_eq!(unknown.problem(422, "validation_failed"), ["/role"]);
    for name in ["", "  ", "nul\0", "two\nlines", "\u{202E}", &"x".repeat(101)] {
        let refused = reader.patch(ME, json!({"name": name})).await;
        assert_eq!(refused.problem(422, "validation_failed"), ["/name"], "{name:?}");
    }
    let cleared = reader.patch(ME, json!({"name": null})).await;
    assert_eq!(cleared.problem(422, "validation_failed"), ["/name"]);
    let request = reader.request(Method::PATCH, ME).header("if-match", "\"v1\"");
    let stale = reader.send(request.json(&json!({"name": "B"}))).await;
    stale.problem(412, "version_conflict");
    assert_eq!(reader.get(ME).await.json["name"], "Ana  Lima");
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let email = editor.account().email.clone();
    let other = holder(&app, &login(&app, &editor).await);
    let stranger = app.editor().await;
    let change = json!({"current_password": PASSWORD, "new_password": NEW});
    editor.put(MY_PASSWORD, change.clone()).await.expect(204);
    editor.get(ME).await.expect(200);
    stranger.get(ME).await.expect(200);
    other.get(ME).await.problem(401, "invalid_token");
    login_with(&app, &email, PASSWORD)
        .await
        .problem(401, "invalid_credentials");
    login_with(&app, &email, NEW).await.expect(200);
    let again = editor.put(MY_PASSWORD, change).await;
    assert_eq!(again.problem(422, "validation_failed"), ["/current_password"]);
}

#[tokio::test]
async fn a_password_that_is_none_is_refused_with_the_reason() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let email = editor.account().email.as_str();
    let long = "long ".repeat(26);
    for (new, code) in [
        ("tiny", "too_short"),
        (long.as_str(), "too_long"),
        ("passwordpassword", "too_common"),
        ("aaaaaaaaaaaaaa", "too_common"),
        (email, "too_common"),
    ] {
        let body = json!({"current_password": "wrong", "new_password": new});
        let refused = editor.put(MY_PASSWORD, body).await;
        let fields = refused.problem(422, "validation_failed");
        assert_eq!(fields, ["/new_password", "/current_password"], "all at once");
        assert_eq!(refused.json["errors"][0]["code"], code, "{new}");
        assert_eq!(refused.json["errors"][1]["code"], "wrong_password");
        assert!(!refused.text.contains(new), "{}", refused.text);
    }
    login(&app, &editor).await.expect(200);
}
