//! Search: what is found, in which order, and how it is shown.

mod cost;
mod filters;
mod hostile;
mod life;
mod paging;
mod slips;
mod words;

use std::fmt::Write as _;

use crate::support::TestApp;
use crate::support::client::{Answer, Client};
use crate::support::store::{Story, story};

/// An article about nothing but this.
fn about(slug: &str, body: &str) -> Story {
    story(slug).with(|row| {
        row.title = "Untitled".to_owned();
        row.body_text = body.to_owned();
    })
}

/// Asks for words; `more` are further parameters, beginning with `&`.
async fn search(reader: &Client, q: &str, more: &str) -> Answer {
    reader.get(&format!("/api/v1/search?q={}{more}", encoded(q))).await
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        write!(all, "%{byte:02x}").unwrap();
        all
    })
}

/// The slugs of what is found.
async fn found(reader: &Client, q: &str) -> Vec<String> {
    slugs(&search(reader, q, "&limit=100").await.expect(200))
}

fn slugs(answer: &Answer) -> Vec<String> {
    let results = answer.at("/data").as_array().unwrap();
    let slug = |result: &serde_json::Value| result["article"]["slug"].as_str().unwrap().to_owned();
    results.iter().map(slug).collect()
}

/// A paper of some articles, each with its words.
async fn paper(articles: &[(&str, &str)]) -> (TestApp, Client) {
    let app = TestApp::start().await;
    for (slug, body) in articles {
        app.publish(about(slug, body)).await;
    }
    let reader = app.anonymous();
    (app, reader)
}
