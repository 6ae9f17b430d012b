//! What reading costs when no cache helps: every statement is work for the database, so there is a budget.

use std::time::Duration;

use masthead::db::pool::PoolOptions;
use serde_json::json;

use super::lists::{paper, print};
use crate::support::db::{fresh, pool_options};
use crate::support::proxy::{Proxy, Wire};
use crate::support::store::{hours, story};
use crate::support::{TestApp, make};

/// Calls, each with the statements that it takes, and how often the server waits for answers.
const COSTS: &[(&str, usize, usize)] = &[
    // The cards on the page, and what their tags and authors are called.
    ("/articles", 2, 1),
    ("/articles?sort=published_at", 2, 1),
    ("/articles?kicker=Breaking", 2, 1),
    ("/articles?language=en", 2, 1),
    ("/articles?featured=true", 2, 1),
    ("/articles?published_after=2020-01-01T00:00:00Z", 2, 1),
    ("/articles?exclude_ids=00000000-0000-7000-8000-000000000000", 2, 1),
    // And how many there are.
    ("/articles?with_total=true", 3, 1),
    // Cards of those of a stretch that belong on the page, with their names.
    ("/articles?breaking=true", 1, 1),
    ("/articles?breaking=false", 1, 1),
    ("/articles?kicker=Breaking,Analysis", 1, 1),
    (
        "/articles?sort=-content_updated_at&published_after=2020-01-01T00:00:00Z",
        1,
        1,
    ),
    // And what the names name.
    ("/articles?section=world", 3, 1),
    ("/articles?tag=a", 3, 1),
    ("/articles?author=ana", 3, 1),
    ("/articles?section=world&with_total=true", 4, 1),
    ("/articles?tag=nothing", 3, 1),
    // At most.
    ("/articles?section=world&tag=b,c&author=ana,jo&with_total=true", 2, 1),
    ("/articles?section=world&breaking=true&with_total=true", 2, 1),
    // Of two names one is nobody's: the other has an index of its own, unless another is walked along anyhow.
    ("/articles?tag=a,nothing&with_total=true", 3, 2),
    ("/articles?tag=a&section=world,nothing&with_total=true", 2, 1),
    ("/articles?tag=a,nothing&breaking=true&with_total=true", 2, 1),
    (
        "/articles?tag_all=b,c&language=en&sort=-content_updated_at&with_total=true",
        2,
        1,
    ),
    // Named ones.
    ("/articles?slugs=one,two", 1, 1),
    ("/articles?ids=00000000-0000-7000-8000-000000000000&slugs=one", 1, 1),
    ("/articles/one", 1, 1),
    ("/articles/one?formats=parts,blocks,text", 2, 1),
    ("/articles/related", 2, 2),
    ("/articles/related?formats=text", 3, 2),
    ("/articles/corrected?formats=text", 4, 2),
    ("/articles/corrected/corrections", 2, 2),
    ("/corrections", 1, 1),
    ("/corrections?kind=update", 1, 1),
    ("/articles/related/related", 2, 2),
    ("/articles/related/comments", 2, 1),
    ("/articles/related/comments?sort=most_replied", 2, 1),
    ("/sections", 1, 1),
    ("/sections?latest=5", 3, 2),
    ("/sections/world?latest=5", 3, 2),
    ("/tags", 1, 1),
    ("/tags?with_total=true", 2, 2),
    ("/tags/a", 1, 1),
    ("/authors", 1, 1),
    ("/authors?with_total=true", 2, 2),
    ("/authors/ana", 1, 1),
    ("/site", 1, 1),
    // How frequent the words are, and then what holds them.
    ("/search?q=words", 2, 2),
    (
        "/search?q=words&section=world&tag=b,c&author=ana,jo&with_total=true",
        3,
        2,
    ),
];

/// An article beside which another stands, and one that was corrected.
async fn related_and_corrected(app: &TestApp) {
    let one = app.anonymous().get("/api/v1/articles/one").await.expect(200).id();
    let beside = story("related").with(|row| row.related = vec![one.parse().unwrap()]);
    app.publish(beside).await;
    let with = json!({"slug": "corrected", "related": [one]});
    let editor = app.editor().await;
    let corrected = make::published(&editor, "Corrected", with).await;
    let path = format!("/api/v1/desk/articles/{}/corrections", corrected.id());
    let note = json!({"kind": "correction", "text": "It was wrong."});
    editor.act(&path, note).await.expect(201);
}

#[tokio::test]
async fn reading_keeps_to_its_budget() {
    let app = paper().await;
    related_and_corrected(&app).await;
    let reader = app.anonymous();
    let heard = app.listen().await;
    for (path, statements, _) in COSTS {
        reader.get(&format!("/api/v1{path}")).await.expect(200);
        let asked = heard.take();
        assert_eq!(asked.len(), *statements, "{path}: {asked:#?}");
    }
}

#[tokio::test]
async fn reading_keeps_to_its_journeys() {
    let proxy = Proxy::to(&fresh().await).await;
    let one = PoolOptions {
        size: 1,
        shares: 1,
        ..pool_options()
    };
    let app = TestApp::on_pool(proxy.url.clone(), &one, |config| config.cache.size = 0).await;
    print(&app).await;
    related_and_corrected(&app).await;
    let reader = app.anonymous();
    // What is asked at once is on its way before the first answer comes.
    proxy.set(Wire::Slow(Duration::from_millis(10)));
    for (path, _, journeys) in COSTS {
        // The connection learns a statement when it is asked it first.
        for _ in 0..2 {
            proxy.journeys();
            reader.get(&format!("/api/v1{path}")).await.expect(200);
        }
        assert_eq!(proxy.journeys(), *journeys, "{path}");
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
        ("/articles?breaking=true&limit=100&with_total=true", 1),
        ("/articles?section=world&tag=a&author=ana&limit=100&with_total=true", 2),
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

#[tokio::test]
async fn an_old_name_costs_one_more() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let mut made = Vec::new();
    for (kind, name) in [("tags", "Harbour"), ("authors", "Ana")] {
        let at = format!("/api/v1/desk/{kind}");
        let named = editor.post(&at, json!({"name": name})).await.expect(201);
        made.push((kind, named.id()));
    }
    make::published(&editor, "Story", json!({"tags": ["harbour"], "authors": ["ana"]})).await;
    for (kind, id) in made {
        let at = format!("/api/v1/desk/{kind}/{id}");
        editor.patch(&at, json!({"slug": "renamed"})).await.expect(200);
    }
    let heard = app.listen().await;
    for path in ["tags/harbour", "authors/ana"] {
        reader.get(&format!("/api/v1/{path}")).await.expect(301);
        assert_eq!(heard.take().len(), 2, "{path}");
    }
}
