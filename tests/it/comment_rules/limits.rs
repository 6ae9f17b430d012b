//! What is not even kept: floods, repeats, and what is too short or too long.

use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use futures_util::future::join_all;
use masthead::domain::comment_rules::Recent;
use serde_json::{Value, json};

use super::{behind_a_proxy, from, policy, rule};
use crate::comments::Scene;

fn says(body: &str, email: Option<&str>) -> Value {
    json!({"author_name": "Runa", "author_email": email, "body": body})
}

#[tokio::test]
async fn one_address_writes_so_often_a_minute() {
    let scene = Scene::with(behind_a_proxy).await;
    rule(&scene, |rules| rules["flood"]["address_a_minute"] = json!(2)).await;
    let here = "203.0.113.9";
    from(&scene, here, says("One", None)).await.expect(201);
    scene.app.clock.advance(TimeDelta::seconds(20));
    from(&scene, here, says("Two", None)).await.expect(201);
    for _ in 0..3 {
        let refused = from(&scene, here, says("Three", None)).await;
        refused.problem(429, "rate_limited");
        assert_eq!(refused.header("retry-after"), "40");
    }
    from(&scene, "203.0.113.10", says("Three", None)).await.expect(201);
    from(&scene, "2001:db8::1", says("Four", None)).await.expect(201);
    from(&scene, "2001:db8::2", says("Five", None)).await.expect(201);
    let refused = from(&scene, "2001:db8::dead:beef", says("Six", None)).await;
    refused.problem(429, "rate_limited");
    assert_eq!(scene.kept().await, 5, "nothing of what was refused is kept");
    scene.app.clock.advance(TimeDelta::seconds(40));
    from(&scene, here, says("Three", None)).await.expect(201);
    from(&scene, here, says("Four", None))
        .await
        .problem(429, "rate_limited");
}

#[tokio::test]
async fn one_person_writes_so_often_from_anywhere() {
    let scene = Scene::with(behind_a_proxy).await;
    rule(&scene, |rules| rules["flood"]["email_a_minute"] = json!(2)).await;
    let (one, other) = (Some("runa@reader.example"), Some("else@reader.example"));
    from(&scene, "192.0.2.1", says("One", one)).await.expect(201);
    from(&scene, "192.0.2.2", says("Two", Some("RUNA@reader.example")))
        .await
        .expect(201);
    from(&scene, "192.0.2.3", says("Three", one))
        .await
        .problem(429, "rate_limited");
    from(&scene, "192.0.2.3", says("Three", other)).await.expect(201);
}

#[tokio::test]
async fn of_comments_sent_at_once_no_more_are_taken_than_one_by_one() {
    let scene = Scene::with(behind_a_proxy).await;
    rule(&scene, |rules| {
        rules["flood"]["address_a_minute"] = json!(2);
        rules["flood"]["email_a_minute"] = json!(2);
    })
    .await;
    let author = Some("runa@reader.example");
    for (address, email) in [(Some("203.0.113.9"), None), (None, author)] {
        let kept = scene.kept().await;
        let sent = (0..12).map(async |n: i32| {
            let own = format!("198.51.100.{n}");
            from(&scene, address.unwrap_or(&own), says(&format!("Number {n}"), email)).await
        });
        let mut taken = 0;
        for answer in join_all(sent).await {
            match answer.status {
                201 => taken += 1,
                _ => drop(answer.problem(429, "rate_limited")),
            }
        }
        assert!((1..=2).contains(&taken), "{taken}");
        assert_eq!(scene.kept().await, kept + taken);
    }
}

#[tokio::test]
async fn comments_on_a_flooded_article_wait() {
    let scene = Scene::new().await;
    policy(&scene, "open").await;
    rule(&scene, |rules| rules["flood"]["article_a_minute"] = json!(2)).await;
    let status = async |body: &str| scene.post(body, None).await.text_at("/status");
    assert_eq!(
        [status("One").await, status("Two").await, status("Three").await],
        ["approved", "approved", "pending"]
    );
    scene.app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(status("Four").await, "approved");
}

#[tokio::test]
async fn a_limit_of_hundreds_is_counted_to() {
    let scene = Scene::new().await;
    policy(&scene, "open").await;
    let first = scene.post("One of many", None).await.id();
    // As many as are counted when no rule asks for more, and two more.
    let many = format!(
        "INSERT INTO comments (id, article_id, depth, author_kind, author_name, avatar_key, body, body_html, status,
            reply_count, version, created_at, report_count)
        SELECT gen_random_uuid(), article_id, 1, 'reader', 'Runa', avatar_key, n::text, n::text, status, 0, 1, created_at, 0
        FROM comments, generate_series(2, {}) AS n WHERE id = '{first}'",
        Recent::MOST + 2,
    );
    scene.app.conn().await.batch_execute(&many).await.unwrap();
    let limit = |limit: i64| rule(&scene, move |rules| rules["flood"]["article_a_minute"] = json!(limit));
    let status = async |body: &str| scene.post(body, None).await.text_at("/status");
    limit(Recent::MOST + 4).await;
    assert_eq!(status("Still room").await, "approved");
    assert_eq!(status("The last").await, "approved");
    assert_eq!(status("One too many").await, "pending");
    limit(0).await;
    assert_eq!(status("However many").await, "approved");
}

#[tokio::test]
async fn the_same_again_within_a_minute_is_refused_and_copies_wait() {
    let scene = Scene::with(behind_a_proxy).await;
    policy(&scene, "open").await;
    rule(&scene, |rules| {
        rules["repeat"] = json!({"same_author_seconds": 60, "copies_a_day": 2});
    })
    .await;
    from(&scene, "192.0.2.1", says("Buy your toll passes here", None))
        .await
        .expect(201);
    let again = from(&scene, "192.0.2.1", says("BUY your, toll pa\u{200b}sses here!!", None)).await;
    again.problem(409, "conflict");
    let elsewhere = from(&scene, "192.0.2.2", says("Buy your toll passes here", None))
        .await
        .expect(201);
    assert_eq!(elsewhere.text_at("/status"), "approved");
    let third = from(&scene, "192.0.2.3", says("Buy your toll passes here", None))
        .await
        .expect(201);
    assert_eq!(third.text_at("/status"), "pending");
    scene.app.clock.advance(TimeDelta::minutes(1));
    from(&scene, "192.0.2.1", says("Buy your toll passes here", None))
        .await
        .expect(201);
    assert_eq!(scene.kept().await, 4);
}

#[tokio::test]
async fn what_is_too_short_or_too_long_is_told() {
    let scene = Scene::new().await;
    rule(&scene, |rules| rules["length"] = json!({"min": 3, "max": 10})).await;
    for (body, code) in [("No", "too_short"), ("No, never ever", "too_long")] {
        let refused = scene.reader.post(crate::comments::THREAD, says(body, None)).await;
        assert_eq!(refused.problem(422, "validation_failed"), ["/body"]);
        assert_eq!(refused.text_at("/errors/0/code"), code);
    }
    assert_eq!(scene.kept().await, 0);
}

#[tokio::test]
async fn a_repeated_request_is_no_repeated_comment() {
    let scene = Scene::new().await;
    rule(&scene, |rules| rules["repeat"]["same_author_seconds"] = json!(60)).await;
    let post = async || {
        let request = scene.reader.request(reqwest::Method::POST, crate::comments::THREAD);
        scene
            .reader
            .send(request.header("Idempotency-Key", "one").json(&says("Once", None)))
            .await
    };
    let first = post().await.expect(201);
    let second = post().await.expect(201);
    assert_eq!(first.id(), second.id());
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(scene.kept().await, 1);
}
