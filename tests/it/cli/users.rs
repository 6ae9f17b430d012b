//! `masthead user`, on the database of a running server.

use std::io::{ErrorKind, Write};
use std::process::{Output, Stdio};

use serde_json::json;

use super::{json_of, masthead};
use crate::support::TestApp;
use crate::support::db::{empty, fresh};

const WORDS: &str = "nine grey herons fly";

/// Runs `masthead user <arguments> --json` with something piped in.
fn user(url: &str, arguments: &[&str], input: &str) -> Output {
    let settings = [
        ("DATABASE_URL", url),
        ("MASTHEAD_ENV", "development"),
        ("MASTHEAD_LOG", "warn"),
    ];
    let arguments = [&["user"], arguments, &["--json"]].concat();
    let mut command = masthead(&settings, &arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    if let Err(error) = child.stdin.take().unwrap().write_all(input.as_bytes()) {
        // A command that refuses its arguments does not wait for its input.
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    }
    child.wait_with_output().unwrap()
}

/// Why the command failed.
#[track_caller]
fn refused(ended: &Output) -> String {
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(!said.contains(WORDS), "{said}");
    said
}

fn create(url: &str, email: &str, role: &str, input: &str) -> Output {
    let arguments = [
        "create",
        "--email",
        email,
        "--name",
        "Ada",
        "--role",
        role,
        "--password-stdin",
    ];
    user(url, &arguments, input)
}

#[tokio::test]
async fn the_first_administrator_is_made_and_signs_in() {
    let url = fresh().await;
    let app = TestApp::on(url.clone(), |_| {}).await;
    let made = json_of(&create(&url, "Ada@Paper.Example", "admin", &format!("{WORDS}\n")));
    assert_eq!(
        (&made["email"], &made["role"]),
        (&json!("ada@paper.example"), &json!("admin"))
    );
    let login = async |password: &str| {
        let body = json!({"email": "ada@paper.example", "password": password});
        app.anonymous().post("/api/v1/auth/login", body).await
    };
    let signed_in = login(WORDS).await.expect(200);
    let admin = app.bearer(&signed_in.text_at("/access_token"));
    admin.get("/api/v1/desk/users").await.expect(200);

    json_of(&user(
        &url,
        &["password", "ada@paper.example", "--password-stdin"],
        "seven boats on a lake\r\n",
    ));
    admin.get("/api/v1/desk/users").await.problem(401, "invalid_token");
    login(WORDS).await.problem(401, "invalid_credentials");
    login("seven boats on a lake").await.expect(200);
}

#[tokio::test]
async fn accounts_are_listed_promoted_disabled_and_enabled() {
    let url = fresh().await;
    json_of(&create(&url, "b@paper.example", "admin", WORDS));
    json_of(&create(&url, "a@paper.example", "reporter", WORDS));
    let users = json_of(&user(&url, &["list"], ""));
    let emails: Vec<&str> = users["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["email"].as_str().unwrap())
        .collect();
    assert_eq!(emails, ["a@paper.example", "b@paper.example"]);
    assert_eq!(
        json_of(&user(&url, &["role", "a@paper.example", "editor"], ""))["role"],
        "editor"
    );
    assert_eq!(
        json_of(&user(&url, &["disable", "a@paper.example"], ""))["disabled"],
        true
    );
    assert_eq!(
        json_of(&user(&url, &["enable", "A@paper.example"], ""))["disabled"],
        false
    );
    let last = refused(&user(&url, &["disable", "b@paper.example"], ""));
    assert!(last.contains("last admin"), "{last}");
}

#[tokio::test]
async fn what_cannot_be_done_is_said_in_words() {
    let url = fresh().await;
    json_of(&create(&url, "a@paper.example", "admin", WORDS));
    for (ended, word) in [
        (
            create(&url, "a@paper.example", "reader", WORDS),
            "belongs to another account",
        ),
        (
            create(&url, "no address", "reader", WORDS),
            "email: must be an e-mail address",
        ),
        (
            create(&url, "b@paper.example", "reader", "tiny"),
            "at least 12 characters",
        ),
        (
            create(&url, "b@paper.example", "reader", "b@paper.example"),
            "too easy to guess",
        ),
        (user(&url, &["disable", "b@paper.example"], ""), "masthead user list"),
    ] {
        let said = refused(&ended);
        assert!(said.contains(word), "{said}");
    }
    let unknown = create(&url, "b@paper.example", "owner", WORDS);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&unknown.stderr).contains("moderator"),
        "it lists the roles"
    );
    let bare = empty().await;
    let said = refused(&create(&bare, "a@paper.example", "admin", WORDS));
    assert!(said.contains("masthead migrate"), "{said}");
}
