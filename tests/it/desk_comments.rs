//! Comments on the desk: moderation, and what the newsroom says.

mod author;
mod bulk;
mod counts;
mod erased;
mod keys;
mod list;
mod queues;

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::schema::audit_log;
use reqwest::Method;
use serde_json::{Value, json};

use crate::comments::{DESK, Scene, THREAD, at};

fn desk(id: &str) -> String {
    format!("{DESK}/{id}")
}

#[tokio::test]
async fn one_row_is_enough_to_decide() {
    let scene = Scene::new().await;
    let parent = scene.approved("Is the toll still paid on one side only?", None).await;
    let body = json!({
        "author_name": "Ottar", "author_email": "ottar@reader.example", "parent_id": parent, "body": "Southbound.\nI asked.",
    });
    let posted = scene.reader.post(THREAD, body).await.expect(201);
    let read = scene.moderator.get(&desk(&posted.id())).await.expect(200);
    assert_eq!(read.header("etag"), "\"v1\"");
    for (pointer, value) in [
        ("/body", json!("Southbound.\nI asked.")),
        ("/body_html", json!("<p>Southbound.<br>I asked.</p>")),
        ("/author_name", json!("Ottar")),
        ("/status", json!("pending")),
        ("/article/id", json!(scene.article)),
        ("/article/slug", json!("bridge-opens")),
        ("/article/title", json!("Bridge opens")),
        ("/article/url", json!("http://127.0.0.1:8080/world/bridge-opens")),
        ("/parent/id", json!(parent)),
        ("/parent/author_name", json!("Runa Eik")),
        ("/parent/excerpt", json!("Is the toll still paid on one side only?")),
        ("/queue", json!("pending")),
        ("/edits", json!([])),
        ("/reports", json!([])),
        ("/erased_at", Value::Null),
        ("/report_count", json!(0)),
        ("/author_history", json!({"approved": 0, "rejected": 0})),
        ("/moderated_by", Value::Null),
        (
            "/allowed_actions",
            json!(["update", "approve", "reject", "spam", "delete", "erase"]),
        ),
    ] {
        assert_eq!(read.at(pointer), &value, "{pointer}");
    }

    scene.app.clock.advance(TimeDelta::minutes(1));
    let decided = scene.verb(&posted.id(), "approve").await.expect(200);
    assert_eq!(decided.header("etag"), "\"v2\"");
    assert_eq!(decided.text_at("/moderated_by/name"), scene.moderator.account().name);
    assert_eq!(decided.text_at("/moderated_at"), "2026-06-01T09:01:00Z");
    assert_eq!(decided.at("/author_history/approved"), 1);
    assert_eq!(
        decided.at("/allowed_actions"),
        &json!(["update", "reject", "spam", "delete", "erase"])
    );
}

#[tokio::test]
async fn every_verb_leads_where_it_says_and_twice_changes_nothing() {
    let scene = Scene::new().await;
    let id = scene.post("x", None).await.id();
    for (verb, status, version) in [
        ("restore", "pending", 1),
        ("approve", "approved", 2),
        ("approve", "approved", 2),
        ("restore", "approved", 2),
        ("reject", "rejected", 3),
        ("reject", "rejected", 3),
        ("approve", "approved", 4),
        ("reject", "rejected", 5),
        ("restore", "pending", 6),
    ] {
        let answer = scene.verb(&id, verb).await.expect(200);
        let got = (answer.text_at("/status"), answer.header("etag"));
        assert_eq!(got, (status.to_owned(), format!("\"v{version}\"")), "{verb}");
    }
    scene.moderator.delete(&desk(&id)).await.expect(204);
    scene.moderator.delete(&desk(&id)).await.expect(204);
    for verb in ["approve", "reject"] {
        let refused = scene.verb(&id, verb).await;
        refused.problem(409, "invalid_state_transition");
        assert_eq!(refused.at("/allowed_actions"), &json!(["restore", "erase"]));
    }
    let refused = scene.moderator.patch(&desk(&id), json!({"body": "y"})).await;
    refused.problem(409, "invalid_state_transition");
    assert_eq!(
        scene.verb(&id, "restore").await.expect(200).text_at("/status"),
        "pending"
    );
}

