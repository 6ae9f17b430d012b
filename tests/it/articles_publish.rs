//! Articles through the door: published, edited behind it, and taken back.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::schema::{public_slugs, published_article_sections, published_articles, section_counts};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::articles::{DESK, at, draft};
use crate::support::TestApp;
use crate::support::client::{Answer, Client};

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
        .inner_join(masthead::db::schema::sections::table)
        .order(masthead::db::schema::sections::path)
        .select(section_counts::articles)
        .load(&mut app.conn().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_whole_life() {
    let app = TestApp::start().await;
    let (editor, reporter) = (app.editor().await, app.reporter().await);
    let made = ready(&editor, "Bridge opens").await;
    let path = at(&made);
    assert_eq!(readers_have(&app, &made).await, None);

    app.clock.advance(chrono::TimeDelta::hours(1));
    let published = publish(&editor, &made).await.expect(200);
    for (pointer, value) in [
        ("/status", json!("published")),
        ("/version", json!(2)),
        ("/revision", json!(1)),
        ("/published_revision", json!(1)),
        ("/published_at", json!("2026-06-01T10:00:00Z")),
        ("/first_published_at", json!("2026-06-01T10:00:00Z")),
        ("/has_unpublished_changes", json!(false)),
        ("/allowed_actions", json!(["edit", "publish", "unpublish"])),
    ] {
        assert_eq!(published.at(pointer), &value, "{pointer}");
    }
    assert_eq!(published.header("etag"), "\"v2\"");
    let bridge = |title: &str, revision| Some((title.to_owned(), "bridge-opens".to_owned(), revision));
    assert_eq!(readers_have(&app, &made).await, bridge("Bridge opens", 1));

    let edited = editor
        .patch(&path, json!({"title": "Bridge opens late"}))
        .await
        .expect(200);
    assert_eq!(edited.at("/has_unpublished_changes"), &json!(true));
    assert_eq!(
        readers_have(&app, &made).await,
        bridge("Bridge opens", 1),
        "a draft edit does not reach readers"
    );
    let changed = reporter.get(&format!("{DESK}?has_unpublished_changes=true")).await;
    assert_eq!(changed.column("title"), ["Bridge opens late"]);

    app.clock.advance(chrono::TimeDelta::hours(1));
    let again = publish(&editor, &made).await.expect(200);
    assert_eq!(again.at("/published_revision"), &json!(2));
    assert_eq!(
        again.text_at("/published_at"),
        "2026-06-01T10:00:00Z",
        "the date line is kept"
    );
    assert_eq!(readers_have(&app, &made).await, bridge("Bridge opens late", 2));

    let back = json!({"revision": 1});
    let back = editor.act(&format!("{path}/publish"), back).await.expect(200);
    assert_eq!(
        (back.at("/published_revision"), back.at("/revision")),
        (&json!(1), &json!(2))
    );
    assert_eq!(back.text_at("/title"), "Bridge opens late", "the working copy stays");
    assert_eq!(readers_have(&app, &made).await, bridge("Bridge opens", 1));

    let refused = editor.delete(&path).await;
    refused.problem(409, "invalid_state_transition");
    assert_eq!(refused.at("/allowed_actions"), &json!(["edit", "publish", "unpublish"]));

    let withdrawn = editor.act(&format!("{path}/unpublish"), json!({})).await.expect(200);
    assert_eq!(withdrawn.text_at("/status"), "unpublished");
    assert_eq!(withdrawn.at("/published_revision"), &json!(null));
    assert_eq!(withdrawn.text_at("/first_published_at"), "2026-06-01T10:00:00Z");
    assert_eq!(readers_have(&app, &made).await, None);
    editor
        .act(&format!("{path}/unpublish"), json!({}))
        .await
        .problem(409, "invalid_state_transition");

    editor.delete(&path).await.expect(204);
    let back = editor.act(&format!("{path}/untrash"), json!({})).await.expect(200);
    assert_eq!(back.text_at("/status"), "unpublished");
    let third = publish(&editor, &made).await.expect(200);
    assert_eq!(third.text_at("/published_at"), "2026-06-01T10:00:00Z");
    assert_eq!(third.at("/published_revision"), &json!(2));
}

#[tokio::test]
async fn readers_need_a_section_and_a_text() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let bare = draft(&editor, "Bare").await;
    assert_eq!(
        publish(&editor, &bare).await.problem(422, "validation_failed"),
        ["/body", "/section"]
    );
    editor
        .patch(&at(&bare), json!({"body": {"source": "<p> </p><!-- nothing -->"}}))
        .await
        .expect(200);
    assert_eq!(
        publish(&editor, &bare).await.problem(422, "validation_failed"),
        ["/body", "/section"]
    );
    assert_eq!(editor.get(&at(&bare)).await.text_at("/status"), "draft");
    assert!(slugs(&app).await.is_empty());
}

