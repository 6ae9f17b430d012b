//! How administrators make, list and change keys, and what is kept of one.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::schema::api_keys;
use reqwest::Method;
use serde_json::json;

use super::{ARTICLES, KEYS};
use crate::support::TestApp;

#[tokio::test]
async fn a_key_is_shown_once_and_kept_as_a_hash() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let body = json!({"name": "Importer", "scopes": ["articles:read", "articles:read"]});
    let ask = || {
        admin
            .request(Method::POST, KEYS)
            .header("Idempotency-Key", "one")
            .json(&body)
    };
    let made = admin.send(ask()).await.expect(201);
    let key = made.text_at("/key");
    let again = admin.send(ask()).await.expect(201);
    assert_eq!(
        (again.id(), again.header("idempotency-replayed")),
        (made.id(), "true".to_owned())
    );
    assert!(again.at("/key").is_null());
    assert_eq!(made.at("/scopes"), &json!(["articles:read"]));
    assert!(made.at("/sections").is_null());
    let shown = admin.get(&format!("{KEYS}/{}", made.id())).await.expect(200);
    let listed = admin.get(KEYS).await.expect(200);
    let secret = &key[17..];
    for text in [
        &shown.text,
        &listed.text,
        &again.text,
        &admin.get("/api/v1/desk/audit").await.text,
    ] {
        assert!(!text.contains(secret), "{text}");
    }
    let kept: Vec<u8> = api_keys::table
        .select(api_keys::secret_hash)
        .first(&mut app.conn().await)
        .await
        .unwrap();
    assert_eq!(kept.len(), 32);
    assert_ne!(kept, secret.as_bytes());
}

#[tokio::test]
async fn last_use_is_noted_once_a_minute() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let made = admin
        .post(KEYS, json!({"name": "Importer", "scopes": ["articles:read"]}))
        .await
        .expect(201);
    let program = app.bearer(&made.text_at("/key"));
    let path = format!("{KEYS}/{}", made.id());
    let last_used = async || admin.get(&path).await.expect(200).at("/last_used_at").clone();
    assert!(last_used().await.is_null());
    program.get(ARTICLES).await.expect(200);
    assert_eq!(last_used().await, "2026-06-01T09:00:00Z");
    app.clock.advance(TimeDelta::seconds(59));
    program.get(ARTICLES).await.expect(200);
    assert_eq!(last_used().await, "2026-06-01T09:00:00Z");
    app.clock.advance(TimeDelta::seconds(1));
    program.get(ARTICLES).await.expect(200);
    assert_eq!(last_used().await, "2026-06-01T09:01:00Z");
    // It is no change of the key: what was read before is still current.
    let rename = admin
        .request(Method::PATCH, &path)
        .header("If-Match", made.header("etag"));
    admin
        .send(rename.json(&json!({"name": "The importer"})))
        .await
        .expect(200);
}

#[tokio::test]
async fn what_a_key_cannot_be_is_refused_field_by_field() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let section = json!({"name": "World", "slug": "world"});
    admin.post("/api/v1/desk/sections", section).await.expect(201);
    for (body, pointers) in [
        (json!({"name": "", "scopes": []}), vec!["/name", "/scopes"]),
        (json!({"name": "A", "scopes": ["everything"]}), vec!["/scopes/0"]),
        (
            json!({"name": "A", "scopes": ["articles:read"], "sections": []}),
            vec!["/sections"],
        ),
        (
            json!({"name": "A", "scopes": ["articles:read"], "sections": ["wrold"]}),
            vec!["/sections/0"],
        ),
        (
            json!({"name": "A", "scopes": ["articles:read", "site:manage"], "sections": ["world"]}),
            vec!["/sections"],
        ),
        (
            json!({"name": "A", "scopes": ["articles:read"], "expires_at": "2026-06-01T09:00:00Z"}),
            vec!["/expires_at"],
        ),
    ] {
        let refused = admin.post(KEYS, body).await;
        assert_eq!(refused.problem(422, "validation_failed"), pointers);
    }
    let limited = json!({"name": "A", "scopes": ["articles:read"], "sections": ["world"]});
    let made = admin.post(KEYS, limited).await.expect(201);
    assert_eq!(made.text_at("/sections/0/slug"), "world");
    let path = format!("{KEYS}/{}", made.id());
    let wider = admin.patch(&path, json!({"scopes": ["comments:moderate"]})).await;
    assert_eq!(wider.problem(422, "validation_failed"), ["/sections"]);
    let stale = admin.request(Method::PATCH, &path).header("If-Match", "\"v7\"");
    admin
        .send(stale.json(&json!({"name": "B"})))
        .await
        .problem(412, "version_conflict");
    let free = admin
        .patch(&path, json!({"scopes": ["comments:moderate"], "sections": null}))
        .await;
    assert!(free.expect(200).at("/sections").is_null());
}

#[tokio::test]
async fn keys_are_listed_by_name_standing_and_maker() {
    let app = TestApp::start().await;
    let (admin, other) = (app.admin().await, app.admin().await);
    let key = |name: &str| json!({"name": name, "scopes": ["articles:read"]});
    let first = admin.post(KEYS, key("Importer")).await.expect(201);
    app.clock.advance(TimeDelta::seconds(1));
    admin.post(KEYS, key("Exporter")).await.expect(201);
    app.clock.advance(TimeDelta::seconds(1));
    other.post(KEYS, key("Importer of pictures")).await.expect(201);
    admin.delete(&format!("{KEYS}/{}", first.id())).await.expect(204);
    let names = async |query: &str| admin.get(&format!("{KEYS}?{query}")).await.expect(200).column("name");
    assert_eq!(names("limit=2").await, ["Importer of pictures", "Exporter"]);
    assert_eq!(names("q=impo").await, ["Importer of pictures", "Importer"]);
    assert_eq!(names("revoked=true").await, ["Importer"]);
    assert_eq!(
        names(&format!("created_by={}", other.account().id)).await,
        ["Importer of pictures"]
    );
    let page = admin.get(&format!("{KEYS}?limit=2")).await.expect(200);
    let rest = names(&format!("limit=2&cursor={}", page.text_at("/page/next_cursor"))).await;
    assert_eq!(rest, ["Importer"]);
}
