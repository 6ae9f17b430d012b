//! What becomes of an article's section, tags and authors when they change between the save and the publication.

use serde_json::{Value, json};

use super::{DESK, at};
use crate::support::TestApp;
use crate::support::client::{Answer, Client};
use crate::support::make;

async fn make(editor: &Client, resource: &str, name: &str) -> String {
    let path = format!("/api/v1/desk/{resource}");
    let made = editor.post(&path, json!({"name": name})).await.expect(201);
    format!("{path}/{}", made.id())
}

fn slugs<'a>(article: &'a Answer, list: &str) -> Vec<&'a str> {
    let named = article.at(list).as_array().unwrap().iter();
    named.map(|one| one["slug"].as_str().unwrap()).collect()
}

/// Publishes the article, and reads it as readers do.
async fn published(app: &TestApp, editor: &Client, article: &Answer, body: Value) -> Answer {
    let path = format!("{}/publish", at(article));
    editor.act(&path, body).await.expect(200);
    let path = format!("/api/v1/articles/{}", article.id());
    app.anonymous().get(&path).await.expect(200)
}

#[tokio::test]
async fn what_was_replaced_after_the_save_is_published_as_what_took_its_place() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (port, quay) = (make(&editor, "tags", "Port").await, make(&editor, "tags", "Quay").await);
    make(&editor, "tags", "Harbour").await;
    let (ana, _) = (
        make(&editor, "authors", "Ana Lima").await,
        make(&editor, "authors", "Jo Ek").await,
    );
    let (near, _) = (
        make(&editor, "sections", "Near").await,
        make(&editor, "sections", "Coast").await,
    );
    let with = json!({"section": "near", "tags": ["port", "harbour", "quay"], "authors": ["ana-lima", "jo-ek"]});
    let article = make::draft(&editor, "The bridge", with).await;

    let merge = editor.post(&format!("{port}/merge"), json!({"into": "harbour"})).await;
    merge.expect(200);
    for gone in [
        format!("{quay}?reassign_to=harbour"),
        format!("{ana}?reassign_to=jo-ek"),
        format!("{near}?reassign_to=coast"),
    ] {
        editor.delete(&gone).await.expect(204);
    }

    // The first revision still has the old names; what readers get has the new ones, each once.
    let shown = published(&app, &editor, &article, json!({"revision": 1})).await;
    assert_eq!(slugs(&shown, "/tags"), ["harbour"]);
    assert_eq!(slugs(&shown, "/authors"), ["jo-ek"]);
    assert_eq!(shown.at("/section/slug"), "coast");
    for list in ["tag=harbour", "tag=port", "author=jo-ek", "section=coast"] {
        let found = app.anonymous().get(&format!("/api/v1/articles?{list}")).await;
        assert_eq!(found.column("id"), [article.id()], "{list}");
    }
}

#[tokio::test]
async fn what_was_deleted_after_the_save_is_not_published() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (port, ana) = (
        make(&editor, "tags", "Port").await,
        make(&editor, "authors", "Ana Lima").await,
    );
    make(&editor, "tags", "Harbour").await;
    let with = json!({"tags": ["port", "harbour"], "authors": ["ana-lima"]});
    let article = make::draft(&editor, "The bridge", with).await;
    let without = json!({"tags": ["harbour"], "authors": [], "section": null});
    editor.patch(&at(&article), without).await.expect(200);
    for gone in [port, ana] {
        editor.delete(&gone).await.expect(204);
    }
    let shown = published(&app, &editor, &article, json!({"revision": 1})).await;
    assert_eq!(slugs(&shown, "/tags"), ["harbour"]);
    assert_eq!(shown.at("/authors"), &json!([]));

    // Without its section an article cannot be published.
    let other = make(&editor, "sections", "Near").await;
    let article = make::draft(&editor, "The ferry", json!({"section": "near"})).await;
    editor
        .patch(&at(&article), json!({"section": "world"}))
        .await
        .expect(200);
    editor.delete(&other).await.expect(204);
    let refused = editor
        .act(&format!("{}/publish", at(&article)), json!({"revision": 1}))
        .await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/section"]);
}

#[tokio::test]
async fn who_names_no_author_signs_with_their_own() {
    let app = TestApp::start().await;
    let (editor, reporter) = (app.editor().await, app.reporter().await);
    let ana = json!({"name": "Ana Lima", "user": reporter.account().email});
    editor.post("/api/v1/desk/authors", ana).await.expect(201);
    make(&editor, "authors", "Jo Ek").await;
    for (body, signed) in [
        (json!({"title": "Mine"}), vec!["ana-lima"]),
        (json!({"title": "Mine too", "authors": null}), vec!["ana-lima"]),
        (json!({"title": "Nobody's", "authors": []}), vec![]),
        (json!({"title": "Another's", "authors": ["jo-ek"]}), vec!["jo-ek"]),
    ] {
        let made = reporter.post(DESK, body).await.expect(201);
        assert_eq!(slugs(&made, "/authors"), signed);
    }
    let made = editor.post(DESK, json!({"title": "Unsigned"})).await.expect(201);
    assert_eq!(made.at("/authors"), &json!([]));
}
