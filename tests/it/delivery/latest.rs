//! A home page in two calls: sections with their newest articles.

use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::second::within_a_second;
use crate::support::store::story;

#[tokio::test]
async fn sections_show_their_newest_articles_with_those_below_them() {
    let app = TestApp::start().await;
    let reader = app.anonymous();
    app.section("world", None).await;
    app.section("asia", Some("world")).await;
    app.section("empty", None).await;
    for number in 0..4 {
        let section = if number % 2 == 0 { "world" } else { "asia" };
        app.publish(story(&format!("story-{number}")).section(section).hours(-number, 0))
            .await;
    }
    let shown = |section: &Value| -> Vec<String> {
        let latest = section["latest"].as_array().unwrap().iter();
        latest.map(|card| card["slug"].as_str().unwrap().to_owned()).collect()
    };
    let answer = reader.get("/api/v1/sections?latest=3").await.expect(200);
    let by_slug = |slug: &str| {
        let sections = answer.json["data"].as_array().unwrap();
        sections.iter().find(|section| section["slug"] == slug).unwrap().clone()
    };
    assert_eq!(shown(&by_slug("world")), ["story-0", "story-1", "story-2"]);
    assert_eq!(shown(&by_slug("asia")), ["story-1", "story-3"]);
    assert!(shown(&by_slug("empty")).is_empty());
    assert_eq!(by_slug("world")["article_count"], json!(4));
    assert!(answer.header("cache-tag").contains("article:"));

    let asia = reader.get("/api/v1/sections/asia?latest=1").await.expect(200);
    assert_eq!(shown(&asia.json), ["story-1"]);
    for none in ["/api/v1/sections/asia", "/api/v1/sections/asia?latest=0"] {
        assert!(shown(&reader.get(none).await.expect(200).json).is_empty());
    }
    let found = reader.get("/api/v1/sections?q=as&latest=1").await.expect(200);
    assert_eq!(found.column("slug"), ["asia"]);
    assert_eq!(shown(found.at("/data/0")), ["story-1"]);
}

/// Every article stands in every section.
async fn everywhere(app: &TestApp) {
    let stand = "INSERT INTO published_article_sections (article_id, section_id, published_at, content_updated_at)
        SELECT article_id, sections.id, published_at, content_updated_at
        FROM published_article_sections CROSS JOIN sections
        ON CONFLICT DO NOTHING";
    app.conn().await.batch_execute(stand).await.unwrap();
}

#[tokio::test]
async fn where_all_would_be_over_a_thousand_each_section_shows_fewer() {
    let app = TestApp::start().await;
    app.section("world", None).await;
    for number in 0..20 {
        app.publish(story(&format!("story-{number}")).section("world").hours(-number, 0))
            .await;
    }
    let reader = app.anonymous();
    let shown = async || -> Vec<usize> {
        let answer = reader.get("/api/v1/sections?latest=20").await.expect(200);
        let sections = answer.json["data"].as_array().unwrap().iter();
        sections
            .map(|section| section["latest"].as_array().unwrap().len())
            .collect()
    };
    for number in shown().await.len()..51 {
        app.section(&format!("section-{number}"), None).await;
    }
    // Fifty-one sections, but few articles.
    assert_eq!(shown().await.iter().sum::<usize>(), 20);
    everywhere(&app).await;
    within_a_second(async || shown().await == [19; 51]).await;
    let one = reader.get("/api/v1/sections/world?latest=20").await.expect(200);
    assert_eq!(one.at("/latest").as_array().unwrap().len(), 20);
}
