//! Articles on the desk: created, saved, thrown away, listed, and by whom.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::client::{Answer, Client};

pub const DESK: &str = "/api/v1/desk/articles";

/// A draft with this title.
pub async fn draft(client: &Client, title: &str) -> Answer {
    client.post(DESK, json!({"title": title})).await.expect(201)
}

/// The desk's address of an article.
pub fn at(article: &Answer) -> String {
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
        ("/allowed_actions", json!(["edit", "publish", "trash"])),
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
    assert_eq!(editor.get(&path).await.text_at("/title"), "By the reporter");
    patch_as(&editor, &path, "*", json!({"title": "By the editor"}))
        .await
        .expect(200);
    patch_as(&editor, &path, "\"v3\"", json!({"title": "Again"}))
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

#[tokio::test]
async fn slugs_are_unique_and_numbered() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let mut slugs = Vec::new();
    for _ in 0..3 {
        slugs.push(draft(&editor, "Weather").await.text_at("/slug"));
    }
    assert_eq!(slugs, ["weather", "weather-2", "weather-3"]);
    assert_eq!(draft(&editor, "🎉🎉").await.text_at("/slug"), "article");
    let taken = editor.post(DESK, json!({"title": "X", "slug": "Weather-2"})).await;
    assert_eq!(taken.problem(409, "slug_taken"), ["/slug"]);
    let mine = editor
        .post(DESK, json!({"title": "X", "slug": "wetter-über-köln"}))
        .await
        .expect(201);
    assert_eq!(mine.text_at("/slug"), "wetter-über-köln");
    let taken = editor.patch(&at(&mine), json!({"slug": "weather"})).await;
    assert_eq!(taken.problem(409, "slug_taken"), ["/slug"]);
    let same = editor
        .patch(&at(&mine), json!({"slug": "wetter-über-köln"}))
        .await
        .expect(200);
    assert_eq!(same.at("/version"), &json!(1));
    let renamed = editor.patch(&at(&mine), json!({"slug": "cologne"})).await.expect(200);
    assert_eq!(renamed.text_at("/slug"), "cologne");
    for (wrong, code) in [
        ("two words", "invalid_slug"),
        ("-a", "invalid_slug"),
        (" ", "blank"),
        ("a\0b", "invalid_slug"),
        ("550e8400-e29b-41d4-a716-446655440000", "looks_like_id"),
    ] {
        let refused = editor.post(DESK, json!({"title": "X", "slug": wrong})).await;
        refused.problem(422, "validation_failed");
        assert_eq!(codes(&refused), [("/slug".to_owned(), code.to_owned())], "{wrong:?}");
    }
}

#[tokio::test]
async fn creates_at_once_never_share_a_slug() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = futures_util::future::join_all((0..8).map(|_| draft(&editor, "Breaking news"))).await;
    let mut slugs: Vec<String> = made.iter().map(|article| article.text_at("/slug")).collect();
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), 8);
    let given = (0..6).map(|_| editor.post(DESK, json!({"title": "X", "slug": "one-only"})));
    let mut statuses: Vec<u16> = futures_util::future::join_all(given)
        .await
        .iter()
        .map(|made| made.status)
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn reporters_write_their_own() {
    let app = TestApp::start().await;
    let (mine, other, editor) = (app.reporter().await, app.reporter().await, app.editor().await);
    let made = draft(&mine, "My story").await;
    assert_eq!(made.at("/allowed_actions"), &json!(["edit", "trash"]));
    let path = at(&made);

    let read = other.get(&path).await.expect(200);
    assert_eq!(read.at("/allowed_actions"), &json!([]));
    other
        .patch(&path, json!({"title": "Not mine"}))
        .await
        .problem(403, "permission_denied");
    other.delete(&path).await.problem(403, "permission_denied");
    editor
        .patch(&path, json!({"assignee": other.account().id}))
        .await
        .expect(200);
    other.patch(&path, json!({"title": "Mine too now"})).await.expect(200);
    editor.patch(&path, json!({"assignee": null})).await.expect(200);
    other
        .patch(&path, json!({"title": "No more"}))
        .await
        .problem(403, "permission_denied");

    mine.act(&format!("{path}/publish"), json!({}))
        .await
        .problem(403, "permission_denied");
    for placement in [
        json!({"featured": true}),
        json!({"breaking_until": "2026-06-02T00:00:00Z"}),
        json!({"comments_policy": "closed", "title": "Smuggled"}),
    ] {
        mine.patch(&path, placement).await.problem(403, "permission_denied");
    }
    mine.post(DESK, json!({"title": "X", "featured": true}))
        .await
        .problem(403, "permission_denied");
    let unchanged = json!({"featured": false, "breaking_until": null, "comments_policy": "site", "title": "All of it"});
    mine.patch(&path, unchanged).await.expect(200);
    mine.delete(&path).await.expect(204);
    other
        .act(&format!("{path}/untrash"), json!({}))
        .await
        .problem(403, "permission_denied");
    mine.act(&format!("{path}/untrash"), json!({})).await.expect(200);
}

