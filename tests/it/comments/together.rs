//! Readers who write at once are posted together, and none of them notices.

use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use futures_util::future::join_all;
use masthead::db::Connection;
use masthead::db::schema::comments;
use serde_json::json;
use tokio::task::JoinHandle;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;

use super::{Scene, THREAD};
use crate::comment_rules::{behind_a_proxy, policy, rule};
use crate::support::client::Answer;
use crate::support::until;

const READERS: usize = 10;
/// So many post at a time.
const AT_WORK: u32 = 3;
const LENT: &str = "masthead_pool_wait_seconds_count";

/// A scene where readers are told apart by where they are.
async fn crowded() -> Scene {
    let scene = Scene::with(behind_a_proxy).await;
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
async fn say(scene: &Scene, held: &mut Connection, bodies: &[&str]) -> Vec<JoinHandle<Answer>> {
    let lent = scene.app.counted(LENT);
    let sent = bodies.iter().enumerate().map(|(number, body)| {
        let client = scene.app.anonymous();
        let request = client.request(reqwest::Method::POST, THREAD);
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

async fn heard(sent: Vec<JoinHandle<Answer>>) -> Vec<Answer> {
    join_all(sent).await.into_iter().map(Result::unwrap).collect()
}

/// In how many transactions all comments were written.
async fn transactions(scene: &Scene) -> i64 {
    comments::table
        .select(sql::<BigInt>("count(DISTINCT xmin::text)"))
        .get_result(&mut scene.app.conn().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn each_is_told_what_became_of_their_own() {
    let scene = crowded().await;
    rule(&scene, |rules| rules["length"] = json!({"min": 2, "max": 100})).await;
    let mut held = hold(&scene).await;
    let bodies = [
        "One", "Two", "Three", "Four", "x", "Six", "Seven", "Eight", "Nine", "Ten",
    ];
    let sent = say(&scene, &mut held, &bodies).await;
    drop(held);
    for (body, answer) in bodies.iter().zip(heard(sent).await) {
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
    let transactions = transactions(&scene).await;
    assert!(
        transactions < 9,
        "nobody was posted together with others: {transactions}"
    );
}

#[tokio::test]
async fn those_who_are_posted_together_count_each_other() {
    let scene = crowded().await;
    rule(&scene, |rules| rules["flood"]["article_a_minute"] = json!(5)).await;
    let mut held = hold(&scene).await;
    let bodies = [
        "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
    ];
    let sent = say(&scene, &mut held, &bodies).await;
    drop(held);
    let told = heard(sent).await.into_iter();
    let told: Vec<String> = told.map(|answer| answer.expect(201).text_at("/status")).collect();
    let shown = told.iter().map(|status| u32::from(status == "approved")).sum();
    // What others at work have not finished yet is not seen.
    assert!((5..5 + AT_WORK).contains(&shown), "{told:?}");
    assert_eq!(u32::try_from(scene.count().await), Ok(shown));
}

#[tokio::test]
async fn what_cannot_be_written_takes_nothing_else_with_it() {
    let scene = crowded().await;
    let breaks = "CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION 'nobody had thought of that';
        END $$;
        CREATE TRIGGER breaks BEFORE INSERT ON comments FOR EACH ROW WHEN (NEW.body = 'Broken') EXECUTE FUNCTION breaks()";
    scene.app.conn().await.batch_execute(breaks).await.unwrap();
    let mut held = hold(&scene).await;
    let bodies = [
        "One", "Two", "Three", "Four", "Broken", "Six", "Seven", "Eight", "Nine", "Ten",
    ];
    let sent = say(&scene, &mut held, &bodies).await;
    drop(held);
    for (body, answer) in bodies.iter().zip(heard(sent).await) {
        match *body {
            "Broken" => drop(answer.problem(500, "internal_error")),
            _ => drop(answer.expect(201)),
        }
    }
    assert_eq!((scene.kept().await, scene.count().await), (9, 9));
}

#[tokio::test]
async fn who_leaves_keeps_nobody_waiting() {
    let scene = crowded().await;
    let mut held = hold(&scene).await;
    let bodies = [
        "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
    ];
    let mut sent = say(&scene, &mut held, &bodies).await;
    let written = |text: &str| bodies.iter().position(|body| text.contains(&format!("<p>{body}</p>")));
    // Those whose turn it is are not known from outside: half of all leave, one after the other.
    for leaving in sent.drain(..READERS / 2) {
        leaving.abort();
    }
    drop(held);
    for answer in heard(sent).await {
        let answer = answer.expect(201);
        assert!(written(&answer.text) >= Some(READERS / 2), "{}", answer.text);
    }
    let kept = scene.kept().await;
    assert!((5..=10).contains(&kept), "{kept}");
    assert_eq!(i64::from(scene.count().await), kept);
    // And whoever comes next is served.
    scene.app.clock.advance(TimeDelta::minutes(1));
    let next = json!({"author_name": "Runa", "body": "The next"});
    scene.reader.post(THREAD, next).await.expect(201);
}
