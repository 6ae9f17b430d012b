//! Changes: noted by the database itself, for as long as nodes may need them.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use masthead::db::schema::reader_changes;
use serde_json::json;

use super::{is_hit, keep, paper};
use crate::support::{TestApp, until};

/// What was noted since this was asked last.
async fn noted(app: &TestApp) -> BTreeSet<String> {
    let mut conn = app.conn().await;
    let tags: Vec<String> = diesel::delete(reader_changes::table)
        .returning(reader_changes::tag)
        .get_results(&mut conn)
        .await
        .unwrap();
    tags.into_iter().collect()
}

fn set(tags: &[&str]) -> BTreeSet<String> {
    tags.iter().map(|tag| (*tag).to_owned()).collect()
}

#[tokio::test]
async fn every_change_is_noted_with_what_it_touches_and_nothing_else() {
    let (app, editor, reader, story) = paper().await;
    let shown = reader.get("/api/v1/articles/story").await.expect(200);
    let (id, at) = (story.id(), format!("/api/v1/desk/articles/{}", story.id()));
    let of = |kind: &str, pointer: &str| format!("{kind}:{}", shown.text_at(pointer));
    let (section, tag, author) = (
        of("section", "/section/id"),
        of("tag", "/tags/0/id"),
        of("author", "/authors/0/id"),
    );
    noted(&app).await;

    editor.patch(&at, json!({"title": "Changed"})).await.expect(200);
    assert_eq!(noted(&app).await, set(&[]), "a draft is nobody's news");
    editor.act(&format!("{at}/publish"), json!({})).await.expect(200);
    let article = format!("article:{id}");
    let own = ["articles", &article, "slug:story", &section, &tag, &author];
    assert_eq!(noted(&app).await, set(&own));
    editor.patch(&at, json!({"featured": true})).await.expect(200);
    assert_eq!(noted(&app).await, set(&["articles", &article, "slug:story"]));

    let comments = "/api/v1/articles/story/comments";
    let posted = reader
        .post(comments, json!({"author_name": "Mara", "body": "Hm."}))
        .await
        .expect(201);
    assert_eq!(noted(&app).await, set(&[]), "it waits");
    editor
        .act(&format!("/api/v1/desk/comments/{}/approve", posted.id()), json!({}))
        .await
        .expect(200);
    let (thread, count) = (format!("comments:{id}"), format!("count:{id}"));
    assert_eq!(noted(&app).await, set(&[&thread, &count]));

    let desk = format!("/api/v1/desk/tags/{}", tag.trim_start_matches("tag:"));
    editor
        .patch(&desk, json!({"name": "Port", "slug": "port"}))
        .await
        .expect(200);
    assert_eq!(
        noted(&app).await,
        set(&["tags", "names", &tag, "slug:harbour", "slug:port"])
    );
    let admin = app.admin().await;
    noted(&app).await;
    admin
        .patch("/api/v1/desk/site", json!({"tagline": "Daily"}))
        .await
        .expect(200);
    assert_eq!(noted(&app).await, set(&["*"]));
    editor.act(&format!("{at}/unpublish"), json!({})).await.expect(200);
    let gone = noted(&app).await;
    assert!(own.iter().all(|tag| gone.contains(*tag)), "{gone:?}");
    assert!(gone.contains("slug:port"), "the tag is not there for readers any more");
}

