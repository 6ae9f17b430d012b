//! Kept counts follow, whoever comes at the same time.

use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use futures_util::future::join_all;
use masthead::db::schema::articles;
use serde_json::json;
use uuid::Uuid;

use super::desk;
use crate::comments::{DESK, Scene, at};

#[tokio::test]
async fn the_count_follows_every_change() {
    let scene = Scene::new().await;
    let id = scene.post("x", None).await.id();
    for (verb, count) in [
        ("approve", 1),
        ("reject", 0),
        ("approve", 1),
        ("approve", 1),
        ("delete", 0),
        ("restore", 0),
        ("approve", 1),
    ] {
        match verb {
            "delete" => scene.moderator.delete(&desk(&id)).await.expect(204),
            verb => scene.verb(&id, verb).await.expect(200),
        };
        assert_eq!(scene.count().await, count, "after {verb}");
    }
}

#[tokio::test]
async fn many_who_approve_the_same_comment_count_it_once() {
    let scene = Scene::new().await;
    let root = scene.approved("Root", None).await;
    let id = scene.post("x", Some(&root)).await.id();
    let answers = join_all((0..8).map(|_| scene.verb(&id, "approve"))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(scene.count().await, 2);
    let seen = scene.reader.get(&at(&root)).await.expect(200);
    assert_eq!(seen.at("/reply_count"), 1);
    assert_eq!(
        scene.moderator.get(&desk(&id)).await.expect(200).header("etag"),
        "\"v2\""
    );
}

#[tokio::test]
async fn decisions_up_and_down_one_thread_do_not_block_each_other_for_good() {
    let scene = Scene::new().await;
    let root = scene.approved("Root", None).await;
    let middle = scene.approved("Middle", Some(&root)).await;
    let mut leaves = Vec::new();
    for number in 0..6 {
        leaves.push(scene.post(&number.to_string(), Some(&middle)).await.id());
    }
    let removals = [&root, &middle].map(|id| async { scene.moderator.delete(&desk(id)).await.status });
    let approvals = leaves.iter().map(|id| async { scene.verb(id, "approve").await.status });
    let (removed, approved) = futures_util::future::join(join_all(removals), join_all(approvals)).await;
    assert_eq!(removed, [204, 204]);
    assert_eq!(approved, [200; 6]);
    assert_eq!(scene.count().await, 6);
    let seen = scene.reader.get(&at(&root)).await.expect(200);
    assert_eq!(
        (seen.at("/status"), seen.at("/reply_count")),
        (&json!("removed"), &json!(1))
    );
    assert_eq!(scene.reader.get(&at(&middle)).await.expect(200).at("/reply_count"), 6);
}

#[tokio::test]
async fn readers_comment_while_an_editor_holds_the_article() {
    let scene = Scene::new().await;
    let id: Uuid = scene.article.parse().unwrap();
    let mut conn = scene.app.conn().await;
    conn.transaction(async |conn| {
        let held = articles::table.find(id).select(articles::id).for_no_key_update();
        held.first::<Uuid>(conn).await?;
        let waiting = scene.approved("Meanwhile", None).await;
        scene.approved("Indeed", Some(&waiting)).await;
        let body = json!({"article_id": scene.article, "body": "We are at it."});
        scene.moderator.post(DESK, body).await.expect(201);
        diesel::result::QueryResult::Ok(())
    })
    .await
    .unwrap();
    assert_eq!(scene.count().await, 3);
}
