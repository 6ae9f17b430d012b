//! Creating and saving: what is written, merged, numbered, and never lost.

use reqwest::Method;
use serde_json::json;

use super::{DESK, at, draft, patch_as};
use crate::support::TestApp;
use crate::support::client::Answer;

#[tokio::test]
async fn the_smallest_article_is_a_title() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = draft(&editor, "  Flood in the valley ").await;
    for (pointer, value) in [
        ("/title", json!("Flood in the valley")),
        ("/slug", json!("flood-in-the-valley")),
        ("/status", json!("draft")),
        ("/stage", json!(null)),
        ("/version", json!(1)),
        ("/revision", json!(1)),
        ("/published_revision", json!(null)),
        ("/has_unpublished_changes", json!(false)),
        ("/language", json!("en")),
        (
            "/body",
            json!({"source": "", "format": "markdown", "html": "", "outline": []}),
        ),
        ("/authors", json!([])),
        ("/comments_policy", json!("site")),
        ("/created_by/id", json!(editor.account().id)),
        ("/last_edited_by/name", json!("The editor")),
        (
            "/allowed_actions",
            json!(["edit", "submit", "schedule", "publish", "trash"]),
        ),
        ("/lock", json!(null)),
    ] {
        assert_eq!(made.at(pointer), &value, "{pointer}");
    }
    assert_eq!(made.header("location"), at(&made));
    assert_eq!(made.header("etag"), "\"v1\"");
    let read = editor.get(&at(&made)).await.expect(200);
    assert_eq!((&read.json, read.header("etag")), (&made.json, made.header("etag")));
    editor
        .get(&format!("{DESK}/{}", uuid::Uuid::from_u128(7)))
        .await
        .problem(404, "not_found");
    editor
        .get(&format!("{DESK}/flood-in-the-valley"))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn everything_that_can_be_written_is_read_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    admin
        .post("/api/v1/desk/sections", json!({"name": "World"}))
        .await
        .expect(201);
    let other = draft(&admin, "Another story").await;
    let hero =
        json!({"url": "https://images.example.org/a.jpg", "alt": "A bridge", "focal_point": {"x": 0.5, "y": 0.25}});
    let made = admin
        .post(
            DESK,
            json!({
                "title": "Bridge opens", "slug": "the-bridge", "kicker": "Breaking", "standfirst": "Two\nlines",
                "dateline": "Marenholm", "language": "PT-br", "section": "world",
                "body": {"source": "Lead.\n\n## Why\n\nBecause **so**.", "format": "markdown"},
                "sources": [{"name": "Reuters", "url": "https://reuters.example/a", "note": "By phone"}, {"name": "Dawn"}],
                "related": ["another-story", other.id()],
                "seo": {"title": "Bridge", "description": "It opens."}, "hero": hero,
                "breaking_until": "2026-06-01T12:00:00+02:00", "featured": true, "comments_policy": "closed",
                "assignee": admin.account().id, "note": "First take"
            }),
        )
        .await
        .expect(201);
    for (pointer, value) in [
        ("/slug", json!("the-bridge")),
        ("/kicker", json!("Breaking")),
        ("/standfirst", json!("Two\nlines")),
        ("/dateline", json!("Marenholm")),
        ("/language", json!("pt-BR")),
        ("/section/slug", json!("world")),
        ("/body/outline/0/text", json!("Why")),
        ("/sources/1", json!({"name": "Dawn", "url": null, "note": null})),
        (
            "/related",
            json!([{"id": other.id(), "slug": "another-story", "title": "Another story"}]),
        ),
        ("/seo/description", json!("It opens.")),
        ("/hero/focal_point/y", json!(0.25)),
        ("/breaking_until", json!("2026-06-01T10:00:00Z")),
        ("/featured", json!(true)),
        ("/comments_policy", json!("closed")),
        ("/assignee/id", json!(admin.account().id)),
    ] {
        assert_eq!(made.at(pointer), &value, "{pointer}");
    }
    assert!(made.text_at("/body/html").contains("<strong>so</strong>"));
    assert_eq!(admin.get(&at(&made)).await.json, made.json);
}

