//! However many questions are asked, memory and work are bounded.

use diesel_async::SimpleAsyncConnection;
use futures_util::future::{join, join_all};
use serde_json::json;

use super::{is_hit, keep, paper};
use crate::support::make::published;
use crate::support::store::story;
use crate::support::{TestApp, until};

#[tokio::test]
async fn of_many_who_ask_at_once_one_asks_the_database() {
    let app = TestApp::start().await;
    app.publish(story("story")).await;
    let heard = app.listen().await;
    let reader = app.anonymous();
    for path in ["/api/v1/articles/story", "/api/v1/articles/nobody", "/api/v1/site"] {
        heard.take();
        let answers = join_all((0..50).map(|_| reader.get(path))).await;
        let first = &answers[0];
        assert!(answers.iter().all(|answer| answer.status == first.status));
        // An unknown slug is looked for as an article, an old slug, and a killed one.
        assert!(heard.take().len() <= 3, "{path}");
        assert!(answers.iter().filter(|answer| is_hit(answer)).count() == 49 || first.status == 404);
    }
}

/// What one asked for after the others came is true for them too, whether or not changes can be heard.
#[tokio::test]
async fn nor_do_many_ask_while_changes_cannot_be_read() {
    let app = TestApp::start().await;
    app.publish(story("story")).await;
    let heard = app.listen().await;
    let (reader, path) = (app.anonymous(), "/api/v1/articles/story");
    keep(&reader, path).await;
    let mut changes = app.pool.apart().await.unwrap();
    let hold = "BEGIN; LOCK TABLE reader_changes IN ACCESS EXCLUSIVE MODE";
    changes.batch_execute(hold).await.unwrap();
    until(async || reader.get(path).await.header("cache-status") == "masthead; fwd=stale").await;
    let mut articles = app.pool.apart().await.unwrap();
    let hold = "BEGIN; LOCK TABLE published_articles IN ACCESS EXCLUSIVE MODE";
    articles.batch_execute(hold).await.unwrap();
    heard.take();
    let all = join_all((0..50).map(|_| reader.get(path)));
    let let_go = async {
        // Whoever asks after all of them is answered after all of them were read.
        join_all((0..50).map(|_| reader.get("/healthz"))).await;
        articles.batch_execute("COMMIT").await.unwrap();
    };
    let (answers, ()) = join(all, let_go).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    let asked = heard.take().len();
    assert!(asked < 25, "{asked} statements for 50 readers");
}

#[tokio::test]
async fn a_storm_of_unknown_questions_stays_within_its_bytes() {
    const SIZE: u64 = 16 << 20;
    let app = TestApp::with(|config| config.cache.size = SIZE).await;
    app.publish(story("story")).await;
    let reader = app.anonymous();
    keep(&reader, "/api/v1/articles/story").await;
    for batch in 0..60 {
        let asked = (0..100).map(async |number| {
            let path = match number % 2 {
                0 => format!("/api/v1/articles/nobody-{batch}-{number}{}", "x".repeat(700)),
                _ => format!("/api/v1/articles?kicker=nothing-{batch}-{number}{}", "x".repeat(3_000)),
            };
            reader
                .request(reqwest::Method::GET, &path)
                .send()
                .await
                .unwrap()
                .status()
        });
        join_all(asked).await;
        // Readers ask for the story all the while.
        reader.get("/api/v1/articles/story").await.expect(200);
        assert!(app.kept_bytes() <= SIZE + SIZE / 10, "{} bytes", app.kept_bytes());
    }
    assert!(app.kept_bytes() > SIZE / 2, "{} bytes", app.kept_bytes());
    assert!(is_hit(&reader.get("/api/v1/articles/story").await));
}

#[tokio::test]
async fn a_long_question_is_answered_and_not_kept() {
    let (_app, _, reader, _) = paper().await;
    let tags = (0..90)
        .map(|number| format!("{number}{}", "x".repeat(60)))
        .collect::<Vec<_>>()
        .join(",");
    let path = format!("/api/v1/articles?tag={tags}");
    for _ in 0..2 {
        let answer = reader.get(&path).await.expect(200);
        assert!(!is_hit(&answer));
    }
    let thousand = vec!["a"; 1_000].join(",");
    reader
        .get(&format!("/api/v1/articles?tag={thousand}"))
        .await
        .problem(400, "invalid_parameter");
}

#[tokio::test]
async fn without_room_nothing_is_kept() {
    let app = TestApp::with(|config| config.cache.size = 0).await;
    app.publish(story("story")).await;
    let reader = app.anonymous();
    for _ in 0..2 {
        let answer = reader.get("/api/v1/articles/story").await.expect(200);
        assert_eq!(answer.header("cache-status"), "");
        assert!(!answer.header("etag").is_empty());
    }
}

#[tokio::test]
async fn what_a_refusal_says_counts() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let story = published(&editor, "Story", json!({})).await.id();
    let notice = "é".repeat(2_000);
    let killing = json!({"reason": "Untrue.", "notice": notice});
    editor
        .act(&format!("/api/v1/desk/articles/{story}/kill"), killing)
        .await
        .expect(200);
    let before = app.kept_bytes();
    for number in 0..20 {
        let path = format!("/api/v1/articles/story/comments/00000000-0000-7000-8000-{number:012}");
        assert!(reader.get(&path).await.expect(410).text.contains(&notice));
    }
    assert!(
        app.kept_bytes() - before > 20 * 4_000,
        "{} bytes",
        app.kept_bytes() - before
    );
}
