//! API keys: what programs do with them, what they are refused, and how they end.

mod limits;
mod managed;

use chrono::TimeDelta;
use serde_json::json;

use crate::support::TestApp;
use crate::support::client::Client;

pub const KEYS: &str = "/api/v1/desk/api-keys";
pub const ARTICLES: &str = "/api/v1/desk/articles";

#[tokio::test]
async fn a_program_writes_and_publishes_with_the_scopes_of_its_key() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let section = json!({"name": "World", "slug": "world"});
    admin.post("/api/v1/desk/sections", section).await.expect(201);
    let made = admin
        .post(
            KEYS,
            json!({"name": "Wire importer", "scopes": ["articles:write", "articles:publish"]}),
        )
        .await
        .expect(201);
    assert_eq!(made.header("location"), format!("{KEYS}/{}", made.id()));
    let key = made.text_at("/key");
    assert!(key.starts_with(&format!("{}_", made.text_at("/prefix"))));
    let program = app.bearer(&key);
    let story = json!({"title": "From the wire", "section": "world", "body": {"source": "It is so."}});
    let article = program.post(ARTICLES, story).await.expect(201);
    assert!(article.at("/created_by").is_null());
    let path = format!("{ARTICLES}/{}", article.id());
    app.clock.advance(TimeDelta::seconds(1));
    program.patch(&path, json!({"kicker": "Wire"})).await.expect(200);
    app.clock.advance(TimeDelta::seconds(1));
    program.act(&format!("{path}/publish"), json!({})).await.expect(200);

    let refused = program
        .act(&format!("{path}/kill"), json!({"reason": "No.", "notice": "No."}))
        .await;
    refused.problem(403, "scope_missing");
    let refused = program.get("/api/v1/desk/comments").await;
    refused.problem(403, "scope_missing");
    assert!(
        refused.text_at("/detail").contains("`comments:moderate`"),
        "{}",
        refused.text
    );

    // The log names the key, and whoever collides with it is told so.
    let log = admin
        .get(&format!("/api/v1/desk/audit?key={}", made.id()))
        .await
        .expect(200);
    assert_eq!(
        log.column("action"),
        ["publish_article", "save_article", "create_article"]
    );
    assert_eq!(log.text_at("/data/0/key/name"), "Wire importer");
    assert!(log.at("/data/0/actor").is_null());
    let stale = admin
        .request(reqwest::Method::PATCH, &path)
        .header("If-Match", "\"v1\"")
        .json(&json!({"kicker": "Late"}));
    let stale = admin.send(stale).await;
    stale.problem(412, "version_conflict");
    assert!(
        stale.text_at("/detail").contains("Wire importer: changed kicker"),
        "{}",
        stale.text
    );
}

#[tokio::test]
async fn keys_are_for_programs_and_not_for_what_people_do() {
    let app = TestApp::start().await;
    let program = app
        .key(json!({"scopes": ["articles:write", "operations:manage"]}))
        .await;
    program.get("/api/v1/desk/audit").await.expect(200);
    for path in ["/api/v1/auth/me", "/api/v1/auth/sessions", KEYS, "/api/v1/desk/users"] {
        let refused = program.get(path).await;
        assert_eq!(refused.status, 403, "{path}: {}", refused.text);
        assert!(
            refused.text_at("/detail").contains("API key"),
            "{path}: {}",
            refused.text
        );
    }
    let refused = program.post("/api/v1/auth/logout", json!({})).await;
    refused.problem(403, "permission_denied");
    // A key makes no other key, so none outgrows its scopes.
    let other = json!({"name": "Another", "scopes": ["site:manage"]});
    program.post(KEYS, other).await.problem(403, "permission_denied");
    let wrong = program.get(&format!("{ARTICLES}?created_by=me")).await;
    assert_eq!(wrong.problem(400, "invalid_parameter"), ["created_by"]);
    let wrong = program.get("/api/v1/desk/audit?actor=me").await;
    assert_eq!(wrong.problem(400, "invalid_parameter"), ["actor"]);
}

#[tokio::test]
async fn a_key_ends_at_once_and_everywhere_when_it_is_revoked_or_runs_out() {
    let url = crate::support::db::fresh().await;
    let (app, other) = (TestApp::on(url.clone(), |_| {}).await, TestApp::on(url, |_| {}).await);
    let admin = app.admin().await;
    let made = json!({"name": "For an hour", "scopes": ["articles:read"], "expires_at": "2026-06-01T10:00:00Z"});
    let made = admin.post(KEYS, made).await.expect(201);
    let on = |app: &TestApp| -> Client { app.bearer(&made.text_at("/key")) };
    on(&app).get(ARTICLES).await.expect(200);
    on(&other).get(ARTICLES).await.expect(200);

    // Fewer scopes act at once as well.
    let key = format!("{KEYS}/{}", made.id());
    admin
        .patch(&key, json!({"scopes": ["comments:moderate"]}))
        .await
        .expect(200);
    on(&other).get(ARTICLES).await.problem(403, "scope_missing");
    admin.delete(&key).await.expect(204);
    on(&app).get(ARTICLES).await.problem(401, "invalid_token");
    on(&other).get(ARTICLES).await.problem(401, "invalid_token");
    // Twice is once, and for good.
    admin.delete(&key).await.expect(204);
    admin
        .patch(&key, json!({"name": "Again"}))
        .await
        .problem(409, "conflict");
    assert!(admin.get(&key).await.expect(200).at("/revoked_at").is_string());

    let short = json!({"name": "For an hour", "scopes": ["articles:read"], "expires_at": "2026-06-01T10:00:00Z"});
    let short = app.bearer(&admin.post(KEYS, short).await.expect(201).text_at("/key"));
    short.get(ARTICLES).await.expect(200);
    app.clock.advance(TimeDelta::hours(1));
    let over = short.get(ARTICLES).await;
    over.problem(401, "token_expired");
    assert!(over.header("www-authenticate").contains("invalid_token"));
}

#[tokio::test]
async fn what_is_no_key_is_refused_wherever_a_credential_is_read_and_delivery_reads_none() {
    let app = TestApp::start().await;
    let made = app.admin().await;
    let made = made
        .post(KEYS, json!({"name": "One", "scopes": ["articles:read"]}))
        .await
        .expect(201);
    let key = made.text_at("/key");
    let (start, secret) = key.split_at(key.len() - 43);
    let turned: String = secret.chars().rev().collect();
    let unknown = format!("mhk_000000000000_{secret}");
    for wrong in [
        format!("{start}{turned}"),
        unknown,
        key.to_uppercase(),
        start.to_owned(),
        "mhk_".to_owned(),
    ] {
        app.bearer(&wrong).get(ARTICLES).await.problem(401, "invalid_token");
        let comment = json!({"author_name": "Mara", "body": "At last!"});
        let comment = app.bearer(&wrong).post("/api/v1/articles/none/comments", comment).await;
        comment.problem(401, "invalid_token");
        app.bearer(&wrong).get("/api/v1/articles").await.expect(200);
    }
}
