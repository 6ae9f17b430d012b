//! One article, whole.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db;
use masthead::db::Json;
use masthead::db::schema::site;
use masthead::domain::comments_policy::CommentsPolicy;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::make::published;
use crate::support::store::{hours, picture, source, story};

#[tokio::test]
async fn an_article_shows_everything_about_itself() {
    let app = TestApp::start().await;
    let reader = app.anonymous();
    app.section("world", None).await;
    app.section("asia", Some("world")).await;
    let beside = app.publish(story("beside").section("world")).await;
    let gone = app.publish(story("gone")).await;
    app.withdraw(gone).await;
    let whole = story("harbour-reopens")
        .section("asia")
        .tags(&["harbours", "bridges"])
        .authors(&["ana-lima", "jo-ek", "northwire"])
        .hours(-5, -2)
        .with(|row| {
            row.kicker = Some("Breaking".to_owned());
            row.standfirst = Some("It is open again.".to_owned());
            row.dateline = Some("PORT".to_owned());
            row.hero = Some(Json(picture("https://img.example/harbour.jpg")));
            row.sources = Json(vec![source("Harbour office", "https://harbour.example/")]);
            row.related = vec![gone, beside];
            row.breaking_until = Some(hours(1));
        });
    let id = app.publish(whole).await;
    let conn = app.conn().await;
    db::counts::comments(&conn, id, 3).await.unwrap();
    drop(conn);

    let article = reader.get("/api/v1/articles/harbour-reopens").await.expect(200);
    let by_id = reader.get(&format!("/api/v1/articles/{id}")).await.expect(200);
    assert_eq!(by_id.json, article.json);
    for (pointer, expected) in [
        ("/id", json!(id)),
        ("/slug", json!("harbour-reopens")),
        ("/path", json!("/asia/harbour-reopens")),
        ("/kicker", json!("Breaking")),
        ("/standfirst", json!("It is open again.")),
        ("/language", json!("en")),
        ("/dateline", json!("PORT")),
        ("/section/slug", json!("asia")),
        ("/section/path", json!("world/asia")),
        ("/tags/0/slug", json!("harbours")),
        ("/tags/1/slug", json!("bridges")),
        ("/authors/1/slug", json!("jo-ek")),
        ("/byline", json!("ANA-LIMA, JO-EK and NORTHWIRE")),
        ("/hero/url", json!("https://img.example/harbour.jpg")),
        ("/published_at", json!("2026-06-01T04:00:00Z")),
        ("/content_updated_at", json!("2026-06-01T07:00:00Z")),
        ("/breaking", json!(true)),
        ("/comment_count", json!(3)),
        ("/comments_open", json!(true)),
        ("/correction_count", json!(0)),
        ("/body/html", json!("<p>Two words.</p>")),
        ("/body/parts", Value::Null),
        ("/body/blocks", Value::Null),
        ("/body/text", Value::Null),
        ("/corrections", json!([])),
        ("/sources/0/name", json!("Harbour office")),
        ("/seo/title", json!("The title of harbour-reopens")),
        ("/seo/description", json!("It is open again.")),
        ("/seo/image/url", json!("https://img.example/harbour.jpg")),
    ] {
        assert_eq!(*article.at(pointer), expected, "{pointer}");
    }
    let url = article.text_at("/url");
    assert!(url.ends_with("/asia/harbour-reopens"), "{url}");
    assert_eq!(article.text_at("/seo/canonical_url"), url);
    let related = article.at("/related").as_array().unwrap();
    assert_eq!(related.len(), 1, "what is withdrawn is not shown");
    assert_eq!(related[0]["slug"], "beside");

    let list = reader.get("/api/v1/articles/harbour-reopens/related").await.expect(200);
    assert_eq!(*list.at("/data"), *article.at("/related"));
    let card = reader.get("/api/v1/articles?slugs=harbour-reopens").await.expect(200);
    for (name, value) in card.at("/data/0").as_object().unwrap() {
        assert_eq!(article.json[name], *value, "{name}");
    }
}

