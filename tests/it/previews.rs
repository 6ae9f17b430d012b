//! Links to what is not published: what they show, to whom, and until when.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::Answer;
use crate::support::{TestApp, make};

fn links(article: &Answer) -> String {
    format!("/api/v1/desk/articles/{}/preview-tokens", article.id())
}

fn opened_by(link: &Answer) -> String {
    format!("/api/v1/previews/{}", link.text_at("/token"))
}

#[tokio::test]
async fn a_preview_is_what_publishing_shows() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    for (kind, name) in [("tags", "Bridges"), ("authors", "Ana Lima")] {
        editor
            .post(&format!("/api/v1/desk/{kind}"), json!({"name": name}))
            .await
            .expect(201);
    }
    let beside = make::published(&editor, "Beside", json!({})).await;
    let with = json!({
        "kicker": "News", "standfirst": "At last.", "tags": ["bridges"], "authors": ["ana-lima"],
        "related": [beside.id()], "sources": [{"name": "Reuters"}],
        "body": {"source": "Lead.\n\n## Part\n\nMore."},
        "hero": {"url": "https://a.example/b.jpg", "alt": "The bridge"},
    });
    let made = make::draft(&editor, "Bridge opens", with).await;
    let link = editor.post(&links(&made), json!({})).await.expect(201);
    assert_eq!(link.at("/revision"), &Value::Null);
    assert_eq!(link.text_at("/expires_at"), "2026-06-02T09:00:00Z");
    assert!(link.text_at("/url").ends_with(&opened_by(&link)));

    let every_form = format!("{}?formats=parts,blocks,text", opened_by(&link));
    let preview = reader.get(&every_form).await.expect(200);
    assert_eq!(preview.header("cache-control"), "private, no-store");
    assert_eq!(preview.header("x-robots-tag"), "noindex");
    assert_eq!(
        (preview.at("/status"), preview.at("/revision")),
        (&json!("draft"), &json!(1))
    );
    reader
        .get("/api/v1/articles/bridge-opens")
        .await
        .problem(404, "not_found");

    let publish = format!("/api/v1/desk/articles/{}/publish", made.id());
    editor.act(&publish, json!({})).await.expect(200);
    let shown = reader
        .get("/api/v1/articles/bridge-opens?formats=parts,blocks,text")
        .await
        .expect(200);
    assert_eq!(preview.at("/article"), &shown.json);

    app.clock.advance(TimeDelta::hours(1));
    let desk = format!("/api/v1/desk/articles/{}", made.id());
    editor
        .patch(&desk, json!({"title": "Bridge opens late"}))
        .await
        .expect(200);
    let preview = reader.get(&every_form).await.expect(200);
    assert_eq!(
        preview.text_at("/article/title"),
        "Bridge opens late",
        "the link follows the newest revision"
    );
    assert_eq!(preview.text_at("/article/published_at"), "2026-06-01T09:00:00Z");
    assert_eq!(preview.text_at("/article/content_updated_at"), "2026-06-01T10:00:00Z");
    let live = reader.get("/api/v1/articles/bridge-opens").await.expect(200);
    assert_eq!(live.text_at("/title"), "Bridge opens", "readers see nothing of it");

    let first = editor.post(&links(&made), json!({"revision": 1})).await.expect(201);
    let preview = reader.get(&opened_by(&first)).await.expect(200);
    assert_eq!(
        (preview.text_at("/article/title"), preview.at("/revision")),
        ("Bridge opens".to_owned(), &json!(1))
    );
}

