//! Pages of results: nothing twice, nothing lost, and an end.

use std::collections::HashSet;

use diesel_async::SimpleAsyncConnection;

use super::{about, paper, search, slugs};
use crate::support::TestApp;
use crate::support::client::Client;

/// All results, page by page; answers with the number of pages.
async fn read_all(reader: &Client, q: &str, more: &str) -> (Vec<String>, usize) {
    let (mut all, mut pages, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let page = search(reader, q, &format!("{more}{cursor}")).await.expect(200);
        all.extend(slugs(&page));
        pages += 1;
        assert!(pages < 200, "{q} does not end");
        match page.at("/page/next_cursor").as_str() {
            Some(next) => {
                assert!(page.header("link").contains(next));
                cursor = format!("&cursor={next}");
            }
            None => {
                let distinct: HashSet<&String> = all.iter().collect();
                assert_eq!(distinct.len(), all.len(), "{q}: a result came twice");
                return (all, pages);
            }
        }
    }
}

#[tokio::test]
async fn results_are_read_to_their_end() {
    let app = TestApp::start().await;
    for number in 0..23 {
        let words = "tide ".repeat(1 + number % 3);
        let story = about(&format!("story-{number}"), &words);
        app.publish(story.hours(-i64::try_from(number / 4).unwrap(), 0)).await;
    }
    let reader = app.anonymous();
    let whole = slugs(&search(&reader, "tide", "&limit=100").await.expect(200));
    assert_eq!(whole.len(), 23);
    for (limit, expected) in [(1, 23), (5, 5), (22, 2), (23, 1)] {
        let (read, pages) = read_all(&reader, "tide", &format!("&limit={limit}")).await;
        assert_eq!((read, pages), (whole.clone(), expected), "by {limit}");
    }
}

#[tokio::test]
async fn results_go_on_while_articles_come_and_time_passes() {
    let app = TestApp::start().await;
    for number in 0..6 {
        app.publish(about(&format!("story-{number}"), "The tide.").hours(-number * 500, 0))
            .await;
    }
    let reader = app.anonymous();
    let first = search(&reader, "tide", "&limit=2").await.expect(200);
    assert_eq!(slugs(&first), ["story-0", "story-1"]);
    app.publish(about("newer", "Tide, tide.").hours(1, 1)).await;
    app.clock.advance(chrono::TimeDelta::days(90));
    let cursor = first.text_at("/page/next_cursor");
    let rest = search(&reader, "tide", &format!("&limit=10&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(slugs(&rest), ["story-2", "story-3", "story-4", "story-5"]);
}

#[tokio::test]
async fn a_cursor_belongs_to_its_question() {
    let (_app, reader) = paper(&[("one", "tide"), ("two", "tide")]).await;
    let first = search(&reader, "tide", "&limit=1").await.expect(200);
    let cursor = first.text_at("/page/next_cursor");
    search(&reader, "  tide ", &format!("&cursor={cursor}"))
        .await
        .expect(200);
    for (q, more) in [("tides", ""), ("tide", "&featured=true")] {
        let refused = search(&reader, q, &format!("{more}&cursor={cursor}")).await;
        assert_eq!(refused.problem(400, "invalid_cursor"), ["cursor"], "{q}");
    }
}

#[tokio::test]
async fn more_than_a_stretch_is_ranked_stretch_by_stretch() {
    let app = TestApp::start().await;
    app.publish(about("best", "Tide, tide, tide, tide.").hours(-24, 0))
        .await;
    app.publish(about("tide", "The tide.")).await;
    app.multiply("tide", 2_300).await;
    let reader = app.anonymous();
    let first = search(&reader, "tide", "&limit=100&with_total=true").await.expect(200);
    assert_eq!(first.at("/page/total").as_i64(), Some(1_000));
    assert_eq!(first.at("/page/total_capped").as_bool(), Some(true));
    assert!(
        !slugs(&first).contains(&"best".to_owned()),
        "the newest thousand come first"
    );
    let (all, _) = read_all(&reader, "tide", "&limit=100").await;
    assert_eq!(all.len(), 2_302);
    assert_eq!(
        all.iter().position(|slug| slug == "best"),
        Some(2_000),
        "and the best of the last first"
    );
    // What a filter asks for may all stand in the last stretch.
    let (all, pages) = read_all(
        &reader,
        "tide",
        "&published_before=2026-06-01T08:00:00Z&exclude_ids=00000000-0000-7000-8000-000000000000",
    )
    .await;
    assert_eq!((all, pages), (vec!["best".to_owned()], 1));
}

#[tokio::test]
async fn common_words_are_sought_in_the_newest_weeks() {
    let app = TestApp::start().await;
    app.publish(about("left", "Left. Common.").hours(-24 * 30, 0)).await;
    app.publish(about("right", "Right. Common.").hours(-24 * 60, 0)).await;
    app.publish(about("both", "Left and right.").hours(-24 * 90, 0)).await;
    app.multiply("left", 12_000).await;
    app.multiply("right", 12_000).await;
    // What was counted says that there are many more: the newest weeks are tried first then.
    let many = "ANALYZE published_article_search;
        UPDATE pg_class SET reltuples = 1000000 WHERE oid = 'published_article_search'::regclass";
    app.conn().await.batch_execute(many).await.unwrap();
    let reader = app.anonymous();
    let first = search(&reader, "left right", "&with_total=true").await.expect(200);
    assert!(slugs(&first).is_empty());
    assert_eq!(first.at("/page/total_capped").as_bool(), Some(true));
    let (all, pages) = read_all(&reader, "left right", "").await;
    assert_eq!(all, ["both"]);
    assert!((2..=4).contains(&pages), "{pages}");
    let newest = search(&reader, "common", "&limit=3").await.expect(200);
    let cursor = newest.text_at("/page/next_cursor");
    let next = search(&reader, "common", &format!("&limit=3&cursor={cursor}"))
        .await
        .expect(200);
    let both = [slugs(&newest), slugs(&next)].concat();
    assert_eq!(
        both,
        (11_995..=12_000).rev().map(|n| format!("left-{n}")).collect::<Vec<_>>()
    );
}
