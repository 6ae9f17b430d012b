//! The big newsroom is one that can be gone on with: what holds of every newsroom holds of it.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::comments::CommentRow;
use masthead::db::schema::{article_counts, articles, comment_decisions, comments, published_articles};
use masthead::demo::Scale;
use serde_json::json;
use uuid::Uuid;

use crate::interleavings::holds;
use crate::support::TestApp;

const SMALL: Scale = Scale {
    articles: 120,
    comments: 600,
};

#[tokio::test]
async fn everything_that_was_loaded_agrees() {
    let app = TestApp::start().await;
    let loaded = app.load_scale(SMALL).await;
    assert_eq!(
        (
            loaded.sections,
            loaded.tags,
            loaded.authors,
            loaded.articles,
            loaded.comments
        ),
        (10, 200, 40, 120, 600)
    );
    holds::everything(&app).await;
    comments_agree(&app).await;
    let total = app.anonymous().get("/api/v1/articles?with_total=true&limit=1").await;
    assert_eq!(*total.at("/page/total"), 120);
}

async fn comments_agree(app: &TestApp) {
    let mut conn = app.conn().await;
    let rows: Vec<CommentRow> = comments::table
        .select(CommentRow::as_select())
        .load(&mut conn)
        .await
        .unwrap();
    assert_eq!(rows.len(), 600);
    let by_id: BTreeMap<Uuid, &CommentRow> = rows.iter().map(|row| (row.id, row)).collect();
    let (mut replies, mut shown) = (BTreeMap::<Uuid, i32>::new(), BTreeMap::<Uuid, i32>::new());
    for row in &rows {
        let approved = i32::from(row.status.as_str() == "approved");
        *shown.entry(row.article_id).or_default() += approved;
        assert!(row.created_at <= app.clock.now());
        let Some(parent) = row.parent_id.map(|parent| by_id[&parent]) else {
            assert_eq!(row.depth, 1);
            continue;
        };
        *replies.entry(parent.id).or_default() += approved;
        assert_eq!((row.article_id, row.depth), (parent.article_id, parent.depth + 1));
        assert!(row.created_at >= parent.created_at);
    }
    for row in &rows {
        assert_eq!(row.reply_count, replies.get(&row.id).copied().unwrap_or(0));
    }
    shown.retain(|_, shown| *shown > 0);
    let kept = article_counts::table.select((article_counts::article_id, article_counts::comments));
    let kept: Vec<(Uuid, i32)> = kept.load(&mut conn).await.unwrap();
    assert_eq!(kept.into_iter().collect::<BTreeMap<_, _>>(), shown);
    let judged: i64 = comment_decisions::table.count().get_result(&mut conn).await.unwrap();
    assert_eq!(judged, 600);
}

#[tokio::test]
async fn the_newsroom_goes_on_with_it() {
    let app = TestApp::start().await;
    app.load_scale(SMALL).await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let listed = reader.get("/api/v1/articles?limit=2").await.expect(200);
    let (first, second) = (listed.at("/data/0/id"), listed.at("/data/1/id"));
    let desk = format!("/api/v1/desk/articles/{}", first.as_str().unwrap());

    let whole = format!("/api/v1/articles/{}?formats=parts,blocks,text", first.as_str().unwrap());
    let shown = reader.get(&whole).await.expect(200);
    let parts = shown.at("/body/parts").as_array().unwrap().iter();
    let joined: String = parts.map(|part| part["html"].as_str().unwrap()).collect();
    assert_eq!(*shown.at("/body/html"), joined);

    // Publishing what was loaded once more changes nothing that readers see.
    editor.act(&format!("{desk}/publish"), json!({})).await.expect(200);
    assert_eq!(reader.get(&whole).await.expect(200).json, shown.json);

    let save = json!({"body": {"source": "Another text."}, "title": "Another title"});
    editor.patch(&desk, save).await.expect(200);
    editor.act(&format!("{desk}/publish"), json!({})).await.expect(200);
    let note = json!({"kind": "correction", "text": "It was wrong."});
    editor.act(&format!("{desk}/corrections"), note).await.expect(201);
    let comment = json!({"author_name": "Ana", "author_email": "ana@paper.example", "body": "So it was."});
    let path = format!("/api/v1/articles/{}/comments", first.as_str().unwrap());
    reader.post(&path, comment).await.expect(201);
    let other = format!("/api/v1/desk/articles/{}/unpublish", second.as_str().unwrap());
    editor.act(&other, json!({})).await.expect(200);
    holds::everything(&app).await;
}

#[tokio::test]
async fn the_same_hour_gives_the_same_newsroom() {
    let mut told = Vec::new();
    for articles in [40, 40, 80] {
        let app = TestApp::start().await;
        app.load_scale(Scale {
            articles,
            comments: 100,
        })
        .await;
        let mut conn = app.conn().await;
        let rows: Vec<(String, String)> = published_articles::table
            .order(published_articles::published_at)
            .select((published_articles::slug, published_articles::body_text))
            .load(&mut conn)
            .await
            .unwrap();
        let ids = articles::table.order(articles::id).select(articles::id);
        told.push((ids.load::<Uuid>(&mut conn).await.unwrap(), rows));
    }
    assert_eq!(told[0], told[1]);
    // A bigger one begins with the same articles.
    assert_eq!(told[0].1, told[2].1[..40]);
}

#[tokio::test]
async fn it_is_loaded_into_an_empty_database_alone() {
    let app = TestApp::start().await;
    app.editor().await;
    let tools = masthead::demo::Tools {
        password_hash: String::new(),
        rules: &masthead::domain::body::BodyRules::default(),
        hash_email: &|_| Vec::new(),
        now: app.clock.now(),
    };
    let refused = masthead::demo::load_scale(&mut *app.conn().await, &tools, SMALL, &|_| {}).await;
    assert!(matches!(refused, Err(masthead::demo::DemoError::NotEmpty)));
}