#[tokio::test]
async fn the_first_click_of_publish_works() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = ready(&editor, "No body sent").await;
    let verb = format!("{}/publish", at(&made));
    let post = || editor.request(Method::POST, &verb).header("If-Match", "*");
    editor.send(post()).await.expect(200);
    editor
        .send(post().header("content-type", "application/json"))
        .await
        .expect(200);
    editor
        .send(post().json(&json!({"revision": null, "published_at": null})))
        .await
        .expect(200);
    editor
        .send(post().body("{}"))
        .await
        .problem(415, "unsupported_media_type");
    editor
        .send(post().header("content-type", "application/json").body("{"))
        .await
        .problem(400, "invalid_json");
    let readonly = editor.send(post().json(&json!({"status": "published"}))).await;
    assert_eq!(readonly.problem(422, "validation_failed"), ["/status"]);
}

#[tokio::test]
async fn a_publication_names_a_revision_and_a_date() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = ready(&editor, "Dated").await;
    let verb = format!("{}/publish", at(&made));
    for (body, pointer) in [
        (json!({"revision": 2}), "/revision"),
        (json!({"revision": 0}), "/revision"),
        (json!({"revision": 3_000_000_000_u64}), "/revision"),
        (json!({"published_at": "2026-06-01T09:00:01Z"}), "/published_at"),
        (json!({"published_at": "0000-01-01T00:00:00Z"}), "/published_at"),
        (json!({"published_at": "2026-06-01"}), "/published_at"),
    ] {
        let refused = editor.act(&verb, body).await;
        assert_eq!(refused.problem(422, "validation_failed"), [pointer], "{}", refused.text);
    }
    let dated = editor
        .act(&verb, json!({"published_at": "2019-03-01T08:00:00+01:00"}))
        .await
        .expect(200);
    assert_eq!(dated.text_at("/published_at"), "2019-03-01T07:00:00Z");
    assert_eq!(dated.text_at("/first_published_at"), "2026-06-01T09:00:00Z");
    let kept = editor.act(&verb, json!({})).await.expect(200);
    assert_eq!(kept.text_at("/published_at"), "2019-03-01T07:00:00Z");
}

#[tokio::test]
async fn content_updated_at_moves_only_with_the_content() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = ready(&editor, "Moves").await;
    let path = at(&made);
    let moved = async || {
        let at: chrono::DateTime<chrono::Utc> = published_articles::table
            .select(published_articles::content_updated_at)
            .first(&mut app.conn().await)
            .await
            .unwrap();
        at.format("%H:%M").to_string()
    };
    publish(&editor, &made).await.expect(200);
    assert_eq!(moved().await, "09:00");
    app.clock.advance(chrono::TimeDelta::hours(1));
    publish(&editor, &made).await.expect(200);
    editor.patch(&path, json!({"featured": true})).await.expect(200);
    assert_eq!(moved().await, "09:00");
    editor.patch(&path, json!({"title": "Elsewhere"})).await.expect(200);
    editor.patch(&path, json!({"title": "Moves"})).await.expect(200);
    publish(&editor, &made).await.expect(200);
    assert_eq!(moved().await, "09:00", "the text is the same again");
    editor.patch(&path, json!({"standfirst": "New."})).await.expect(200);
    publish(&editor, &made).await.expect(200);
    assert_eq!(moved().await, "10:00");
}

