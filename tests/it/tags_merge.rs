//! Merging tags: what named the one names the other, wherever it was named.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::join_all;
use masthead::db::schema::{articles, audit_log, published_article_tags, published_articles};
use serde_json::json;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::client::{Answer, Client};
use crate::support::make::{draft, published};
use crate::tags::{TAGS, at, tag};

async fn merge(editor: &Client, from: &Answer, into: &str) -> Answer {
    editor.post(&format!("{}/merge", at(from)), json!({"into": into})).await
}

fn id(answer: &Answer) -> Uuid {
    answer.id().parse().unwrap()
}

/// The tags of an article: as the desk's row has them, and as its readers' row does.
async fn tags_of(app: &TestApp, article: &Answer) -> (Vec<Uuid>, Vec<Uuid>) {
    let mut conn = app.conn().await;
    let desk = articles::table
        .find(id(article))
        .select(articles::tag_ids)
        .first(&mut conn)
        .await
        .unwrap();
    let readers: Option<Vec<Uuid>> = published_articles::table
        .find(id(article))
        .select(published_articles::tag_ids)
        .first(&mut conn)
        .await
        .optional()
        .unwrap();
    let mut listed: Vec<Uuid> = published_article_tags::table
        .filter(published_article_tags::article_id.eq(id(article)))
        .select(published_article_tags::tag_id)
        .load(&mut conn)
        .await
        .unwrap();
    let readers = readers.unwrap_or_default();
    let mut tags = readers.clone();
    tags.sort_unstable();
    listed.sort_unstable();
    assert_eq!(listed, tags, "it stands in the lists of its tags");
    (desk, readers)
}

#[tokio::test]
async fn articles_follow_and_name_the_remaining_tag_once_in_its_first_place() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let (port, harbour, sea) = (
        tag(&editor, "Port").await,
        tag(&editor, "Harbour").await,
        tag(&editor, "Sea").await,
    );
    let with = |tags: [&str; 3]| json!({"tags": tags.into_iter().filter(|tag| !tag.is_empty()).collect::<Vec<_>>()});
    let alone = published(&editor, "Alone", with(["sea", "port", ""])).await;
    let before = published(&editor, "Before", with(["port", "sea", "harbour"])).await;
    let after = published(&editor, "After", with(["harbour", "sea", "port"])).await;
    let neither = published(&editor, "Neither", with(["sea", "", ""])).await;
    let unpublished = draft(&editor, "Draft", with(["port", "harbour", ""])).await;

    let remaining = merge(&editor, &port, "harbour").await.expect(200);
    assert_eq!(remaining.id(), harbour.id());
    assert_eq!(remaining.at("/article_count"), 3);
    assert_eq!(remaining.header("etag"), "\"v1\"");
    let (h, s) = (id(&harbour), id(&sea));
    assert_eq!(tags_of(&app, &alone).await, (vec![s, h], vec![s, h]));
    assert_eq!(tags_of(&app, &before).await, (vec![h, s], vec![h, s]));
    assert_eq!(tags_of(&app, &after).await, (vec![h, s], vec![h, s]));
    assert_eq!(tags_of(&app, &neither).await, (vec![s], vec![s]));
    assert_eq!(tags_of(&app, &unpublished).await, (vec![h], vec![]));
    assert_eq!(editor.get(&at(&sea)).await.at("/article_count"), 4);

    let merged = editor.get(&at(&port)).await.expect(200);
    assert_eq!(merged.at("/merged_into"), "harbour");
    assert_eq!(merged.at("/article_count"), 0);
    assert_eq!(merged.header("etag"), "\"v2\"");
    assert_eq!(editor.get(TAGS).await.column("merged_into"), ["", "harbour", ""]);
    assert_eq!(reader.get("/api/v1/tags").await.column("slug"), ["harbour", "sea"]);
    for name in ["port".to_owned(), port.id()] {
        let moved = reader.get(&format!("/api/v1/tags/{name}")).await.expect(301);
        assert_eq!(moved.text_at("/slug"), "harbour");
    }
    let noted: Vec<serde_json::Value> = audit_log::table
        .filter(audit_log::subject_id.eq(id(&port)))
        .filter(audit_log::action.eq("merge_tag"))
        .select(audit_log::details)
        .load(&mut app.conn().await)
        .await
        .unwrap();
    assert_eq!(noted, [json!({"slug": "port", "into": "harbour", "articles": 4})]);
}

