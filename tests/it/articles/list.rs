//! The desk's list.

use serde_json::json;

use super::{DESK, at};
use crate::support::TestApp;

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