/// A row that is changed by hand is told like any other.
#[tokio::test]
async fn what_is_changed_by_hand_is_noted_as_well() {
    let (app, editor, reader, story) = paper().await;
    let id = story.id();
    let comment = json!({"article_id": id, "body": "Thank you."});
    let root = editor
        .post("/api/v1/desk/comments", comment.clone())
        .await
        .expect(201)
        .id();
    let other = editor.post("/api/v1/desk/comments", comment).await.expect(201).id();
    let shown = reader.get("/api/v1/articles/story").await.expect(200);
    let beside = reader.get("/api/v1/articles/other").await.expect(200).id();
    let tag = shown.text_at("/tags/0/id");
    let renamed = json!({"name": "Port", "slug": "port"});
    editor
        .patch(&format!("/api/v1/desk/tags/{tag}"), renamed)
        .await
        .expect(200);
    let of = |kind: &str, id: &str| format!("{kind}:{id}");
    let (thread, elsewhere) = (of("comments", &id), of("comments", &beside));
    let (one, two, about) = (of("article", &id), of("article", &beside), of("tag", &tag));
    let comment = |change: &str| format!("UPDATE comments SET {change} WHERE id = '{other}'");
    for (statement, told) in [
        (comment("created_at = created_at - interval '1 day'"), vec![&*thread]),
        (comment("author_kind = 'reader', user_id = NULL"), vec![&thread]),
        (comment(&format!("parent_id = '{root}', depth = 2")), vec![&thread]),
        (comment("report_count = 3"), vec![]),
        (
            comment(&format!("article_id = '{beside}', parent_id = NULL, depth = 1")),
            vec![&elsewhere, &thread],
        ),
        (
            "UPDATE public_slugs SET created_at = created_at + interval '1 day'".to_owned(),
            vec![],
        ),
        (
            format!("UPDATE public_slugs SET article_id = '{beside}' WHERE slug = 'story'"),
            vec!["slug:story", &one, &two],
        ),
        (
            "UPDATE retired_slugs SET was_id = target_id".to_owned(),
            vec!["slug:harbour", &about],
        ),
        (
            format!("DELETE FROM article_counts WHERE article_id = '{id}'"),
            vec![&of("count", &id)],
        ),
        (
            format!("UPDATE tag_counts SET articles = 7 WHERE tag_id = '{tag}'"),
            vec!["tags", &about],
        ),
        (
            format!("DELETE FROM tag_counts WHERE tag_id = '{tag}'"),
            vec!["tags", &about, "slug:port", "slug:harbour"],
        ),
        (
            format!("INSERT INTO tag_counts (tag_id, articles) VALUES ('{tag}', 2)"),
            vec!["tags", &about, "slug:port", "slug:harbour"],
        ),
    ] {
        noted(&app).await;
        app.conn().await.batch_execute(&statement).await.unwrap();
        assert_eq!(noted(&app).await, set(&told), "{statement}");
    }
}

#[tokio::test]
async fn a_statement_that_touches_too_much_touches_everything() {
    let (app, ..) = paper().await;
    app.multiply("story", 600).await;
    let tags = noted(&app).await;
    assert!(tags.contains("*"), "{}", tags.len());
    assert!(tags.len() < 100, "{}", tags.len());
}

#[tokio::test]
async fn so_do_comments_on_many_articles_and_their_counts() {
    let (app, ..) = paper().await;
    app.multiply("story", 600).await;
    let comments = "INSERT INTO comments (id, article_id, depth, author_kind, author_name, avatar_key, body, body_html,
            status, reply_count, version, created_at, report_count)
        SELECT gen_random_uuid(), id, 1, 'reader', 'Mara', 'a', 'Hm.', '<p>Hm.</p>', 'approved', 0, 1, now(), 0
        FROM published_articles, generate_series(1, 2)";
    let counts = "INSERT INTO article_counts (article_id, comments) SELECT id, 2 FROM published_articles
        ON CONFLICT (article_id) DO UPDATE SET comments = 2";
    for statement in [comments, counts] {
        noted(&app).await;
        app.conn().await.batch_execute(statement).await.unwrap();
        assert!(noted(&app).await.contains("*"), "{statement}");
    }
    let few = format!("{comments} WHERE slug LIKE 'story-1%' AND length(slug) < 10");
    app.conn().await.batch_execute(&few).await.unwrap();
    let tags = noted(&app).await;
    assert_eq!(tags.len(), 111, "each article once: {tags:?}");
    assert!(!tags.contains("*"));
}

/// Whoever read more rows than can be read in time would never have read them all.
#[tokio::test]
async fn so_do_more_changes_at_once_than_can_be_read() {
    let (app, _, reader, _) = paper().await;
    let changes = |count: i32| {
        format!(
            "INSERT INTO reader_changes (xid, tag, at)
            SELECT pg_current_xact_id()::text::bigint, 'article:none', now() FROM generate_series(1, {count})"
        )
    };
    for (count, is_kept) in [(9_000, true), (11_000, false)] {
        keep(&reader, "/api/v1/articles/story").await;
        app.conn().await.batch_execute(&changes(count)).await.unwrap();
        app.told().await;
        assert_eq!(is_hit(&reader.get("/api/v1/articles/story").await), is_kept, "{count}");
    }
    // They are forgotten in parts.
    until(async || {
        app.clock.advance(TimeDelta::minutes(31));
        app.told().await;
        let left: i64 = reader_changes::table
            .count()
            .get_result(&mut app.conn().await)
            .await
            .unwrap();
        left < 1_000
    })
    .await;
}

#[tokio::test]
async fn changes_are_kept_for_an_hour() {
    let (app, ..) = paper().await;
    let count = async || -> i64 {
        reader_changes::table
            .count()
            .get_result(&mut app.conn().await)
            .await
            .unwrap()
    };
    let before = count().await;
    assert!(before > 10);
    app.clock.advance(TimeDelta::minutes(59));
    app.told().await;
    assert!(count().await >= before);
    // A transaction that is open meanwhile, in whatever database, keeps them for longer.
    until(async || {
        app.clock.advance(TimeDelta::minutes(31));
        app.told().await;
        count().await == 0
    })
    .await;
}