#[tokio::test]
async fn moderators_and_readers_see_no_article_on_the_desk() {
    let app = TestApp::start().await;
    let path = at(&draft(&app.editor().await, "Hidden").await);
    for client in [app.moderator().await, app.reader().await] {
        client.get(DESK).await.problem(403, "permission_denied");
        client.get(&path).await.problem(403, "permission_denied");
        client
            .post(DESK, json!({"title": "X"}))
            .await
            .problem(403, "permission_denied");
        client
            .patch(&path, json!({"title": "X"}))
            .await
            .problem(403, "permission_denied");
        client.delete(&path).await.problem(403, "permission_denied");
        client
            .act(&format!("{path}/publish"), json!({}))
            .await
            .problem(403, "permission_denied");
    }
    app.anonymous().get(&path).await.problem(401, "not_authenticated");
}

#[tokio::test]
async fn only_who_writes_is_assigned() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let path = at(&draft(&editor, "Whose").await);
    for account in [
        app.moderator().await.account().id,
        app.reader().await.account().id,
        uuid::Uuid::from_u128(5),
    ] {
        let refused = editor.patch(&path, json!({"assignee": account})).await;
        refused.problem(422, "validation_failed");
        assert_eq!(
            codes(&refused),
            [("/assignee".to_owned(), "unknown_reference".to_owned())]
        );
    }
}

#[tokio::test]
async fn the_trash_gives_back() {
    let app = TestApp::start().await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let path = at(&draft(&editor, "Thrown away").await);
    editor
        .delete(&format!("{path}?purge=true"))
        .await
        .problem(403, "permission_denied");
    let early = admin.delete(&format!("{path}?purge=true")).await;
    early.problem(409, "invalid_state_transition");
    assert_eq!(early.at("/allowed_actions"), &json!(["edit", "publish", "trash"]));

    editor.delete(&path).await.expect(204);
    assert!(editor.get(DESK).await.column("title").is_empty());
    assert_eq!(
        editor
            .get(&format!("{DESK}?status=trashed,draft"))
            .await
            .column("title"),
        ["Thrown away"]
    );
    for refused in [
        editor.patch(&path, json!({"title": "X"})).await,
        editor.act(&format!("{path}/publish"), json!({})).await,
        editor.act(&format!("{path}/unpublish"), json!({})).await,
        editor.delete(&path).await,
    ] {
        refused.problem(409, "invalid_state_transition");
        assert_eq!(refused.at("/allowed_actions"), &json!(["untrash"]));
    }
    let back = editor.act(&format!("{path}/untrash"), json!({})).await.expect(200);
    assert_eq!(
        (back.text_at("/status"), back.at("/version")),
        ("draft".to_owned(), &json!(3))
    );
    editor
        .act(&format!("{path}/untrash"), json!({}))
        .await
        .problem(409, "invalid_state_transition");

    editor.delete(&path).await.expect(204);
    assert_eq!(
        admin.get(&path).await.at("/allowed_actions"),
        &json!(["untrash", "purge"])
    );
    admin.delete(&format!("{path}?purge=true")).await.expect(204);
    admin.get(&path).await.problem(404, "not_found");
    admin.delete(&path).await.problem(404, "not_found");
    let again = draft(&editor, "Thrown away").await;
    assert_eq!(
        again.text_at("/slug"),
        "thrown-away",
        "readers never saw it, so it is free"
    );
}

