//! Readers who write at once are posted together, and none of them notices.

use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use futures_util::future::join_all;
use masthead::db::Connection;
use masthead::db::schema::{article_counts, comments};
use serde_json::json;
use tokio::task::JoinHandle;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{Scene, THREAD, publish};
use crate::comment_rules::{behind_a_proxy, from, policy, rule};
use crate::support::client::Answer;
use crate::support::until;

/// So many post at a time.
const AT_WORK: u32 = 2;
const LENT: &str = "masthead_pool_wait_seconds_count";

/// A scene where readers are told apart by where they are.
async fn crowded() -> Scene {
    let scene = Scene::with(|config| {
        behind_a_proxy(config);
        config.database.pool_wait = Duration::from_secs(20);
    })
    .await;
    policy(&scene, "open").await;
    scene
}

/// Keeps everybody from writing comments until it is let go.
async fn hold(scene: &Scene) -> Connection {
    let mut held = scene.app.pool.apart().await.unwrap();
    let lock = "BEGIN; LOCK TABLE comment_decisions IN EXCLUSIVE MODE";
    held.batch_execute(lock).await.unwrap();
    held
}

/// Readers at addresses of their own say these things at once, and all of them have come so far that they write or wait.
async fn say(scene: &Scene, held: &mut Connection, threads: &[String], bodies: &[&str]) -> Vec<JoinHandle<Answer>> {
    let lent = scene.app.counted(LENT);
    let sent = bodies.iter().enumerate().map(|(number, body)| {
        let client = scene.app.anonymous();
        let request = client.request(reqwest::Method::POST, &threads[number % threads.len()]);
        let request = request.header("X-Forwarded-For", format!("198.51.100.{number}"));
        let request = request.json(&json!({"author_name": format!("Reader {number}"), "body": body}));
        tokio::spawn(async move { client.send(request).await })
    });
    let sent = sent.collect();
    // Everybody had a connection once, and those whose turn it is have one again.
    let all = lent + f64::from(u32::try_from(bodies.len()).unwrap() + AT_WORK);
    until(async || scene.app.counted(LENT) == all && scene.app.counted("masthead_pool_in_use") == f64::from(AT_WORK))
        .await;
    until(async || waiting_for_locks(held).await == i64::from(AT_WORK)).await;
    sent
}

/// Who waits for what is held.
async fn waiting_for_locks(conn: &mut Connection) -> i64 {
    let waiting = "(SELECT count(*) FROM pg_locks WHERE relation = 'comment_decisions'::regclass AND NOT granted)";
    diesel::select(sql::<BigInt>(waiting)).get_result(conn).await.unwrap()
}

/// What each of them is told who said these things at once.
async fn told(scene: &Scene, threads: &[String], bodies: &[&str]) -> Vec<Answer> {
    let mut held = hold(scene).await;
    let sent = say(scene, &mut held, threads, bodies).await;
    drop(held);
    join_all(sent).await.into_iter().map(Result::unwrap).collect()
}

/// There are fewer transactions than comments.
async fn assert_together(scene: &Scene) {
    let (comments, transactions): (i64, i64) = comments::table
        .select((sql::<BigInt>("count(*)"), sql::<BigInt>("count(DISTINCT xmin::text)")))
        .first(&mut scene.app.conn().await)
        .await
        .unwrap();
    assert!(
        transactions < comments - 2,
        "{comments} comments in {transactions} transactions"
    );
}

#[tokio::test]
async fn each_is_told_what_became_of_their_own() {
    let scene = crowded().await;
    rule(&scene, |rules| rules["length"] = json!({"min": 2, "max": 100})).await;
    let bodies = [
        "One", "Two", "Three", "Four", "x", "Six", "Seven", "Eight", "Nine", "Ten",
    ];
    let told = told(&scene, &[THREAD.to_owned()], &bodies).await;
    for (body, answer) in bodies.iter().zip(told) {
        if *body == "x" {
            assert_eq!(answer.problem(422, "validation_failed"), ["/body"]);
            continue;
        }
        let answer = answer.expect(201);
        assert_eq!(answer.text_at("/body_html"), format!("<p>{body}</p>"));
        assert_eq!(answer.text_at("/status"), "approved");
    }
    assert_eq!((scene.kept().await, scene.count().await), (9, 9));
    assert_eq!(scene.thread().await.column("id").len(), 9);
    assert_together(&scene).await;
}

