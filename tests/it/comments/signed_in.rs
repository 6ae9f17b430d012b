//! Comments of those who are signed in.

use serde_json::{Value, json};

use super::{DESK, Scene, THREAD};

#[tokio::test]
async fn a_reader_with_an_account_comments_under_its_name() {
    let scene = Scene::new().await;
    let reader = scene.app.reader().await;
    let posted = reader.post(THREAD, json!({"body": "Signed"})).await.expect(201);
    assert_eq!(posted.text_at("/author_name"), reader.account().name);
    assert_eq!(posted.text_at("/author_kind"), "reader");
    assert_eq!(posted.text_at("/status"), "pending");

    let own = json!({"author_name": reader.account().name, "author_email": reader.account().email, "body": "Again"});
    let again = reader.post(THREAD, own).await.expect(201);
    assert_eq!(again.text_at("/avatar_key"), posted.text_at("/avatar_key"));
    for (field, value) in [
        ("author_name", "Somebody else"),
        ("author_email", "else@reader.example"),
    ] {
        let refused = reader.post(THREAD, json!({"body": "x", field: value})).await;
        assert_eq!(refused.problem(422, "validation_failed"), [format!("/{field}")]);
    }
}

#[tokio::test]
async fn what_an_account_of_the_newsroom_says_is_marked_and_shown_at_once() {
    let scene = Scene::new().await;
    let reporter = scene.app.reporter().await;
    for (client, expected) in [(&reporter, 1), (&scene.moderator, 2), (&scene.app.admin().await, 3)] {
        let posted = client.post(THREAD, json!({"body": "From us"})).await.expect(201);
        assert_eq!(posted.text_at("/author_kind"), "staff");
        assert_eq!(posted.text_at("/status"), "approved");
        assert_eq!(scene.count().await, expected);
    }
    let seen = scene.moderator.get(DESK).await.expect(200);
    assert_eq!(seen.at("/data/0/author_email_hash"), &Value::Null);
}

#[tokio::test]
async fn a_bad_token_is_refused_and_never_taken_for_nobody() {
    let scene = Scene::new().await;
    let body = json!({"author_name": "Runa", "body": "x"});
    for token in ["", "nonsense", "a.b.c"] {
        let refused = scene.app.bearer(token).post(THREAD, body.clone()).await;
        refused.problem(401, "invalid_token");
    }
    let reader = scene.app.reader().await;
    scene.app.clock.advance(chrono::TimeDelta::days(2));
    reader.post(THREAD, body).await.problem(401, "token_expired");
    assert_eq!(scene.kept().await, 0);
    scene.app.bearer("nonsense").get(THREAD).await.expect(200);
}