#[tokio::test]
async fn chains_are_flat_and_a_merged_tag_stands_for_its_target() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let (a, b, c, d) = (
        tag(&editor, "A").await,
        tag(&editor, "B").await,
        tag(&editor, "C").await,
        tag(&editor, "D").await,
    );
    editor.patch(&at(&a), json!({"slug": "aa"})).await.expect(200);
    published(&editor, "One", json!({"tags": ["aa"]})).await;
    merge(&editor, &a, "b").await.expect(200);
    merge(&editor, &b, &c.id()).await.expect(200);
    for merged in [&a, &b] {
        assert_eq!(editor.get(&at(merged)).await.at("/merged_into"), "c");
    }
    // Into a merged one is into its target; a retired slug names it too.
    let remaining = merge(&editor, &d, "a").await.expect(200);
    assert_eq!(remaining.id(), c.id());
    for old in ["a", "aa", "b", "d"] {
        let moved = reader.get(&format!("/api/v1/tags/{old}")).await.expect(301);
        assert_eq!(moved.text_at("/slug"), "c", "{old}");
    }

    for into in ["c", "aa", "b", &*c.id()] {
        let refused = merge(&editor, &c, into).await;
        assert_eq!(refused.problem(422, "validation_failed"), ["/into"], "{into}");
        assert_eq!(refused.at("/errors/0/code"), "same_tag");
    }
    merge(&editor, &a, "c").await.problem(409, "conflict");
    editor
        .patch(&at(&a), json!({"name": "Z"}))
        .await
        .problem(409, "conflict");
    let refused = merge(&editor, &c, "harbor").await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/into"]);
    let refused = editor
        .post(&format!("{}/merge", at(&c)), json!({"into": "b", "force": true}))
        .await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/force"]);
    let nobody = format!("{TAGS}/{}/merge", Uuid::nil());
    editor
        .post(&nobody, json!({"into": "c"}))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn a_merged_tag_can_go_and_its_slug_still_leads() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let (port, harbour, sea) = (
        tag(&editor, "Port").await,
        tag(&editor, "Harbour").await,
        tag(&editor, "Sea").await,
    );
    published(&editor, "One", json!({"tags": ["port"]})).await;
    merge(&editor, &port, "harbour").await.expect(200);
    editor.delete(&at(&port)).await.expect(204);
    let moved = reader.get("/api/v1/tags/port").await.expect(301);
    assert_eq!(moved.text_at("/slug"), "harbour");
    draft(&editor, "Two", json!({"tags": ["port"]})).await;

    // What was merged into a tag that goes is merged into what takes its place.
    let quay = tag(&editor, "Quay").await;
    merge(&editor, &quay, "harbour").await.expect(200);
    editor
        .delete(&format!("{}?reassign_to=sea", at(&harbour)))
        .await
        .expect(204);
    assert_eq!(editor.get(&at(&quay)).await.at("/merged_into"), "sea");
    assert_eq!(editor.get(&at(&sea)).await.at("/article_count"), 1);
    for old in ["port", "quay", "harbour"] {
        let moved = reader.get(&format!("/api/v1/tags/{old}")).await.expect(301);
        assert_eq!(moved.text_at("/slug"), "sea", "{old}");
    }
}

#[tokio::test]
async fn tags_that_are_merged_into_each_other_at_once_leave_one() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let (a, b) = (tag(&editor, "A").await, tag(&editor, "B").await);
    let article = published(&editor, "One", json!({"tags": ["a", "b"]})).await;
    let answers = join_all([merge(&editor, &a, "b"), merge(&editor, &b, "a")]).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    // Who comes second finds both to be one.
    assert!(matches!(statuses[..], [200, 409 | 422]), "{statuses:?}");
    let (desk, readers) = tags_of(&app, &article).await;
    assert_eq!(desk.len(), 1);
    assert_eq!(desk, readers);
    assert_eq!(app.anonymous().get("/api/v1/tags").await.at("/data/0/article_count"), 1);
}
