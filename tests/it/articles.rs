//! Articles on the desk, and through the door.

mod list;
mod people;
mod placement;
mod publish;
mod refusals;
mod relations;
mod save;
mod slugs;
mod statements;
mod trash;
mod withdraw;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::schema::{public_slugs, published_articles, section_counts, sections};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::client::{Answer, Client};

const DESK: &str = "/api/v1/desk/articles";

/// A draft with this title.
async fn draft(client: &Client, title: &str) -> Answer {
    client.post(DESK, json!({"title": title})).await.expect(201)
}

/// The desk's address of an article.
fn at(article: &Answer) -> String {
    format!("{DESK}/{}", article.id())
}

/// Sends a PATCH with this `If-Match`.
async fn patch_as(client: &Client, path: &str, if_match: &str, body: Value) -> Answer {
    let request = client.request(Method::PATCH, path).header("If-Match", if_match);
    client.send(request.json(&body)).await
}

/// One field that a problem names, with its code.
fn codes(answer: &Answer) -> Vec<(String, String)> {
    let errors = answer.json["errors"].as_array().unwrap();
    let text = |error: &Value, key: &str| error[key].as_str().unwrap_or("").to_owned();
    errors
        .iter()
        .map(|error| (text(error, "pointer"), text(error, "code")))
        .collect()
}

/// A draft that lacks nothing, in the section `world`, which is made when it is not there.
async fn ready(client: &Client, title: &str) -> Answer {
    client
        .post("/api/v1/desk/sections", json!({"name": "World", "slug": "world"}))
        .await;
    let body = json!({"title": title, "section": "world", "body": {"source": "Lead.\n\n## Part\n\nMore."}});
    client.post(DESK, body).await.expect(201)
}

async fn publish(client: &Client, article: &Answer) -> Answer {
    client.act(&format!("{}/publish", at(article)), json!({})).await
}

/// What readers have of an article: title, slug, revision.
async fn readers_have(app: &TestApp, article: &Answer) -> Option<(String, String, i32)> {
    let id: Uuid = article.id().parse().unwrap();
    published_articles::table
        .find(id)
        .select((
            published_articles::title,
            published_articles::slug,
            published_articles::revision,
        ))
        .first(&mut app.conn().await)
        .await
        .optional()
        .unwrap()
}

/// The slugs that readers saw, with whether an article has them.
async fn slugs(app: &TestApp) -> Vec<(String, bool)> {
    let rows: Vec<(String, Option<Uuid>)> = public_slugs::table
        .order(public_slugs::slug)
        .select((public_slugs::slug, public_slugs::article_id))
        .load(&mut app.conn().await)
        .await
        .unwrap();
    rows.into_iter()
        .map(|(slug, article)| (slug, article.is_some()))
        .collect()
}

async fn counted(app: &TestApp) -> Vec<i32> {
    section_counts::table
        .inner_join(sections::table)
        .order(sections::path)
        .select(section_counts::articles)
        .load(&mut app.conn().await)
        .await
        .unwrap()
}