#[tokio::test]
async fn further_forms_of_the_body_come_when_asked_for() {
    let app = TestApp::start().await;
    let reader = app.anonymous();
    let part = json!([{"anchor": null, "level": 0, "heading": null, "html": "<p>Two words.</p>", "word_count": 2}]);
    let block = json!([{"id": "b1", "type": "paragraph", "part": null, "html": "<p>Two words.</p>"}]);
    let (parts, blocks) = (part.clone(), block.clone());
    app.publish(story("plain").with(|row| {
        row.parts = Json(parts);
        row.blocks = Json(blocks);
    }))
    .await;
    let text = json!("Two words.");
    for (formats, expected) in [
        ("parts", [part.clone(), Value::Null, Value::Null]),
        ("blocks", [Value::Null, block.clone(), Value::Null]),
        ("text", [Value::Null, Value::Null, text.clone()]),
        ("parts,blocks&formats=text", [part, block, text]),
    ] {
        let article = reader
            .get(&format!("/api/v1/articles/plain?formats={formats}"))
            .await
            .expect(200);
        let body = article.at("/body");
        assert_eq!(
            [&body["parts"], &body["blocks"], &body["text"]],
            expected.each_ref(),
            "{formats}"
        );
    }
}

#[tokio::test]
async fn what_search_engines_read_is_valid_and_cannot_leave_its_script() {
    let app = TestApp::start().await;
    app.section("world", None).await;
    let evil = story("evil").section("world").tags(&["a"]).with(|row| {
        row.title = "</script><script>alert(1)</script> & \u{2028}".to_owned();
        row.seo.0.title = Some("A search title".to_owned());
        row.seo.0.description = Some("A search description".to_owned());
        row.seo.0.canonical_url = Some("https://first.example/story".to_owned());
        row.seo.0.image = Some(picture("https://img.example/seo.jpg"));
        row.sources = Json(vec![source("A & B", "https://a.example/?a=1&b=2")]);
    });
    app.publish(evil).await;
    let article = app.anonymous().get("/api/v1/articles/evil").await.expect(200);
    assert_eq!(article.text_at("/seo/title"), "A search title");
    assert_eq!(article.text_at("/seo/canonical_url"), "https://first.example/story");
    let json_ld = article.text_at("/seo/json_ld");
    assert!(!json_ld.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{json_ld}");
    let told: Value = serde_json::from_str(&json_ld).expect("JSON");
    assert_eq!(told["@type"], "NewsArticle");
    assert_eq!(told["mainEntityOfPage"]["@id"], "https://first.example/story");
    assert!(told["headline"].as_str().unwrap().starts_with("</script>"));
    assert_eq!(told["description"], "A search description");
    assert_eq!(told["image"][0]["url"], "https://img.example/seo.jpg");
    assert_eq!(told["articleSection"], "world");
    assert_eq!(told["keywords"], json!(["A"]));
    assert_eq!(told["citation"][0]["url"], "https://a.example/?a=1&b=2");
    assert_eq!(told["publisher"]["name"], "Masthead");
}

#[tokio::test]
async fn an_old_slug_leads_to_the_new_one_in_one_step() {
    let app = TestApp::start().await;
    let reader = app.anonymous();
    app.section("world", None).await;
    let first = story("first").section("world");
    let id = app.publish(first.clone()).await;
    for slug in ["second", "drittes-été"] {
        app.publish(first.clone().with(|row| row.slug = slug.to_owned())).await;
        // The slug is written down by its own article; the desk does this when it publishes.
        let mut conn = app.conn().await;
        diesel::insert_into(db::schema::public_slugs::table)
            .values((
                db::schema::public_slugs::slug.eq(slug),
                db::schema::public_slugs::article_id.eq(id),
                db::schema::public_slugs::created_at.eq(hours(0)),
            ))
            .on_conflict_do_nothing()
            .execute(&mut conn)
            .await
            .unwrap();
    }
    for old in ["first", "second"] {
        let moved = reader
            .get(&format!("/api/v1/articles/{old}?formats=text"))
            .await
            .expect(301);
        let location = moved.header("location");
        assert_eq!(location, format!("/api/v1/articles/{id}?formats=text"));
        assert_eq!(moved.header("cache-tag"), format!("article:{id},slug:{old},names"));
        assert_eq!(moved.text_at("/slug"), "drittes-été");
        assert!(moved.text_at("/url").ends_with("/world/drittes-%C3%A9t%C3%A9"));
        assert!(moved.header("cache-control").starts_with("public"));
        assert_eq!(reader.get(&location).await.expect(200).id(), id.to_string());
        let related = reader.get(&format!("/api/v1/articles/{old}/related")).await.expect(301);
        assert!(related.header("location").ends_with("/related"));
    }
    app.withdraw(id).await;
    for slug in ["first", "second", "drittes-%C3%A9t%C3%A9"] {
        reader
            .get(&format!("/api/v1/articles/{slug}"))
            .await
            .problem(404, "not_found");
    }
}

#[tokio::test]
async fn comments_are_open_as_article_and_site_say() {
    let app = TestApp::start().await;
    let reader = app.anonymous();
    app.publish(story("as-the-site-says")).await;
    app.publish(story("closed").with(|row| row.comments_policy = CommentsPolicy::Closed))
        .await;
    app.publish(story("open").with(|row| row.comments_policy = CommentsPolicy::Open))
        .await;
    let is_open = async |slug: &str| {
        let article = reader.get(&format!("/api/v1/articles/{slug}")).await.expect(200);
        article.at("/comments_open").as_bool().unwrap()
    };
    assert!(is_open("as-the-site-says").await);
    assert!(!is_open("closed").await);
    let mut conn = app.conn().await;
    diesel::update(site::table)
        .set(site::comments_close_after_days.eq(Some(2)))
        .execute(&mut conn)
        .await
        .unwrap();
    app.told().await;
    app.clock.advance(TimeDelta::days(2));
    assert!(!is_open("as-the-site-says").await);
    assert!(is_open("open").await);
}

#[tokio::test]
async fn addresses_follow_the_settings() {
    let app = TestApp::with(|config| {
        config.site.article_path = "/{yyyy}/{mm}/{dd}/{slug}".to_owned();
        config.site.timezone = chrono_tz::Tz::Asia__Karachi;
    })
    .await;
    let reader = app.anonymous();
    app.publish(story("late").hours(12, 12)).await;
    let path = async || reader.get("/api/v1/articles/late").await.expect(200).text_at("/path");
    // 21:00 in London is the next day in Karachi.
    assert_eq!(path().await, "/2026/06/02/late");
    let mut conn = app.conn().await;
    diesel::update(site::table)
        .set(site::timezone.eq(Some("Europe/London")))
        .execute(&mut conn)
        .await
        .unwrap();
    app.told().await;
    assert_eq!(path().await, "/2026/06/01/late");
}

#[tokio::test]
async fn comments_name_an_article_by_the_same_address() {
    let app = TestApp::with(|config| {
        config.site.article_path = "/{yyyy}/{mm}/{dd}/{section}/{slug}".to_owned();
        config.site.timezone = chrono_tz::Tz::Asia__Karachi;
    })
    .await;
    app.clock.advance(TimeDelta::hours(12));
    let (editor, reader) = (app.editor().await, app.anonymous());
    let late = published(&editor, "Late", json!({})).await;
    let comment = json!({"article_id": late.id(), "body": "It was late."});
    let comment = editor.post("/api/v1/desk/comments", comment).await.expect(201);
    // A section that readers do not know of yet, and a slug that leads elsewhere.
    editor
        .post("/api/v1/desk/sections", json!({"name": "Sport"}))
        .await
        .expect(201);
    let path = format!("/api/v1/desk/articles/{}", late.id());
    editor.patch(&path, json!({"slug": "too-late"})).await.expect(200);
    editor.act(&format!("{path}/publish"), json!({})).await.expect(200);
    editor.patch(&path, json!({"section": "sport"})).await.expect(200);

    let below = format!("/comments/{}", comment.id());
    for (timezone, address) in [
        (None, "/2026/06/02/world/too-late"),
        (Some("Europe/London"), "/2026/06/01/world/too-late"),
    ] {
        diesel::update(site::table)
            .set(site::timezone.eq(timezone))
            .execute(&mut app.conn().await)
            .await
            .unwrap();
        app.told().await;
        let article = reader.get("/api/v1/articles/too-late").await.expect(200);
        assert_eq!(article.text_at("/path"), address);
        let on_the_desk = editor.get(&format!("/api/v1/desk{below}")).await.expect(200);
        assert_eq!(on_the_desk.at("/article/url"), article.at("/url"));
        for below in ["/comments", &below, &format!("{below}/replies")] {
            let moved = reader.get(&format!("/api/v1/articles/late{below}")).await.expect(301);
            assert_eq!(
                moved.header("location"),
                format!("/api/v1/articles/{}{below}", late.id())
            );
            assert_eq!(moved.at("/url"), article.at("/url"), "{below}");
        }
    }
}
