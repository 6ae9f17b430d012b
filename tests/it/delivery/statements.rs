//! What reading costs when no cache helps: every statement is work for the database, so there is a budget.

use serde_json::json;

use super::lists::paper;
use crate::support::make;
use crate::support::store::{hours, story};

/// Calls, each with the statements that it takes.
const COSTS: &[(&str, usize)] = &[
    // The cards on the page, and what their tags and authors are called.
    ("/articles", 2),
    ("/articles?sort=published_at", 2),
    ("/articles?kicker=Breaking", 2),
    ("/articles?language=en", 2),
    ("/articles?featured=true", 2),
    ("/articles?published_after=2020-01-01T00:00:00Z", 2),
    ("/articles?exclude_ids=00000000-0000-7000-8000-000000000000", 2),
    // And how many there are.
    ("/articles?with_total=true", 3),
    // Or what is breaking.
    ("/articles?breaking=true", 3),
    // Where the stretch ends that is looked at, which articles of it belong on the page, and their cards.
    ("/articles?breaking=false", 3),
    ("/articles?kicker=Breaking,Analysis", 3),
    (
        "/articles?sort=-content_updated_at&published_after=2020-01-01T00:00:00Z",
        3,
    ),
    // And what the names name.
    ("/articles?section=world", 3),
    ("/articles?tag=a", 3),
    ("/articles?author=ana", 3),
    ("/articles?section=world&with_total=true", 4),
    ("/articles?tag=nothing", 1),
    // At most.
    ("/articles?section=world&tag=b,c&author=ana,jo&with_total=true", 4),
    ("/articles?section=world&breaking=true&with_total=true", 4),
    (
        "/articles?tag_all=b,c&language=en&sort=-content_updated_at&with_total=true",
        4,
    ),
    // Named ones.
    ("/articles?slugs=one,two", 1),
    ("/articles?ids=00000000-0000-7000-8000-000000000000&slugs=one", 1),
    ("/articles/one", 1),
    ("/articles/one?formats=parts,blocks,text", 2),
    ("/articles/related", 2),
    ("/articles/related?formats=text", 3),
    ("/articles/corrected?formats=text", 4),
    ("/articles/corrected/corrections", 2),
    ("/corrections", 1),
    ("/corrections?kind=update", 1),
    ("/articles/related/related", 2),
    ("/articles/related/comments", 2),
    ("/articles/related/comments?sort=most_replied", 2),
    ("/sections", 1),
    ("/sections?latest=5", 3),
    ("/sections/world?latest=5", 3),
    ("/tags", 1),
    ("/tags?with_total=true", 2),
    ("/tags/a", 1),
    ("/authors", 1),
    ("/authors?with_total=true", 2),
    ("/authors/ana", 1),
    ("/site", 1),
    ("/search?q=words", 3),
    ("/search?q=words&section=world&tag=b,c&author=ana,jo&with_total=true", 4),
];

#[tokio::test]
async fn reading_keeps_to_its_budget() {
    let app = paper().await;
    let reader = app.anonymous();
    let one = reader.get("/api/v1/articles/one").await.expect(200).id();
    let beside = story("related").with(|row| row.related = vec![one.parse().unwrap()]);
    app.publish(beside).await;
    let with = json!({"slug": "corrected", "related": [one]});
    let editor = app.editor().await;
    let corrected = make::published(&editor, "Corrected", with).await;
    let path = format!("/api/v1/desk/articles/{}/corrections", corrected.id());
    let note = json!({"kind": "correction", "text": "It was wrong."});
    editor.act(&path, note).await.expect(201);
    let heard = app.listen().await;
    for (path, cost) in COSTS {
        reader.get(&format!("/api/v1{path}")).await.expect(200);
        let statements = heard.take();
        assert_eq!(statements.len(), *cost, "{path}: {statements:#?}");
    }
}

#[tokio::test]
async fn more_articles_cost_no_more_statements() {
    let app = paper().await;
    let reader = app.anonymous();
    let shown = story("shown").tags(&["a", "b", "c"]).authors(&["ana", "jo"]);
    app.publish(shown.section("asia").with(|row| row.breaking_until = Some(hours(1))))
        .await;
    app.multiply("shown", 200).await;
    let heard = app.listen().await;
    for (path, cost) in [
        ("/articles?limit=100", 2),
        ("/articles?breaking=true&limit=100&with_total=true", 4),
        ("/articles?section=world&tag=a&author=ana&limit=100&with_total=true", 4),
        ("/sections?latest=20", 3),
    ] {
        let answer = reader.get(&format!("/api/v1{path}")).await.expect(200);
        let statements = heard.take();
        assert_eq!(statements.len(), cost, "{path}: {statements:#?}");
        if path.starts_with("/articles") {
            assert_eq!(answer.column("id").len(), 100, "{path}");
            assert_eq!(*answer.at("/data/0/tags/2/slug"), json!("c"), "{path}");
        }
    }
}