#[tokio::test]
async fn each_is_judged_by_what_is_known_of_them() {
    let scene = crowded().await;
    rule(&scene, |rules| rules["flood"]["address_a_minute"] = json!(1)).await;
    let before = |body: &str| json!({"author_name": "Reader", "body": body});
    let banned = from(&scene, "198.51.100.7", before("Before")).await.expect(201);
    let ban = json!({"comment_id": banned.id(), "kind": "address"});
    scene.moderator.post("/api/v1/desk/comment-bans", ban).await.expect(201);
    from(&scene, "198.51.100.8", before("Also before")).await.expect(201);
    let bodies = [
        "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Banned", "Again", "Ten",
    ];
    let told = told(&scene, &[THREAD.to_owned()], &bodies).await;
    for (body, answer) in bodies.iter().zip(told) {
        match *body {
            "Banned" => drop(answer.problem(403, "permission_denied")),
            "Again" => drop(answer.problem(429, "rate_limited")),
            _ => drop(answer.expect(201)),
        }
    }
    assert_together(&scene).await;
    assert_eq!((scene.kept().await, scene.count().await), (10, 10));
}

#[tokio::test]
async fn each_article_gets_its_own() {
    let scene = crowded().await;
    let mut articles = vec![scene.article.clone()];
    for title in ["Bridge closes", "Bridge falls"] {
        articles.push(publish(&scene.editor, title).await);
    }
    let open = json!({"comments_policy": "open"});
    for article in &articles {
        let path = format!("/api/v1/desk/articles/{article}");
        scene.editor.patch(&path, open.clone()).await.expect(200);
    }
    let threads: Vec<String> = articles
        .iter()
        .map(|id| format!("/api/v1/articles/{id}/comments"))
        .collect();
    let bodies = [
        "0 One", "1 Two", "2 Three", "0 Four", "1 Five", "2 Six", "0 Seven", "1 Eight", "2 Nine", "0 Ten",
    ];
    let told = told(&scene, &threads, &bodies).await;
    for answer in told {
        answer.expect(201);
    }
    for (number, (article, thread)) in articles.iter().zip(&threads).enumerate() {
        let shown = scene.reader.get(thread).await.expect(200).column("body_html");
        let own = format!("<p>{number} ");
        assert!(shown.iter().all(|html| html.starts_with(&own)), "{shown:?}");
        let counted: i32 = article_counts::table
            .find(article.parse::<Uuid>().unwrap())
            .select(article_counts::comments)
            .first(&mut scene.app.conn().await)
            .await
            .unwrap();
        assert_eq!(
            (usize::try_from(counted), shown.len()),
            (Ok(shown.len()), 3 + usize::from(number == 0))
        );
    }
    assert_together(&scene).await;
}

#[tokio::test]
async fn what_cannot_be_written_takes_nothing_else_with_it() {
    let scene = crowded().await;
    let breaks = "CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION 'nobody had thought of that';
        END $$;
        CREATE TRIGGER breaks BEFORE INSERT ON comments FOR EACH ROW WHEN (NEW.body = 'Broken') EXECUTE FUNCTION breaks()";
    scene.app.conn().await.batch_execute(breaks).await.unwrap();
    let bodies = [
        "One", "Two", "Three", "Four", "Broken", "Six", "Seven", "Eight", "Nine", "Ten",
    ];
    let told = told(&scene, &[THREAD.to_owned()], &bodies).await;
    for (body, answer) in bodies.iter().zip(told) {
        match *body {
            "Broken" => drop(answer.problem(500, "internal_error")),
            _ => drop(answer.expect(201)),
        }
    }
    assert_eq!((scene.kept().await, scene.count().await), (9, 9));
}
