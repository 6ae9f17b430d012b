//! Lists and counts follow what is published and withdrawn.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::schema::published_article_sections;
use serde_json::json;

use super::{DESK, at, counted, publish};
use crate::support::TestApp;

#[tokio::test]
async fn lists_and_counts_follow() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let world = admin
        .post("/api/v1/desk/sections", json!({"name": "World"}))
        .await
        .expect(201);
    admin
        .post("/api/v1/desk/sections", json!({"name": "Asia", "parent": world.id()}))
        .await
        .expect(201);
    admin
        .post("/api/v1/desk/sections", json!({"name": "Sport"}))
        .await
        .expect(201);
    let body = json!({"title": "Listed", "section": "asia", "body": {"source": "Text."}});
    let made = admin.post(DESK, body).await.expect(201);
    // sport, world, world/asia
    assert_eq!(counted(&app).await, [0, 0, 0]);
    publish(&admin, &made).await.expect(200);
    assert_eq!(counted(&app).await, [0, 1, 1]);
    publish(&admin, &made).await.expect(200);
    assert_eq!(counted(&app).await, [0, 1, 1]);
    admin.patch(&at(&made), json!({"section": "sport"})).await.expect(200);
    assert_eq!(counted(&app).await, [0, 1, 1]);
    publish(&admin, &made).await.expect(200);
    assert_eq!(counted(&app).await, [1, 0, 0]);
    admin
        .act(&format!("{}/unpublish", at(&made)), json!({}))
        .await
        .expect(200);
    assert_eq!(counted(&app).await, [0, 0, 0]);
    let listed: i64 = published_article_sections::table
        .count()
        .get_result(&mut app.conn().await)
        .await
        .unwrap();
    assert_eq!(listed, 0);
}

#[tokio::test]
async fn a_section_that_moves_while_articles_are_published_counts_right() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let world = admin
        .post("/api/v1/desk/sections", json!({"name": "World"}))
        .await
        .expect(201);
    let asia = admin
        .post("/api/v1/desk/sections", json!({"name": "Asia"}))
        .await
        .expect(201);
    let mut made = Vec::new();
    for number in 0..6 {
        let body = json!({"title": format!("Story {number}"), "section": "asia", "body": {"source": "Text."}});
        made.push(admin.post(DESK, body).await.expect(201));
    }
    let publishing = futures_util::future::join_all(made.iter().map(|article| publish(&admin, article)));
    let section = format!("/api/v1/desk/sections/{}", asia.id());
    let (published, moved) = tokio::join!(publishing, admin.patch(&section, json!({"parent": world.id()})));
    assert!(published.iter().all(|answer| answer.status == 200) && moved.status == 200);
    assert_eq!(counted(&app).await, [6, 6]);
    let listed: i64 = published_article_sections::table
        .count()
        .get_result(&mut app.conn().await)
        .await
        .unwrap();
    assert_eq!(listed, 12);
}
