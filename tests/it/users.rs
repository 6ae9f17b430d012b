//! Accounts on the desk: for admins alone.

mod audit;

use chrono::TimeDelta;
use futures_util::future::join_all;
use masthead::domain::permission::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::{Answer, Client};

const USERS: &str = "/api/v1/desk/users";
const ME: &str = "/api/v1/auth/me";
const WORDS: &str = "a few unrelated words";

fn new_user(email: &str) -> Value {
    json!({"email": email, "name": "Ana Lima", "role": "reporter", "password": WORDS})
}

fn of(client: &Client) -> String {
    format!("{USERS}/{}", client.account().id)
}

async fn login(app: &TestApp, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    app.anonymous().post("/api/v1/auth/login", body).await
}

#[tokio::test]
async fn an_account_is_created_read_and_changed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let created = admin.post(USERS, new_user(" Ana@Paper.Example ")).await.expect(201);
    assert_eq!(created.json["email"], "ana@paper.example");
    assert_eq!(created.json["disabled"], false);
    assert_eq!(created.json["author"], json!(null));
    assert_eq!(created.header("etag"), "\"v1\"");
    let path = format!("{USERS}/{}", created.id());
    assert_eq!(created.header("location"), path);
    let read = admin.get(&path).await.expect(200);
    assert_eq!(read.json, created.json);
    assert!(!read.text.contains("argon2"), "no hash is shown");
    let change = json!({"name": "Ana M. Lima", "role": "editor"});
    let changed = admin.patch(&path, change).await.expect(200);
    assert_eq!(
        (&changed.json["name"], &changed.json["role"]),
        (&json!("Ana M. Lima"), &json!("editor"))
    );
    assert_eq!(changed.header("etag"), "\"v2\"");
    for field in ["name", "role", "disabled"] {
        let cleared = admin.patch(&path, json!({field: null})).await;
        assert_eq!(cleared.problem(422, "validation_failed"), [format!("/{field}")]);
    }
    assert_eq!(admin.get(&path).await.expect(200).json, changed.json);
    let request = admin.request(Method::PATCH, &path).header("if-match", "\"v1\"");
    let stale = admin.send(request.json(&json!({"role": "admin"}))).await;
    stale.problem(412, "version_conflict");
    login(&app, "ana@paper.example", WORDS).await.expect(200);
}

#[tokio::test]
async fn only_admins_manage_accounts() {
    let app = TestApp::start().await;
    let target = of(&app.reader().await);
    for role in [Role::Editor, Role::Reporter, Role::Moderator, Role::Reader] {
        let other = app.user(role).await;
        other.get(USERS).await.problem(403, "permission_denied");
        other.get(&target).await.problem(403, "permission_denied");
        other
            .post(USERS, new_user("x@paper.example"))
            .await
            .problem(403, "permission_denied");
        other
            .patch(&target, json!({"role": "admin"}))
            .await
            .problem(403, "permission_denied");
        let reset = other
            .post(&format!("{target}/password"), json!({"password": WORDS}))
            .await;
        reset.problem(403, "permission_denied");
    }
    app.anonymous().get(USERS).await.problem(401, "not_authenticated");
}

#[tokio::test]
async fn bad_fields_are_named_all_at_once_and_nothing_is_created() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let long = format!("{}@paper.example", "a".repeat(250));
    for email in [
        "",
        "ana",
        "a b@paper.example",
        "nul\0@paper.example",
        "ana@paper",
        &long,
    ] {
        let body = json!({"email": email, "name": "two\nlines", "role": "reporter", "password": "short"});
        let refused = admin.post(USERS, body).await;
        let fields = ["/email", "/name", "/password"];
        assert_eq!(refused.problem(422, "validation_failed"), fields, "{email:?}");
    }
    let mut body = new_user("ana@paper.example");
    body["role"] = json!("owner");
    let refused = admin.post(USERS, body).await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/role"]);
    assert_eq!(refused.json["errors"][0]["allowed"][0], "admin");
    let mut body = new_user("ana@paper.example");
    body["id"] = json!("0198c5f2-0000-7000-8000-000000000000");
    let refused = admin.post(USERS, body).await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/id"]);
    assert_eq!(admin.get(USERS).await.column("role"), ["admin"]);
}

#[tokio::test]
async fn an_address_belongs_to_one_account_even_in_a_race() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let answers = join_all((0..4).map(|_| admin.post(USERS, new_user("ana@paper.example")))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422, 422, 422]);
    let lost = answers.iter().find(|answer| answer.status == 422).unwrap();
    assert_eq!(lost.problem(422, "validation_failed"), ["/email"]);
    assert_eq!(lost.json["errors"][0]["code"], "email_taken");
}

#[tokio::test]
async fn a_role_acts_from_the_next_request_on() {
    let app = TestApp::start().await;
    let (admin, reporter) = (app.admin().await, app.reporter().await);
    let section = |name: &str| json!({"name": name});
    let desk = "/api/v1/desk/sections";
    reporter
        .post(desk, section("A"))
        .await
        .problem(403, "permission_denied");
    admin.patch(&of(&reporter), json!({"role": "editor"})).await.expect(200);
    reporter.post(desk, section("A")).await.expect(201);
    admin.patch(&of(&reporter), json!({"role": "reader"})).await.expect(200);
    reporter
        .post(desk, section("B"))
        .await
        .problem(403, "permission_denied");
}

