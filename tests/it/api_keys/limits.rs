//! A key that is limited to sections: articles elsewhere are not there for it. (That every route of the desk keeps to that,
//! the authorization table sees to.)

use serde_json::{Value, json};

use super::ARTICLES;
use crate::support::TestApp;
use crate::support::client::Client;
use crate::support::make;

/// A paper with two sections, one of them with another below it.
struct Paper {
    app: TestApp,
    editor: Client,
    /// Limited to the world.
    program: Client,
}

impl Paper {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let editor = app.editor().await;
        for section in [
            json!({"name": "World", "slug": "world"}),
            json!({"name": "Asia", "slug": "asia", "parent": "world"}),
            // Its path begins as the other's.
            json!({"name": "World Cup", "slug": "world-cup"}),
        ] {
            editor.post("/api/v1/desk/sections", section).await.expect(201);
        }
        let scopes = json!(["articles:read", "articles:write", "articles:publish", "articles:kill"]);
        let program = app.key(json!({"scopes": scopes, "sections": ["world"]})).await;
        Self { app, editor, program }
    }

    async fn draft(&self, title: &str, section: &str) -> String {
        make::draft(&self.editor, title, json!({"section": section})).await.id()
    }
}

#[tokio::test]
async fn it_reads_and_lists_its_own_sections_and_those_below() {
    let paper = Paper::new().await;
    let (near, below, far) = (
        paper.draft("Near", "world").await,
        paper.draft("Below", "asia").await,
        paper.draft("Far", "world-cup").await,
    );
    for id in [&near, &below] {
        paper.program.get(&format!("{ARTICLES}/{id}")).await.expect(200);
    }
    paper
        .program
        .get(&format!("{ARTICLES}/{far}"))
        .await
        .problem(404, "not_found");
    let titles = async |query: &str| {
        let list = paper
            .program
            .get(&format!("{ARTICLES}?sort=title&with_total=true{query}"))
            .await;
        let list = list.expect(200);
        assert_eq!(list.at("/page/total"), list.column("title").len());
        list.column("title")
    };
    assert_eq!(titles("").await, ["Below", "Near"]);
    assert_eq!(titles("&section=asia,world-cup").await, ["Below"]);
    assert!(titles("&section=world-cup").await.is_empty());
    assert!(titles("&q=far").await.is_empty());
    for id in [&below, &far] {
        let plan = json!({"publish_at": "2026-07-01T00:00:00Z"});
        paper
            .editor
            .act(&format!("{ARTICLES}/{id}/schedule"), plan)
            .await
            .expect(200);
    }
    let planned = paper.program.get("/api/v1/desk/schedule").await.expect(200);
    assert_eq!(
        planned.at("/data").as_array().map(Vec::len),
        Some(1),
        "{}",
        planned.text
    );
    // A section that is gone makes the limit narrower, never wider.
    paper
        .editor
        .patch(&format!("{ARTICLES}/{near}"), json!({"section": "world-cup"}))
        .await
        .expect(200);
    paper
        .program
        .get(&format!("{ARTICLES}/{near}"))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn it_puts_no_article_where_it_could_not_see_it() {
    let paper = Paper::new().await;
    let out_of_reach = |answer: crate::support::client::Answer| drop(answer.problem(403, "scope_missing"));
    let new = |section: Value| json!({"title": "A story", "body": {"source": "It is so."}, "section": section});
    out_of_reach(paper.program.post(ARTICLES, new(json!("world-cup"))).await);
    out_of_reach(paper.program.post(ARTICLES, new(json!(null))).await);
    let story = paper.program.post(ARTICLES, new(json!("asia"))).await.expect(201).id();
    let path = format!("{ARTICLES}/{story}");
    out_of_reach(paper.program.patch(&path, json!({"section": "world-cup"})).await);
    out_of_reach(paper.program.patch(&path, json!({"section": null})).await);
    paper
        .program
        .patch(&path, json!({"section": "world"}))
        .await
        .expect(200);

    // Neither by an old revision, nor by a patch of what readers have.
    paper
        .editor
        .patch(&path, json!({"section": "world-cup"}))
        .await
        .expect(200);
    paper.editor.patch(&path, json!({"section": "world"})).await.expect(200);
    out_of_reach(
        paper
            .program
            .act(&format!("{path}/revisions/3/restore"), json!({}))
            .await,
    );
    out_of_reach(
        paper
            .program
            .act(&format!("{path}/publish"), json!({"revision": 3}))
            .await,
    );
    let plan = json!({"revision": 3, "publish_at": "2026-07-01T00:00:00Z"});
    out_of_reach(paper.program.act(&format!("{path}/schedule"), plan).await);
    paper
        .program
        .act(&format!("{path}/publish"), json!({}))
        .await
        .expect(200);
    let patch = json!({"kind": "correction", "text": "It was wrong.", "patch": {"section": "world-cup"}});
    out_of_reach(paper.program.act(&format!("{path}/corrections"), patch).await);
    let seen = paper
        .app
        .anonymous()
        .get(&format!("/api/v1/articles/{story}"))
        .await
        .expect(200);
    assert_eq!(seen.text_at("/section/slug"), "world");
}

#[tokio::test]
async fn related_articles_elsewhere_are_neither_found_nor_named() {
    let paper = Paper::new().await;
    let (near, far) = (
        paper.draft("Near", "world").await,
        paper.draft("A secret elsewhere", "world-cup").await,
    );
    let path = format!("{ARTICLES}/{near}");
    let relate = |to: &str| json!({"related": [to]});
    for name in [far.as_str(), "a-secret-elsewhere", "nothing-at-all"] {
        let refused = paper.program.patch(&path, relate(name)).await;
        assert_eq!(refused.problem(422, "validation_failed"), ["/related/0"]);
    }
    paper.editor.patch(&path, relate(&far)).await.expect(200);
    let seen = paper.program.get(&path).await.expect(200);
    assert_eq!(seen.at("/related"), &json!([]), "{}", seen.text);
}