#[tokio::test]
async fn a_patch_merges() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let body = json!({"source": "*So.*", "format": "markdown"});
    let seo = json!({"title": "T", "description": "D"});
    let made = json!({"title": "A title", "kicker": "K", "standfirst": "S", "body": body, "seo": seo});
    let made = editor.post(DESK, made).await.expect(201);
    let path = at(&made);

    let left = editor
        .patch(&path, json!({"seo": {"title": null}, "kicker": null}))
        .await
        .expect(200);
    assert_eq!(
        left.at("/seo"),
        &json!({"title": null, "description": "D", "canonical_url": null, "image": null})
    );
    assert_eq!(
        (left.at("/kicker"), left.at("/standfirst")),
        (&json!(null), &json!("S"))
    );

    let html = editor
        .patch(&path, json!({"body": {"format": "html"}}))
        .await
        .expect(200);
    assert_eq!(html.text_at("/body/source"), "*So.*");
    assert_eq!(html.text_at("/body/html"), "<p>*So.*</p>");
    let source = editor
        .patch(&path, json!({"body": {"source": "<p><em>So.</em></p>"}}))
        .await
        .expect(200);
    assert_eq!(source.text_at("/body/format"), "html");
    assert_eq!(source.text_at("/body/html"), "<p><em>So.</em></p>");

    let emptied = editor
        .patch(&path, json!({"body": {"source": null, "format": null}}))
        .await
        .expect(200);
    assert_eq!(
        (emptied.text_at("/body/source"), emptied.text_at("/body/format")),
        (String::new(), "markdown".to_owned())
    );
    let again = json!({"body": {"source": "Again.", "format": "html"}});
    editor.patch(&path, again).await.expect(200);
    let cleared = json!({"body": null, "seo": null, "standfirst": null, "language": null, "slug": null, "tags": null});
    let cleared = editor.patch(&path, cleared).await.expect(200);
    assert_eq!(cleared.text_at("/body/source"), "");
    assert_eq!(cleared.at("/seo/description"), &json!(null));
    assert_eq!(cleared.text_at("/slug"), "a-title");
    let refused = editor.patch(&path, json!({"title": null})).await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/title"]);
}

#[tokio::test]
async fn a_save_makes_a_revision_only_of_new_content() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = draft(&editor, "One").await;
    let path = at(&made);
    let numbers = |answer: &Answer| (answer.json["version"].clone(), answer.json["revision"].clone());

    let same = editor
        .patch(&path, json!({"title": "One", "body": {"source": ""}, "tags": []}))
        .await
        .expect(200);
    assert_eq!(numbers(&same), (json!(1), json!(1)));
    let empty = editor.patch(&path, json!({})).await.expect(200);
    assert_eq!(numbers(&empty), (json!(1), json!(1)));
    app.clock.advance(chrono::TimeDelta::minutes(1));
    let placed = editor.patch(&path, json!({"featured": true})).await.expect(200);
    assert_eq!(numbers(&placed), (json!(2), json!(1)));
    assert_eq!(placed.header("etag"), "\"v2\"");
    assert_eq!(placed.text_at("/updated_at"), "2026-06-01T09:01:00Z");
    let saved = editor
        .patch(&path, json!({"title": "Two", "note": "New headline"}))
        .await
        .expect(200);
    assert_eq!(numbers(&saved), (json!(3), json!(2)));
    assert_eq!(saved.text_at("/slug"), "one", "an address outlives its title");
}

#[tokio::test]
async fn no_edit_is_lost() {
    let app = TestApp::start().await;
    let (editor, reporter) = (app.editor().await, app.reporter().await);
    let made = draft(&reporter, "Contested").await;
    let path = at(&made);
    let without = editor.request(Method::PATCH, &path).json(&json!({"title": "X"}));
    editor.send(without).await.problem(428, "precondition_required");
    let bare = editor.request(Method::DELETE, &path);
    editor.send(bare).await.problem(428, "precondition_required");
    let bare = editor.request(Method::POST, &format!("{path}/publish"));
    editor.send(bare).await.problem(428, "precondition_required");

    patch_as(
        &reporter,
        &path,
        "\"v1\"",
        json!({"title": "By the reporter", "kicker": "K"}),
    )
    .await
    .expect(200);
    let stale = patch_as(&editor, &path, "\"v1\"", json!({"title": "By the editor"})).await;
    stale.problem(412, "version_conflict");
    let detail = stale.text_at("/detail");
    for told in ["\"v2\"", "The reporter", "title", "kicker", "2026-06-01T09:00:00Z"] {
        assert!(detail.contains(told), "{told} in {detail}");
    }
    for foreign in ["\"v9\"", "W/\"v2\"", "\"abc\"", "v2"] {
        patch_as(&editor, &path, foreign, json!({"title": "X"}))
            .await
            .problem(412, "version_conflict");
    }
    let stale = |method, path: &str| editor.request(method, path).header("If-Match", "\"v1\"");
    editor
        .send(stale(Method::DELETE, &path))
        .await
        .problem(412, "version_conflict");
    editor
        .send(stale(Method::POST, &format!("{path}/publish")))
        .await
        .problem(412, "version_conflict");
    assert_eq!(editor.get(&path).await.text_at("/title"), "By the reporter");
    patch_as(&editor, &path, "*", json!({"title": "By the editor"}))
        .await
        .expect(200);
    patch_as(&editor, &path, "\"v99\", W/\"v3\", \"v3\"", json!({"title": "Again"}))
        .await
        .expect(200);
}

#[tokio::test]
async fn of_two_saves_at_once_one_wins() {
    let app = TestApp::start().await;
    let (one, two) = (app.editor().await, app.editor().await);
    let path = at(&draft(&one, "Race").await);
    for version in 1..=5 {
        let etag = format!("\"v{version}\"");
        let (first, second) = tokio::join!(
            patch_as(&one, &path, &etag, json!({"title": format!("First {version}")})),
            patch_as(&two, &path, &etag, json!({"title": format!("Second {version}")})),
        );
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412], "{} {}", first.text, second.text);
        let now = one.get(&path).await;
        assert_eq!(
            (now.at("/version"), now.at("/revision")),
            (&json!(version + 1), &json!(version + 1))
        );
    }
}