#[tokio::test]
async fn disabling_acts_at_once_and_enabling_revives_no_session() {
    let app = TestApp::start().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let disabled = admin.patch(&of(&editor), json!({"disabled": true})).await.expect(200);
    assert_eq!(disabled.json["disabled"], true);
    let at = disabled.text_at("/disabled_at");
    editor.get(ME).await.problem(401, "invalid_token");
    app.clock.advance(TimeDelta::minutes(1));
    let again = admin.patch(&of(&editor), json!({"disabled": true})).await.expect(200);
    assert_eq!(again.text_at("/disabled_at"), at, "since when it was");
    let enabled = admin.patch(&of(&editor), json!({"disabled": false})).await.expect(200);
    assert_eq!(enabled.json["disabled_at"], json!(null));
    editor.get(ME).await.problem(401, "invalid_token");
    login(&app, &editor.account().email, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn the_last_admin_stays_one() {
    let app = TestApp::start().await;
    let (admin, other) = (app.admin().await, app.admin().await);
    for change in [json!({"disabled": true}), json!({"role": "editor"})] {
        admin.patch(&of(&other), change.clone()).await.expect(200);
        for refused in [json!({"disabled": true}), json!({"role": "editor"})] {
            admin.patch(&of(&admin), refused).await.problem(409, "conflict");
        }
        admin
            .patch(&of(&admin), json!({"name": "Still here", "role": "admin"}))
            .await
            .expect(200);
        let back = json!({"disabled": false, "role": "admin"});
        admin.patch(&of(&other), back).await.expect(200);
    }
    admin.patch(&of(&admin), json!({"role": "editor"})).await.expect(200);
    admin.get(USERS).await.problem(403, "permission_denied");
}

#[tokio::test]
async fn admins_who_demote_each_other_at_the_same_time_leave_one() {
    let app = TestApp::start().await;
    let admins = [app.admin().await, app.admin().await, app.admin().await];
    let demote = |by: usize, whom: usize| {
        let path = of(&admins[whom]);
        let by = admins[by].clone();
        async move { by.patch(&path, json!({"role": "reader"})).await.status }
    };
    let statuses = join_all([demote(0, 1), demote(1, 2), demote(2, 0)]).await;
    assert!(
        statuses.iter().all(|status| [200, 403, 409].contains(status)),
        "{statuses:?}"
    );
    let mut left = 0;
    for admin in &admins {
        left += usize::from(admin.get(USERS).await.status == 200);
    }
    assert!(left >= 1, "{statuses:?}");
}

#[tokio::test]
async fn a_reset_password_ends_every_session() {
    let app = TestApp::start().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let path = format!("{}/password", of(&editor));
    let weak = admin.post(&path, json!({"password": "passwordpassword"})).await;
    assert_eq!(weak.problem(422, "validation_failed"), ["/password"]);
    let own = admin.post(&path, json!({"password": editor.account().email})).await;
    assert_eq!(own.problem(422, "validation_failed"), ["/password"]);
    editor.get(ME).await.expect(200);
    let request = admin.request(Method::POST, &path).header("if-match", "\"v7\"");
    let stale = admin.send(request.json(&json!({"password": WORDS}))).await;
    stale.problem(412, "version_conflict");
    admin.post(&path, json!({"password": WORDS})).await.expect(204);
    editor.get(ME).await.problem(401, "invalid_token");
    let email = &editor.account().email;
    login(&app, email, PASSWORD).await.problem(401, "invalid_credentials");
    login(&app, email, WORDS).await.expect(200);
}

#[tokio::test]
async fn accounts_are_listed_filtered_and_paged_in_every_order() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (email, name, role) in [
        ("c@paper.example", "Bo_b", "reporter"),
        ("b@paper.example", "Ana", "reporter"),
        ("a@paper.example", "Ana", "reader"),
        ("d@paper.example", "Boxb", "reporter"),
    ] {
        app.clock.advance(TimeDelta::minutes(1));
        let mut body = new_user(email);
        body["name"] = json!(name);
        body["role"] = json!(role);
        admin.post(USERS, body).await.expect(201);
    }
    let list = async |query: &str| admin.get(&format!("{USERS}?{query}")).await.expect(200).column("email");
    assert_eq!(list("q=BO_&sort=email").await, ["c@paper.example"]);
    assert_eq!(list("q=d@").await, ["d@paper.example"]);
    assert_eq!(list("role=reader").await, ["a@paper.example"]);
    assert!(list("disabled=true").await.is_empty());
    assert_eq!(list("disabled=false").await.len(), 5);
    for sort in ["name", "email", "-created_at"] {
        let whole = list(&format!("sort={sort}")).await;
        assert_eq!(whole.len(), 5);
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let query = format!("{USERS}?sort={sort}&limit=2&with_total=true{cursor}");
            let page = admin.get(&query).await.expect(200);
            assert_eq!(page.json["page"]["total"], 5);
            seen.extend(page.column("email"));
            let Some(next) = page.json["page"]["next_cursor"].as_str() else {
                break;
            };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, whole, "{sort}");
        let other = if sort == "name" { "email" } else { "name" };
        admin
            .get(&format!("{USERS}?sort={other}{cursor}"))
            .await
            .problem(400, "invalid_cursor");
    }
    assert_eq!(list("sort=-created_at").await[0], "d@paper.example");
    for bad in [
        "sort=role",
        "role=owner",
        "disabled=maybe",
        "limit=101",
        "q=%00",
        "cursor=x",
    ] {
        assert_eq!(admin.get(&format!("{USERS}?{bad}")).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for id in ["0198c5f2-0000-7000-8000-000000000000", "me", "%00"] {
        let path = format!("{USERS}/{id}");
        admin.get(&path).await.problem(404, "not_found");
        admin.patch(&path, json!({"name": "A"})).await.problem(404, "not_found");
        let reset = admin
            .post(&format!("{path}/password"), json!({"password": WORDS}))
            .await;
        reset.problem(404, "not_found");
    }
}
