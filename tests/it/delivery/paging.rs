//! Pages: nothing lost, nothing twice, and cursors that cannot be made up.

use serde_json::json;

use crate::support::TestApp;
use crate::support::client::Client;
use crate::support::store::story;

/// Reads a list to its end by its cursors.
async fn read_all(reader: &Client, query: &str) -> (Vec<String>, usize) {
    let mut slugs = Vec::new();
    let mut pages = 0;
    let mut path = format!("/api/v1/articles?{query}");
    loop {
        let answer = reader.get(&path).await.expect(200);
        slugs.extend(answer.column("slug"));
        pages += 1;
        let link = answer.header("link");
        let Some(cursor) = answer.at("/page/next_cursor").as_str() else {
            assert!(link.is_empty(), "{link}");
            return (slugs, pages);
        };
        let next = link
            .strip_prefix('<')
            .and_then(|link| link.strip_suffix(">; rel=\"next\""));
        path = next.expect("a link to the next page").to_owned();
        assert!(path.contains(&format!("cursor={cursor}")), "{path}");
        assert!(pages < 100, "{query} does not end");
    }
}

#[tokio::test]
async fn every_order_is_read_to_its_end_without_loss_or_repeat() {
    let app = TestApp::start().await;
    let reader = app.anonymous();
    app.section("world", None).await;
    // Four share each instant, and in the other order five do.
    for number in 0..23 {
        let story = story(&format!("story-{number}"))
            .section("world")
            .hours(-(number / 4), number % 5);
        app.publish(story.tags(&["a", "b"]).authors(&["ana"])).await;
    }
    for filter in [
        "",
        "section=world",
        "tag=a",
        "author=ana",
        "language=en",
        "tag=a,b",
        "tag=a&author=ana",
    ] {
        for sort in ["-published_at", "published_at", "-content_updated_at"] {
            let query = format!("{filter}&sort={sort}");
            let whole = reader
                .get(&format!("/api/v1/articles?{query}&limit=100"))
                .await
                .expect(200);
            let whole = whole.column("slug");
            assert_eq!(whole.len(), 23, "{query}");
            for (limit, expected_pages) in [(1, 23), (4, 6), (22, 2), (23, 1)] {
                let (slugs, pages) = read_all(&reader, &format!("{query}&limit={limit}")).await;
                assert_eq!(slugs, whole, "{query} by {limit}");
                assert_eq!(pages, expected_pages, "{query} by {limit}");
            }
        }
    }
}

#[tokio::test]
async fn a_list_goes_on_while_articles_come_and_go() {
    let app = TestApp::start().await;
    let reader = app.anonymous();
    let mut ids = Vec::new();
    for number in 0..6 {
        ids.push(app.publish(story(&format!("story-{number}")).hours(-number, 0)).await);
    }
    let first = reader.get("/api/v1/articles?limit=2").await.expect(200);
    assert_eq!(first.column("slug"), ["story-0", "story-1"]);
    // The cursor's own article goes, and a newer one comes.
    app.withdraw(ids[1]).await;
    app.publish(story("newer").hours(1, 1)).await;
    let cursor = first.text_at("/page/next_cursor");
    let rest = reader
        .get(&format!("/api/v1/articles?limit=10&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(rest.column("slug"), ["story-2", "story-3", "story-4", "story-5"]);
}

#[tokio::test]
async fn a_cursor_belongs_to_its_question() {
    let app = TestApp::start().await;
    let reader = app.anonymous();
    for number in 0..3 {
        app.publish(story(&format!("story-{number}")).tags(&["a", "b"])).await;
    }
    let first = reader.get("/api/v1/articles?limit=1&tag=a,b").await.expect(200);
    let cursor = first.text_at("/page/next_cursor");
    // The same question, written otherwise and with another limit.
    let same = reader
        .get(&format!("/api/v1/articles?tag=b&tag=a&limit=2&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(same.column("slug").len(), 2);
    // The address of the next page has one cursor, however the one before was spelt.
    let spelt = format!("/api/v1/articles?limit=1&tag=a,b&%63ursor={cursor}");
    let next = reader.get(&spelt).await.expect(200);
    let link = next.header("link");
    assert_eq!(link.matches("ursor=").count(), 1, "{link}");
    for other in [
        format!("cursor={cursor}"),
        format!("tag=a&cursor={cursor}"),
        format!("tag=a,b&featured=false&cursor={cursor}"),
        format!("tag=a,b&sort=published_at&cursor={cursor}"),
        format!("tag=a,b&cursor={cursor}x"),
        format!("tag=a,b&cursor=A{cursor}"),
        "tag=a,b&cursor=".to_owned(),
        "tag=a,b&cursor=eyJhIjoxfQ".to_owned(),
        "tag=a,b&cursor=%F0%9F%98%80".to_owned(),
    ] {
        let refused = reader.get(&format!("/api/v1/articles?{other}")).await;
        assert_eq!(refused.problem(400, "invalid_cursor"), ["cursor"], "{other}");
        assert_eq!(refused.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn a_page_of_a_rare_combination_reads_a_bounded_number_of_entries() {
    let app = TestApp::start().await;
    let reader = app.anonymous();
    app.publish(story("oldest").tags(&["rare"]).hours(-20_000, 0)).await;
    app.publish(story("common").tags(&["common"]).hours(-10_000, 0)).await;
    app.publish(story("plain").hours(-9_000, 0)).await;
    app.multiply("plain", 10_400).await;

    let first = reader.get("/api/v1/articles?tag=rare,nothing").await.expect(200);
    assert_eq!(
        first.column("slug"),
        ["oldest"],
        "a name of nobody's leaves one, which has its own index"
    );
    let query = "tag=rare,common&limit=5&with_total=true";
    let first = reader.get(&format!("/api/v1/articles?{query}")).await.expect(200);
    assert!(first.column("slug").is_empty());
    assert!(first.at("/page/next_cursor").is_string());
    assert_eq!(*first.at("/page/total"), json!(0));
    assert_eq!(*first.at("/page/total_capped"), json!(true));
    let (slugs, pages) = read_all(&reader, query).await;
    // Pages of nothing, then the one that is there.
    assert_eq!((slugs, pages), (vec!["common".to_owned(), "oldest".to_owned()], 9));

    let all = reader.get("/api/v1/articles?with_total=true&limit=1").await.expect(200);
    assert_eq!(*all.at("/page/total"), json!(10_000));
    assert_eq!(*all.at("/page/total_capped"), json!(true));
}