#[tokio::test]
async fn a_link_ends_by_itself_by_hand_and_with_the_article() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let made = make::draft(&editor, "Secret", json!({})).await;
    let short = editor.post(&links(&made), json!({"expires_in": 60})).await.expect(201);
    let revoked = editor.post(&links(&made), json!({})).await.expect(201);
    let kept = editor.post(&links(&made), json!({})).await.expect(201);
    for link in [&short, &revoked, &kept] {
        reader.get(&opened_by(link)).await.expect(200);
    }
    let listed = editor.get(&links(&made)).await.expect(200);
    let ids = |answer: &Answer| answer.column("id").into_iter().collect::<BTreeSet<_>>();
    assert_eq!(ids(&listed), BTreeSet::from([short.id(), revoked.id(), kept.id()]));
    assert_eq!(
        (listed.at("/data/0/use_count"), listed.at("/data/0/last_used_at")),
        (&json!(1), &json!("2026-06-01T09:00:00Z"))
    );
    assert!(!listed.text.contains("mhp_"), "a token is shown once");

    let one = format!("{}/{}", links(&made), revoked.id());
    editor.delete(&one).await.expect(204);
    editor.delete(&one).await.problem(404, "not_found");
    app.clock.advance(TimeDelta::seconds(60));
    for link in [&short, &revoked] {
        let closed = reader.get(&opened_by(link)).await;
        closed.problem(404, "not_found");
        assert_eq!(closed.header("cache-control"), "no-store");
    }
    assert_eq!(editor.get(&links(&made)).await.column("id"), [kept.id()]);

    editor
        .delete(&format!("/api/v1/desk/articles/{}", made.id()))
        .await
        .expect(204);
    reader.get(&opened_by(&kept)).await.problem(404, "not_found");
    editor.post(&links(&made), json!({})).await.problem(409, "conflict");
}

#[tokio::test]
async fn a_link_is_made_by_those_who_write_the_article() {
    let app = TestApp::with(|config| {
        config.site.preview_url = Some("https://news.example/preview?token={token}".to_owned());
    })
    .await;
    let (editor, reporter) = (app.editor().await, app.reporter().await);
    let made = make::draft(&editor, "Mine", json!({})).await;
    reporter
        .post(&links(&made), json!({}))
        .await
        .problem(403, "permission_denied");
    let bare = editor.request(Method::POST, &links(&made));
    let link = editor.send(bare).await.expect(201);
    let token = link.text_at("/token");
    assert_eq!(
        link.text_at("/url"),
        format!("https://news.example/preview?token={token}")
    );
    reporter
        .delete(&link.header("location"))
        .await
        .problem(403, "permission_denied");
    let other = make::draft(&editor, "Another", json!({})).await;
    editor
        .delete(&format!("{}/{}", links(&other), link.id()))
        .await
        .problem(404, "not_found");
    for (body, pointer) in [
        (json!({"revision": 2}), "/revision"),
        (json!({"revision": 0}), "/revision"),
        (json!({"expires_in": 59}), "/expires_in"),
        (json!({"expires_in": 2_592_001}), "/expires_in"),
        (json!({"token": "mine"}), "/token"),
    ] {
        assert_eq!(
            editor.post(&links(&made), body).await.problem(422, "validation_failed"),
            [pointer]
        );
    }
    let mut forged = token.clone();
    forged.replace_range(10..11, if &token[10..11] == "A" { "B" } else { "A" });
    for wrong in [forged.as_str(), "mhp_", "x", &link.id()] {
        let answer = app.anonymous().get(&format!("/api/v1/previews/{wrong}")).await;
        answer.problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_link_opens_nothing_for_long_after_its_maker_is_out() {
    let app = TestApp::start().await;
    let (admin, reporter, reader) = (app.admin().await, app.reporter().await, app.anonymous());
    let world = json!({"name": "World"});
    admin.post("/api/v1/desk/sections", world).await.expect(201);
    let made = make::draft(&reporter, "Bridge opens", json!({})).await;
    let link = reporter.post(&links(&made), json!({})).await.expect(201);
    let account = format!("/api/v1/desk/users/{}", reporter.account().id);
    for (out, back) in [
        (json!({"disabled": true}), json!({"disabled": false})),
        (json!({"role": "reader"}), json!({"role": "reporter"})),
    ] {
        reader.get(&opened_by(&link)).await.expect(200);
        admin.patch(&account, out).await.expect(200);
        reader.get(&opened_by(&link)).await.problem(404, "not_found");
        admin.patch(&account, back).await.expect(200);
    }
    reader.get(&opened_by(&link)).await.expect(200);
}
