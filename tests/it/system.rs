//! The way in, the documents, health, and the pages of the error codes.

use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use masthead::error::Code;
use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;
use crate::support::client::{Answer, Client};

async fn browse(client: &Client, path: &str) -> Answer {
    let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    client
        .send(client.request(Method::GET, path).header("Accept", accept))
        .await
}

/// A page that loads nothing from anywhere and runs nothing.
#[track_caller]
fn assert_self_contained(page: &Answer) {
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "text/html; charset=utf-8".to_owned())
    );
    assert!(page.header("vary").starts_with("Accept"), "{}", page.header("vary"));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    for foreign in ["<script", "<link", "<img", "<iframe", "src=", "//", "style=\""] {
        assert!(!page.text.contains(foreign), "{foreign} in {}", page.text);
    }
}

#[tokio::test]
async fn the_root_leads_programs_everywhere() {
    let app = TestApp::start().await;
    let index = app.anonymous().get("/").await.expect(200);
    let base = index.text_at("/openapi").replace("/api/openapi.json", "");
    for (name, path) in [
        ("docs", "/docs/"),
        ("problems", "/problems"),
        ("openapi", "/api/openapi.json"),
    ] {
        assert_eq!(index.json[name], format!("{base}{path}"));
        app.anonymous().get(path).await.expect(200);
    }
}

#[tokio::test]
async fn the_root_shows_browsers_a_page() {
    let app = TestApp::with(|config| config.site.name = "The <b>Bold</b> & \"Quoted\"".to_owned()).await;
    let page = browse(&app.anonymous(), "/").await;
    assert_self_contained(&page);
    assert!(page.text.contains("Nothing is published yet."), "{}", page.text);
    assert!(
        page.text
            .contains("<h1>The &lt;b&gt;Bold&lt;/b&gt; &amp; &quot;Quoted&quot;</h1>"),
        "{}",
        page.text
    );
    assert!(page.text.contains("href=\"/docs/\""), "{}", page.text);
}

#[tokio::test]
async fn the_document_is_served_as_it_is_committed() {
    let app = TestApp::start().await;
    let anyone = app.anonymous();
    let served = anyone.get("/api/openapi.json").await.expect(200);
    let committed = include_str!("../../openapi/openapi.json");
    assert_eq!(
        served.json,
        serde_json::from_str::<serde_json::Value>(committed).unwrap()
    );
    let request = anyone
        .request(Method::GET, "/api/openapi.json")
        .header("If-None-Match", served.header("etag"));
    assert_eq!(anyone.send(request).await.expect(304).text, "");
}

#[tokio::test]
async fn swagger_ui_comes_from_the_binary_and_may_reach_only_us() {
    let app = TestApp::start().await;
    let anyone = app.anonymous();
    assert_eq!(anyone.get("/docs").await.expect(308).header("location"), "/docs/");
    let page = anyone.get("/docs/").await.expect(200);
    assert!(
        page.text.contains("id=\"swagger-ui\"") && !page.text.contains("http://"),
        "{}",
        page.text
    );
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("script-src 'self';") && policy.contains("connect-src 'self';"),
        "{policy}"
    );
    for (file, media) in [
        ("swagger-ui-bundle.js", "text/javascript"),
        ("swagger-ui.css", "text/css"),
        ("favicon-32x32.png", "image/png"),
    ] {
        let answer = anyone
            .send(anyone.request(Method::HEAD, &format!("/docs/{file}")))
            .await;
        assert_eq!(
            (answer.status, answer.header("content-type").as_str()),
            (200, media),
            "{file}"
        );
    }
    // Not everybody can unpack: both have the same page.
    let gzip = anyone.request(Method::GET, "/docs/").header("Accept-Encoding", "gzip");
    let packed = anyone.send(gzip).await.expect(200);
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert_eq!(
        (page.header("vary").as_str(), packed.header("vary").as_str()),
        ("Accept-Encoding", "Accept-Encoding")
    );
    assert!(packed.text.len() < page.text.len() && !packed.text.contains("swagger-ui"));
    let start = anyone.get("/docs/swagger-initializer.js").await.expect(200).text;
    for setting in [
        "\"url\": \"/api/openapi.json\"",
        "\"deepLinking\": true",
        "\"displayRequestDuration\": true",
        "\"persistAuthorization\": true",
        "\"tryItOutEnabled\": true",
        "\"validatorUrl\": \"none\"",
    ] {
        assert!(start.contains(setting), "{setting} in {start}");
    }
}

