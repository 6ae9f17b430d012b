//! Killed articles: what readers are told, what they never are, and the way back.

use serde_json::{Value, json};

use crate::support::client::{Answer, Client};
use crate::support::{TestApp, make};

const REASON: &str = "Lawyer letter of Tuesday";
const NOTICE: &str = "We have withdrawn this article: its facts were wrong.";

fn at(article: &Answer) -> String {
    format!("/api/v1/desk/articles/{}", article.id())
}

async fn kill(client: &Client, article: &Answer) -> Answer {
    let why = json!({"reason": REASON, "notice": NOTICE});
    client.act(&format!("{}/kill", at(article)), why).await
}

#[tokio::test]
async fn every_address_tells_the_notice_and_nothing_else() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    editor
        .post("/api/v1/desk/tags", json!({"name": "Bridges"}))
        .await
        .expect(201);
    editor
        .post("/api/v1/desk/authors", json!({"name": "Ana Lima"}))
        .await
        .expect(201);
    let with = json!({"slug": "old-name", "tags": ["bridges"], "authors": ["ana-lima"]});
    let made = make::published(&editor, "Bridge falls", with).await;
    editor
        .patch(&at(&made), json!({"slug": "new-name", "comments_policy": "open"}))
        .await
        .expect(200);
    editor
        .act(&format!("{}/publish", at(&made)), json!({}))
        .await
        .expect(200);
    let beside = make::published(&editor, "Beside", json!({"related": [made.id()]})).await;
    let thread = "/api/v1/articles/new-name/comments";
    let said = json!({"author_name": "Runa", "body": "I was there."});
    let said = reader.post(thread, said).await.expect(201);
    let approve = format!("/api/v1/desk/comments/{}/approve", said.id());
    editor.act(&approve, json!({})).await.expect(200);

    let killed = kill(&editor, &made).await.expect(200);
    for (pointer, value) in [
        ("/status", json!("killed")),
        ("/stage", Value::Null),
        ("/published_revision", Value::Null),
        ("/kill/reason", json!(REASON)),
        ("/kill/notice", json!(NOTICE)),
        ("/kill/killed_by/name", json!(editor.account().name)),
        ("/kill/killed_at", json!("2026-06-01T09:00:00Z")),
        ("/allowed_actions", json!(["reinstate"])),
    ] {
        assert_eq!(killed.at(pointer), &value, "{pointer}");
    }
    let one = format!("/api/v1/articles/{}", made.id());
    for named in [one.as_str(), "/api/v1/articles/new-name", "/api/v1/articles/old-name"] {
        for below in ["", "/related", "/comments"] {
            let gone = reader.get(&format!("{named}{below}")).await;
            gone.problem(410, "gone");
            assert_eq!(gone.text_at("/detail"), NOTICE, "{named}{below}");
            assert!(gone.header("cache-control").starts_with("public"), "{named}{below}");
            assert!(!gone.text.contains(REASON), "{}", gone.text);
        }
        let comment = reader
            .post(&format!("{named}/comments"), json!({"author_name": "R", "body": "B"}))
            .await;
        comment.problem(410, "gone");
    }
    for list in [
        "/api/v1/articles",
        "/api/v1/articles?section=world",
        "/api/v1/articles?tag=bridges",
        "/api/v1/articles?author=ana-lima",
        "/api/v1/articles?slugs=new-name,old-name",
        "/api/v1/articles/beside/related",
    ] {
        let shown = reader.get(list).await.expect(200);
        assert!(!shown.column("id").contains(&made.id()), "{list}");
    }
    assert_eq!(
        reader.get("/api/v1/articles?with_total=true").await.at("/page/total"),
        &json!(1)
    );
    assert_eq!(
        reader.get("/api/v1/sections/world").await.at("/article_count"),
        &json!(1)
    );
    assert_eq!(reader.get("/api/v1/tags").await.at("/data"), &json!([]));
    assert_eq!(reader.get("/api/v1/authors").await.at("/data"), &json!([]));
    assert_eq!(reader.get("/api/v1/articles/beside").await.at("/related"), &json!([]));
    assert_eq!(beside.text_at("/status"), "published");
}

#[tokio::test]
async fn only_reinstating_brings_it_back() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let made = make::published(&editor, "Back", json!({"slug": "back"})).await;
    kill(&editor, &made).await.expect(200);
    let publish = format!("{}/publish", at(&made));
    let refused = editor.act(&publish, json!({})).await;
    refused.problem(409, "invalid_state_transition");
    assert_eq!(refused.at("/allowed_actions"), &json!(["reinstate"]));
    editor
        .patch(&at(&made), json!({"title": "No"}))
        .await
        .problem(409, "invalid_state_transition");
    kill(&editor, &made).await.problem(409, "invalid_state_transition");

    let back = editor
        .act(&format!("{}/reinstate", at(&made)), json!({}))
        .await
        .expect(200);
    assert_eq!(
        (back.text_at("/status"), back.at("/kill")),
        ("unpublished".to_owned(), &Value::Null)
    );
    reader.get("/api/v1/articles/back").await.problem(404, "not_found");
    editor.act(&publish, json!({})).await.expect(200);
    reader.get("/api/v1/articles/back").await.expect(200);
}

#[tokio::test]
async fn an_unpublished_article_is_killed_too_and_a_draft_is_not() {
    let app = TestApp::start().await;
    let (editor, reporter, reader) = (app.editor().await, app.reporter().await, app.anonymous());
    let made = make::published(&editor, "Away", json!({"slug": "away"})).await;
    editor
        .act(&format!("{}/unpublish", at(&made)), json!({}))
        .await
        .expect(200);
    reader.get("/api/v1/articles/away").await.problem(404, "not_found");
    kill(&editor, &made).await.expect(200);
    assert_eq!(reader.get("/api/v1/articles/away").await.text_at("/detail"), NOTICE);

    let draft = make::draft(&reporter, "Draft", json!({"section": "world"})).await;
    kill(&editor, &draft).await.problem(409, "invalid_state_transition");
    let other = make::published(&editor, "Other", json!({})).await;
    kill(&reporter, &other).await.problem(403, "permission_denied");
    for (why, pointers) in [
        (json!({"notice": NOTICE}), vec!["/reason"]),
        (json!({"reason": " ", "notice": ""}), vec!["/reason", "/notice"]),
        (json!({"reason": REASON, "notice": "x".repeat(2001)}), vec!["/notice"]),
        (json!({"reason": REASON, "notice": NOTICE, "until": 1}), vec!["/until"]),
    ] {
        let refused = editor.act(&format!("{}/kill", at(&other)), why).await;
        assert_eq!(refused.problem(422, "validation_failed"), pointers, "{}", refused.text);
    }
    assert_eq!(editor.get(&at(&other)).await.text_at("/status"), "published");
}
