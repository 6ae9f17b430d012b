//! Lists of tags: which are in them for whom, in which order, page by page.

use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;
use crate::support::make::{draft, published};
use crate::support::pages::{refuses_what_it_does_not_know, walk};
use crate::tags::{TAGS, tag};

#[tokio::test]
async fn readers_know_the_tags_in_use_alone() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let used = tag(&editor, "Harbour").await;
    tag(&editor, "Drafts only").await;
    tag(&editor, "Nobody").await;
    let article = published(&editor, "One", json!({"tags": ["harbour"]})).await;
    draft(&editor, "Two", json!({"tags": ["drafts-only", "harbour"]})).await;

    let list = reader.get("/api/v1/tags?with_total=true").await.expect(200);
    assert_eq!(list.column("slug"), ["harbour"]);
    assert_eq!(list.at("/data/0/article_count"), 1);
    assert_eq!(list.at("/page/total"), 1);
    assert_eq!(list.header("cache-tag"), format!("tags,tag:{}", used.id()));
    let read = reader.get("/api/v1/tags/harbour").await.expect(200);
    assert_eq!(read.at("/article_count"), 1);
    assert_eq!(read.header("cache-tag"), format!("tag:{}", used.id()));
    assert!(read.header("cache-control").starts_with("public"));
    let by_id = reader.get(&format!("/api/v1/tags/{}", used.id())).await.expect(200);
    assert_eq!(by_id.json, read.json);
    let same = reader.request(Method::GET, "/api/v1/tags/harbour");
    let same = reader.send(same.header("if-none-match", read.header("etag"))).await;
    assert_eq!((same.status, same.text.as_str()), (304, ""));
    for unknown in ["drafts-only", "nobody", "nothing", "HARBOUR", "%00", "%FF", "a%2Fb"] {
        let refused = reader.get(&format!("/api/v1/tags/{unknown}")).await;
        refused.problem(404, "not_found");
    }

    let path = format!("/api/v1/desk/articles/{}/unpublish", article.id());
    editor.act(&path, json!({})).await.expect(200);
    reader.get("/api/v1/tags/harbour").await.problem(404, "not_found");
    assert!(reader.get("/api/v1/tags").await.column("slug").is_empty());
}

#[tokio::test]
async fn lists_sort_filter_and_page_without_loss() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let names = ["beta", "Alpha", "100%", "gamma", "Élan", "alpha", "Alps", "delta"];
    for (place, name) in names.iter().enumerate() {
        let kind = if place % 2 == 0 { "topic" } else { "place" };
        let body = json!({"name": name, "kind": kind, "slug": format!("tag-{place}")});
        editor.post(TAGS, body).await.expect(201);
        app.clock.advance(chrono::TimeDelta::seconds(1));
    }
    for (title, tags) in [
        ("One", json!(["tag-0", "tag-1", "tag-4"])),
        ("Two", json!(["tag-1", "tag-4", "tag-3"])),
    ] {
        published(&editor, title, json!({"tags": tags})).await;
    }
    for limit in [1, 2, 3, 8, 100] {
        let desk = |query: &str| format!("{TAGS}?limit={limit}{query}");
        let by_name = walk(&editor, &desk(""), "name").await;
        assert_eq!(
            by_name,
            ["100%", "Alpha", "alpha", "Alps", "beta", "delta", "gamma", "Élan"]
        );
        let busiest = walk(&editor, &desk("&sort=-article_count"), "slug").await;
        assert_eq!(busiest[..4], ["tag-1", "tag-4", "tag-0", "tag-3"]);
        assert_eq!(busiest.len(), 8);
        let newest = walk(&editor, &desk("&sort=-updated_at"), "slug").await;
        assert_eq!(newest[0], "tag-7");
        assert_eq!(newest.len(), 8);
        let places = walk(&editor, &desk("&kind=place&q=al"), "name").await;
        assert_eq!(places, ["Alpha", "alpha"]);
        let for_readers = walk(&reader, &format!("/api/v1/tags?limit={limit}"), "slug").await;
        assert_eq!(for_readers, ["tag-1", "tag-0", "tag-3", "tag-4"]);
        let for_readers = format!("/api/v1/tags?limit={limit}&sort=-article_count&kind=topic");
        assert_eq!(walk(&reader, &for_readers, "slug").await, ["tag-4", "tag-0"]);
    }
    for (q, found) in [
        ("AL", 3),
        ("100%25", 1),
        ("10%25", 0),
        ("_", 0),
        ("%C3%A9L", 1),
        ("tag-", 8),
        ("%5C", 0),
        ("", 8),
    ] {
        let list = editor.get(&format!("{TAGS}?q={q}&with_total=true")).await.expect(200);
        assert_eq!(list.at("/page/total"), found, "{q}");
        assert_eq!(list.column("id").len(), found, "{q}");
        assert_eq!(list.at("/page/total_capped"), false);
    }
    assert_eq!(editor.get(TAGS).await.at("/page/total"), &json!(null));
    refuses_what_it_does_not_know(&editor, TAGS, &format!("{TAGS}?sort=-article_count")).await;
    refuses_what_it_does_not_know(&reader, "/api/v1/tags", "/api/v1/tags?kind=topic").await;
    let newest = reader.get("/api/v1/tags?sort=-updated_at").await;
    assert_eq!(newest.problem(400, "invalid_parameter"), ["sort"], "that is the desk's");
}