#[tokio::test]
async fn every_limit_is_kept() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let long = |length: usize| "x".repeat(length);
    let list = |length: usize| vec![json!("a-slug"); length];
    for (pointer, body) in [
        ("/title", json!({"title": long(301)})),
        ("/title", json!({"title": " "})),
        ("/title", json!({"title": "two\nlines"})),
        ("/title", json!({"title": "nul\u{0}"})),
        ("/title", json!({"title": "bell\u{7}"})),
        ("/title", json!({"title": "over\u{202e}ride"})),
        ("/kicker", json!({"title": "T", "kicker": long(61)})),
        ("/kicker", json!({"title": "T", "kicker": "\u{2066}x"})),
        ("/standfirst", json!({"title": "T", "standfirst": long(1001)})),
        ("/dateline", json!({"title": "T", "dateline": long(121)})),
        ("/slug", json!({"title": "T", "slug": long(121)})),
        ("/language", json!({"title": "T", "language": "english"})),
        ("/language", json!({"title": "T", "language": "e\u{0}"})),
        ("/body/source", json!({"title": "T", "body": {"source": long(500_001)}})),
        ("/body/source", json!({"title": "T", "body": {"source": "a\u{0}b"}})),
        ("/body/format", json!({"title": "T", "body": {"format": "word"}})),
        ("/tags", json!({"title": "T", "tags": list(51)})),
        ("/authors", json!({"title": "T", "authors": list(21)})),
        ("/related", json!({"title": "T", "related": list(21)})),
        (
            "/sources",
            json!({"title": "T", "sources": vec![json!({"name": "N"}); 51]}),
        ),
        (
            "/sources/0/name",
            json!({"title": "T", "sources": [{"name": long(201)}]}),
        ),
        ("/sources/0/name", json!({"title": "T", "sources": [{}]})),
        (
            "/sources/1/url",
            json!({"title": "T", "sources": [{"name": "N"}, {"name": "N", "url": "javascript:x"}]}),
        ),
        (
            "/sources/0/note",
            json!({"title": "T", "sources": [{"name": "N", "note": long(1001)}]}),
        ),
        ("/seo/title", json!({"title": "T", "seo": {"title": long(201)}})),
        (
            "/seo/description",
            json!({"title": "T", "seo": {"description": long(501)}}),
        ),
        (
            "/seo/canonical_url",
            json!({"title": "T", "seo": {"canonical_url": "nowhere"}}),
        ),
        (
            "/hero/url",
            json!({"title": "T", "hero": {"url": "http://images.example.org/a.jpg"}}),
        ),
        (
            "/hero/focal_point",
            json!({"title": "T", "hero": {"url": "https://i.example.org/a", "focal_point": {"x": 2, "y": 0}}}),
        ),
        ("/breaking_until", json!({"title": "T", "breaking_until": "tomorrow"})),
        (
            "/breaking_until",
            json!({"title": "T", "breaking_until": "+10000-01-01T00:00:00Z"}),
        ),
        ("/featured", json!({"title": "T", "featured": "yes"})),
        ("/comments_policy", json!({"title": "T", "comments_policy": "maybe"})),
        ("/assignee", json!({"title": "T", "assignee": "me"})),
        ("/note", json!({"title": "T", "note": long(501)})),
        ("/title", json!({})),
        ("/title", json!({"title": 7})),
        ("/status", json!({"title": "T", "status": "published"})),
        (
            "/id",
            json!({"title": "T", "id": "550e8400-e29b-41d4-a716-446655440000"}),
        ),
        ("/body/html", json!({"title": "T", "body": {"html": "<p>x</p>"}})),
        ("/nonsense", json!({"title": "T", "nonsense": 1})),
    ] {
        let refused = editor.post(DESK, body).await;
        assert_eq!(refused.problem(422, "validation_failed"), [pointer], "{}", refused.text);
    }
    let kept = json!({
        "title": long(300), "kicker": long(60), "standfirst": long(1000), "dateline": long(120), "note": long(500),
        "body": {"source": long(500_000)},
    });
    editor.post(DESK, kept).await.expect(201);
    assert_eq!(
        editor.get(DESK).await.column("kicker").len(),
        1,
        "a refused article is not written"
    );
    let several = editor
        .post(DESK, json!({"title": "", "kicker": long(61), "note": "\u{1}"}))
        .await;
    assert_eq!(
        several.problem(422, "validation_failed"),
        ["/title", "/kicker", "/note"]
    );
}

#[tokio::test]
async fn unknown_references_are_named_all_at_once() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    editor
        .post("/api/v1/desk/sections", json!({"name": "World"}))
        .await
        .expect(201);
    let own = draft(&editor, "Own").await;
    let wrong = json!({"section": "worlds", "tags": ["nope", "nul\u{0}"], "authors": ["nobody"], "related": ["own", "none", "\u{0}"]});
    let refused = editor.patch(&at(&own), wrong).await;
    let pointers = refused.problem(422, "validation_failed");
    assert_eq!(
        pointers,
        [
            "/section",
            "/tags/0",
            "/tags/1",
            "/authors/0",
            "/related/0",
            "/related/1",
            "/related/2"
        ]
    );
    assert!(codes(&refused).iter().all(|(_, code)| code == "unknown_reference"));
    assert_eq!(refused.at("/errors/0/allowed"), &json!(["world"]));
    assert_eq!(editor.get(&at(&own)).await.at("/version"), &json!(1));
}