#[tokio::test]
async fn swagger_ui_can_be_switched_off() {
    let app = TestApp::with(|config| config.http.docs = false).await;
    let anyone = app.anonymous();
    anyone.get("/docs").await.problem(404, "not_found");
    anyone.get("/docs/").await.problem(404, "not_found");
    assert_eq!(anyone.get("/").await.expect(200).json["docs"], json!(null));
    assert!(!browse(&anyone, "/").await.text.contains("/docs/"));
}

#[tokio::test]
async fn health_needs_no_database_and_readiness_does() {
    let app = TestApp::start().await;
    let anyone = app.anonymous();
    assert_eq!(anyone.get("/readyz").await.expect(200).json, json!({"status": "ok"}));
    // What was found is kept for a second.
    let mut conn = app.conn().await;
    conn.batch_execute("DELETE FROM __diesel_schema_migrations")
        .await
        .unwrap();
    anyone.get("/readyz").await.expect(200);
    app.clock.advance(TimeDelta::seconds(1));
    let refused = anyone.get("/readyz").await;
    refused.problem(503, "database_unavailable");
    let detail = refused.text_at("/detail");
    let all = std::fs::read_dir("migrations").unwrap().count();
    assert_eq!(
        detail,
        format!("The database lacks {all} migrations; run `masthead migrate run`.")
    );
    assert!(!refused.header("retry-after").is_empty());
    anyone.get("/healthz").await.expect(200);
}

#[tokio::test]
async fn a_server_whose_database_is_away_is_alive_but_not_ready() {
    let app = TestApp::on("postgres://nobody@127.0.0.1:1/none".to_owned(), |_| {}).await;
    let anyone = app.anonymous();
    assert_eq!(anyone.get("/healthz").await.expect(200).json, json!({"status": "ok"}));
    for path in ["/readyz", "/api/v1/sections"] {
        let refused = anyone.get(path).await;
        refused.problem(503, "database_unavailable");
        assert!(
            !refused.text.contains("nobody") && !refused.text.contains("127.0.0.1:1/"),
            "{}",
            refused.text
        );
    }
    anyone.get("/").await.expect(200);
}

#[tokio::test]
async fn every_error_code_is_explained_to_programs_and_to_people() {
    let app = TestApp::start().await;
    let anyone = app.anonymous();
    let all = anyone.get("/problems").await.expect(200);
    assert_eq!(
        all.column("code"),
        Code::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>()
    );
    let list = browse(&anyone, "/problems").await;
    assert_self_contained(&list);
    for code in Code::ALL {
        let path = format!("/problems/{}", code.as_str());
        let explained = anyone.get(&path).await.expect(200);
        assert_eq!(explained.at("/status"), code.status().as_u16());
        assert!(explained.text_at("/url").ends_with(&path) && list.text.contains(&path));
        let page = browse(&anyone, &path).await;
        assert_self_contained(&page);
        assert!(page.text.contains(&format!("<code>{}</code>", code.as_str())));
    }
    anyone.get("/problems/nothing").await.problem(404, "not_found");
}

#[tokio::test]
async fn the_type_of_a_problem_leads_to_its_page() {
    let app = TestApp::start().await;
    let refused = app.anonymous().get("/nothing").await;
    let (_, path) = refused
        .text_at("/type")
        .split_once("8080")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    assert_eq!(path, "/problems/not_found");
    app.anonymous().get(&path).await.expect(200);
}