#[tokio::test]
async fn a_moderator_changes_a_text_and_the_log_keeps_none_of_it() {
    let scene = Scene::new().await;
    let id = scene.approved("You fool, it hums in G", None).await;
    let changed = scene
        .moderator
        .patch(&desk(&id), json!({"body": "It hums in G"}))
        .await
        .expect(200);
    assert_eq!(changed.text_at("/status"), "approved");
    assert_eq!(changed.text_at("/edited_at"), "2026-06-01T09:00:00Z");
    let same = scene
        .moderator
        .patch(&desk(&id), json!({"body": "It hums in G"}))
        .await
        .expect(200);
    assert_eq!(same.header("etag"), changed.header("etag"));
    assert_eq!(scene.thread().await.text_at("/data/0/body_html"), "<p>It hums in G</p>");
    for (body, pointer) in [
        (json!({"body": ""}), "/body"),
        (json!({"body": null}), "/body"),
        (json!({"status": "approved"}), "/status"),
    ] {
        let refused = scene.moderator.patch(&desk(&id), body).await;
        assert_eq!(refused.problem(422, "validation_failed"), [pointer]);
    }

    let log: Vec<(String, Value)> = audit_log::table
        .filter(audit_log::subject_kind.eq("comment"))
        .order(audit_log::id)
        .select((audit_log::action, audit_log::details))
        .load(&mut scene.app.conn().await)
        .await
        .unwrap();
    let mut actions: Vec<&str> = log.iter().map(|(action, _)| action.as_str()).collect();
    actions.sort_unstable();
    assert_eq!(actions, ["approve_comment", "edit_comment", "post_comment"]);
    assert!(log.iter().all(|(_, details)| !details.to_string().contains("hums")));
}

#[tokio::test]
async fn the_newsroom_answers_at_once() {
    let scene = Scene::new().await;
    let question = scene.approved("In which direction?", None).await;
    let reporter = scene.app.reporter().await;
    let body = json!({"article_id": scene.article, "parent_id": question, "body": "Southbound only."});
    let answer = reporter.post(DESK, body).await.expect(201);
    assert_eq!(answer.header("location"), desk(&answer.id()));
    assert_eq!(answer.header("etag"), "\"v1\"");
    assert_eq!(
        (answer.text_at("/status"), answer.text_at("/author_kind")),
        ("approved".into(), "staff".into())
    );
    let seen = scene.thread().await;
    assert_eq!(seen.text_at("/data/0/replies/0/author_name"), reporter.account().name);
    assert_eq!(seen.text_at("/data/0/replies/0/author_kind"), "staff");
    assert_eq!(scene.count().await, 2);
    // Nobody was given a token for it.
    let request = scene.reader.request(Method::DELETE, &at(&answer.id()));
    let forged = request.header("Comment-Token", format!("mhc_{}", "A".repeat(43)));
    scene.reader.send(forged).await.problem(403, "permission_denied");
}

#[tokio::test]
async fn a_stale_version_is_refused() {
    let scene = Scene::new().await;
    let id = scene.post("x", None).await.id();
    scene.verb(&id, "approve").await.expect(200);
    for (method, path) in [
        (Method::POST, format!("{}/reject", desk(&id))),
        (Method::POST, format!("{}/approve", desk(&id))),
        (Method::DELETE, desk(&id)),
        (Method::PATCH, desk(&id)),
    ] {
        for stale in ["\"v1\"", "\"v9\"", "W/\"v2\"", "nonsense"] {
            let request = scene.moderator.request(method.clone(), &path).header("If-Match", stale);
            let request = if method == Method::PATCH {
                request.json(&json!({"body": "y"}))
            } else {
                request
            };
            scene.moderator.send(request).await.problem(412, "version_conflict");
        }
    }
    let request = scene
        .moderator
        .request(Method::DELETE, &desk(&id))
        .header("If-Match", "\"v2\"");
    scene.moderator.send(request).await.expect(204);
}

#[tokio::test]
async fn moderation_is_for_those_who_moderate() {
    let scene = Scene::new().await;
    let id = scene.post("x", None).await.id();
    for client in [scene.app.reporter().await, scene.app.reader().await] {
        client.get(DESK).await.problem(403, "permission_denied");
        client.get(&desk(&id)).await.problem(403, "permission_denied");
        client
            .patch(&desk(&id), json!({"body": "y"}))
            .await
            .problem(403, "permission_denied");
        client.delete(&desk(&id)).await.problem(403, "permission_denied");
        for verb in ["approve", "reject", "restore"] {
            let refused = client.act(&format!("{}/{verb}", desk(&id)), json!({})).await;
            refused.problem(403, "permission_denied");
        }
    }
    let body = json!({"article_id": scene.article, "body": "x"});
    scene
        .app
        .reader()
        .await
        .post(DESK, body.clone())
        .await
        .problem(403, "permission_denied");
    scene.reader.post(DESK, body).await.problem(401, "not_authenticated");
    scene.reader.get(DESK).await.problem(401, "not_authenticated");
    for client in [&scene.editor, &scene.app.admin().await] {
        client.get(&desk(&id)).await.expect(200);
    }
    let nobody = desk("019a0000-0000-7000-8000-000000000000");
    scene.moderator.get(&nobody).await.problem(404, "not_found");
    scene.moderator.delete(&nobody).await.problem(404, "not_found");
    scene
        .moderator
        .act(&format!("{nobody}/approve"), json!({}))
        .await
        .problem(404, "not_found");
}
