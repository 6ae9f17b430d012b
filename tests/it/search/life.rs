//! What is found follows what is published.

use diesel_async::SimpleAsyncConnection;
use serde_json::json;

use super::found;
use crate::support::{TestApp, make};

#[tokio::test]
async fn only_what_is_published_now_is_found() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let text = |source: &str| json!({"body": {"source": source}});
    let draft = make::draft(&editor, "Drafted", text("A lighthouse.")).await;
    assert!(found(&reader, "lighthouse").await.is_empty());
    let path = format!("/api/v1/desk/articles/{}", draft.id());
    let verb = |verb: &str| format!("{path}/{verb}");
    editor.act(&verb("publish"), json!({})).await.expect(200);
    assert_eq!(found(&reader, "lighthouse").await, ["drafted"]);
    // The desk works on; readers find what they see.
    editor.patch(&path, text("A windmill.")).await.expect(200);
    assert!(found(&reader, "windmill").await.is_empty());
    assert_eq!(found(&reader, "lighthouse").await, ["drafted"]);
    let note = json!({"kind": "correction", "text": "It was wrong.", "patch": {"title": "Corrected tower"}});
    editor.act(&verb("corrections"), note).await.expect(201);
    assert_eq!(found(&reader, "tower").await, ["drafted"]);
    assert!(found(&reader, "drafted").await.is_empty(), "the title was corrected");
    editor.act(&verb("publish"), json!({})).await.expect(200);
    assert_eq!(found(&reader, "windmill").await, ["drafted"]);
    assert!(found(&reader, "lighthouse").await.is_empty());
    editor.patch(&path, json!({"slug": "renamed"})).await.expect(200);
    editor.act(&verb("publish"), json!({})).await.expect(200);
    assert_eq!(found(&reader, "windmill").await, ["renamed"]);
    editor.act(&verb("unpublish"), json!({})).await.expect(200);
    assert!(found(&reader, "windmill").await.is_empty());
    editor.act(&verb("publish"), json!({})).await.expect(200);
    assert_eq!(found(&reader, "windmill").await, ["renamed"]);
    let kill = json!({"reason": "Wrong.", "notice": "Withdrawn."});
    editor.act(&verb("kill"), kill).await.expect(200);
    assert!(found(&reader, "windmill").await.is_empty());
}

#[tokio::test]
async fn headings_and_what_stands_above_are_found_as_an_editor_writes_them() {
    let app = TestApp::start().await;
    let with = json!({
        "kicker": "Analysis", "standfirst": "Of ferries.",
        "body": {"source": "Lead.\n\n## The lamplighters\n\nText."},
    });
    make::published(&app.editor().await, "Title", with).await;
    let reader = app.anonymous();
    for q in ["analysis", "ferry", "lamplighter", "title", "\"of ferries\""] {
        assert_eq!(found(&reader, q).await, ["title"], "{q}");
    }
}

#[tokio::test]
async fn what_psql_writes_is_found_as_well() {
    let app = TestApp::start().await;
    app.publish(super::about("story", "A lighthouse.")).await;
    let reader = app.anonymous();
    assert_eq!(found(&reader, "lighthouse").await, ["story"]);
    let mended = "UPDATE published_articles SET body_text = 'A windmill.'";
    app.conn().await.batch_execute(mended).await.unwrap();
    app.told().await;
    assert!(found(&reader, "lighthouse").await.is_empty());
    assert_eq!(found(&reader, "windmill").await, ["story"]);
}