#[tokio::test]
async fn the_list_is_filtered_sorted_and_paged() {
    let app = TestApp::start().await;
    let (editor, reporter) = (app.editor().await, app.reporter().await);
    let world = editor
        .post("/api/v1/desk/sections", json!({"name": "World"}))
        .await
        .expect(201);
    editor
        .post("/api/v1/desk/sections", json!({"name": "Asia", "parent": world.id()}))
        .await
        .expect(201);
    editor
        .post("/api/v1/desk/sections", json!({"name": "Worldly goods"}))
        .await
        .expect(201);
    for (title, section) in [
        ("Delta", "world"),
        ("alpha 100%", "asia"),
        ("Bravo_one", "worldly-goods"),
        ("Charlie", "asia"),
    ] {
        app.clock.advance(chrono::TimeDelta::minutes(1));
        editor
            .post(DESK, json!({"title": title, "section": section}))
            .await
            .expect(201);
    }
    app.clock.advance(chrono::TimeDelta::minutes(1));
    let mine = reporter.post(DESK, json!({"title": "Echo"})).await.expect(201);
    editor
        .patch(&at(&mine), json!({"assignee": editor.account().id}))
        .await
        .expect(200);

    let list = async |query: &str| {
        reporter
            .get(&format!("{DESK}?{query}"))
            .await
            .expect(200)
            .column("title")
    };
    assert_eq!(list("").await, ["Echo", "Charlie", "Bravo_one", "alpha 100%", "Delta"]);
    assert_eq!(list("section=world").await, ["Charlie", "alpha 100%", "Delta"]);
    assert_eq!(
        list(&format!("section=asia,{}&section=none", world.id())).await.len(),
        3
    );
    assert!(list("section=none").await.is_empty());
    assert!(list("author=none").await.is_empty());
    assert_eq!(list("created_by=me").await, ["Echo"]);
    assert_eq!(list(&format!("assignee={}", editor.account().id)).await, ["Echo"]);
    assert!(list("assignee=me").await.is_empty());
    assert_eq!(list("q=0%25").await, ["alpha 100%"]);
    assert_eq!(list("q=O_O").await, ["Bravo_one"]);
    assert_eq!(list("updated_after=2026-06-01T09:03:00Z").await, ["Echo", "Charlie"]);
    assert!(list("status=published&stage=in_review").await.is_empty());
    assert_eq!(list("has_unpublished_changes=false&status=draft").await.len(), 5);
    assert_eq!(
        list("sort=publish_at").await,
        ["Delta", "alpha 100%", "Bravo_one", "Charlie", "Echo"]
    );
    let by_title = list("sort=title").await;
    let mut sorted = by_title.clone();
    sorted.sort_by_key(|title| title.to_lowercase());
    assert!(
        by_title == sorted
            || by_title == {
                sorted.sort();
                sorted
            },
        "{by_title:?}"
    );

    for sort in ["-updated_at", "publish_at", "title"] {
        let whole = list(&format!("sort={sort}")).await;
        let (mut seen, mut query) = (Vec::new(), format!("sort={sort}&limit=2&with_total=true"));
        loop {
            let page = reporter.get(&format!("{DESK}?{query}")).await.expect(200);
            assert_eq!(page.at("/page/total"), &json!(5));
            seen.extend(page.column("title"));
            let Some(cursor) = page.at("/page/next_cursor").as_str() else {
                break;
            };
            assert!(page.header("link").contains("rel=\"next\""));
            query = format!("sort={sort}&limit=2&with_total=true&cursor={cursor}");
        }
        assert_eq!(seen, whole, "{sort}");
    }
    let card = &reporter.get(&format!("{DESK}?q=Charlie")).await.json["data"][0];
    assert!(card.get("body").is_none() && card["section"]["path"] == "world/asia");
}

#[tokio::test]
async fn the_list_refuses_what_it_does_not_know() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for (query, code, parameter) in [
        ("limit=0", "invalid_parameter", "limit"),
        ("limit=101", "invalid_parameter", "limit"),
        ("limit=-1", "invalid_parameter", "limit"),
        ("limit=1e9", "invalid_parameter", "limit"),
        ("status=lost", "invalid_parameter", "status"),
        ("stage=lost", "invalid_parameter", "stage"),
        ("sort=random", "invalid_parameter", "sort"),
        ("assignee=you", "invalid_parameter", "assignee"),
        ("created_by=you", "invalid_parameter", "created_by"),
        (
            "has_unpublished_changes=maybe",
            "invalid_parameter",
            "has_unpublished_changes",
        ),
        ("q=", "invalid_parameter", "q"),
        ("updated_after=noon", "invalid_parameter", "updated_after"),
        (
            "updated_after=%2B10000-01-01T00:00:00Z",
            "invalid_parameter",
            "updated_after",
        ),
        ("cursor=forged", "invalid_cursor", "cursor"),
        ("offset=5", "unknown_parameter", "offset"),
    ] {
        let refused = editor.get(&format!("{DESK}?{query}")).await;
        assert_eq!(refused.problem(400, code), [parameter], "{query}");
    }
}