#[tokio::test]
async fn placement_acts_at_once() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = ready(&editor, "Placed").await;
    publish(&editor, &made).await.expect(200);
    let placement = json!({"featured": true, "breaking_until": "2026-06-01T12:00:00Z", "comments_policy": "closed"});
    let placed = editor.patch(&at(&made), placement).await.expect(200);
    assert_eq!(
        (placed.at("/revision"), placed.at("/has_unpublished_changes")),
        (&json!(1), &json!(false))
    );
    let row: (bool, bool, String) = published_articles::table
        .select((
            published_articles::featured,
            published_articles::breaking_until.is_not_null(),
            published_articles::comments_policy,
        ))
        .first(&mut app.conn().await)
        .await
        .unwrap();
    assert_eq!(row, (true, true, "closed".to_owned()));
    let cleared = editor
        .patch(&at(&made), json!({"breaking_until": null, "comments_policy": null}))
        .await
        .expect(200);
    assert_eq!(cleared.text_at("/comments_policy"), "site");
}

#[tokio::test]
async fn a_slug_belongs_for_good() {
    let app = TestApp::start().await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let made = ready(&editor, "X").await;
    let path = at(&made);
    publish(&editor, &made).await.expect(200);
    let live = async || readers_have(&app, &made).await.map(|(_, slug, _)| slug);
    editor.patch(&path, json!({"slug": "y"})).await.expect(200);
    assert_eq!(live().await.as_deref(), Some("x"), "until it is published");
    publish(&editor, &made).await.expect(200);
    assert_eq!(live().await.as_deref(), Some("y"));
    let mine = |slug: &str| (slug.to_owned(), true);
    assert_eq!(slugs(&app).await, [mine("x"), mine("y")]);

    assert_eq!(draft(&editor, "X").await.text_at("/slug"), "x-2");
    let taken = editor.post(DESK, json!({"title": "Other", "slug": "x"})).await;
    assert_eq!(taken.problem(409, "slug_taken"), ["/slug"]);
    editor.patch(&path, json!({"slug": "x"})).await.expect(200);
    publish(&editor, &made).await.expect(200);
    assert_eq!(live().await.as_deref(), Some("x"));
    assert_eq!(slugs(&app).await, [mine("x"), mine("y")]);

    editor.act(&format!("{path}/unpublish"), json!({})).await.expect(200);
    editor.delete(&path).await.expect(204);
    admin.delete(&format!("{path}?purge=true")).await.expect(204);
    assert_eq!(slugs(&app).await, [("x".to_owned(), false), ("y".to_owned(), false)]);
    assert_eq!(
        draft(&editor, "Y").await.text_at("/slug"),
        "y-2",
        "the slug of a purged article leads nowhere, for good"
    );
}

#[tokio::test]
async fn of_two_that_publish_one_slug_one_wins() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (one, two) = (ready(&editor, "One").await, ready(&editor, "Two").await);
    // Their heads have slugs of their own; older revisions of both are called the same.
    editor.patch(&at(&one), json!({"slug": "shared"})).await.expect(200);
    editor.patch(&at(&one), json!({"slug": "one-again"})).await.expect(200);
    editor.patch(&at(&two), json!({"slug": "shared"})).await.expect(200);
    let verbs = [&one, &two].map(|article| format!("{}/publish", at(article)));
    let second = json!({"revision": 2});
    let (first, second) = tokio::join!(editor.act(&verbs[0], second.clone()), editor.act(&verbs[1], second));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let loser = if first.status == 409 { first } else { second };
    assert_eq!(loser.problem(409, "slug_taken"), ["/slug"]);
    assert_eq!(slugs(&app).await, [("shared".to_owned(), true)]);
}

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

#[tokio::test]
async fn readers_get_what_was_approved() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = ready(&editor, "Exactly").await;
    publish(&editor, &made).await.expect(200);
    let (html, parts, text, words): (String, Value, String, i32) = published_articles::table
        .select((
            published_articles::body_html,
            published_articles::parts,
            published_articles::body_text,
            published_articles::word_count,
        ))
        .first(&mut app.conn().await)
        .await
        .unwrap();
    assert_eq!(html, made.text_at("/body/html"));
    assert_eq!(
        (parts[0]["heading"].clone(), parts[1]["heading"].clone()),
        (json!(null), json!("Part"))
    );
    assert_eq!(text, "Lead.\n\nPart\n\nMore.");
    assert_eq!(words, 3);
}
