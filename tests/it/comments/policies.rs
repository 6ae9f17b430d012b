//! Where comments are taken, and where no more.

use chrono::TimeDelta;
use masthead::db;
use masthead::domain::site::SiteCommentsPolicy;
use serde_json::json;

use super::{DESK, Scene, THREAD, all};

/// The site's rules, set behind the desk's back.
async fn site(scene: &Scene, policy: SiteCommentsPolicy, close_after_days: Option<i32>) {
    let mut conn = scene.app.conn().await;
    let mut row = db::site::load(&mut conn).await.unwrap();
    row.comments_policy = policy;
    row.comments_close_after_days = close_after_days;
    db::site::update(&mut conn, &row).await.unwrap();
}

async fn article(scene: &Scene, policy: &str) {
    let path = format!("/api/v1/desk/articles/{}", scene.article);
    let body = json!({"comments_policy": policy});
    scene.editor.patch(&path, body).await.expect(200);
}

/// The status of a new comment, or the code of the refusal.
async fn tried(scene: &Scene) -> String {
    let answer = scene
        .reader
        .post(THREAD, json!({"author_name": "Runa", "body": "x"}))
        .await;
    match answer.status {
        201 => answer.text_at("/status"),
        _ => answer.text_at("/code"),
    }
}

const CLOSED: &str = "invalid_state_transition";

#[tokio::test]
async fn a_policy_says_what_becomes_of_a_comment() {
    let scene = Scene::new().await;
    for (policy, status) in [
        ("site", "pending"),
        ("open", "approved"),
        ("moderated", "pending"),
        ("moderated_first", "pending"),
        ("closed", CLOSED),
    ] {
        article(&scene, policy).await;
        assert_eq!(tried(&scene).await, status, "{policy}");
    }
    assert_eq!(scene.count().await, 1, "what is shown at once is counted");
    assert_eq!(all(&scene.thread().await, "status"), ["approved"]);
}

#[tokio::test]
async fn where_first_comments_are_moderated_a_known_reader_is_shown_at_once() {
    let scene = Scene::new().await;
    article(&scene, "moderated_first").await;
    let said = async |email: Option<&str>, body: &str| {
        let body = json!({"author_name": "Runa", "author_email": email, "body": body});
        scene.reader.post(THREAD, body).await.expect(201)
    };
    let first = said(Some("runa@reader.example"), "First").await;
    assert_eq!(first.text_at("/status"), "pending");
    assert_eq!(
        said(Some("runa@reader.example"), "Second").await.text_at("/status"),
        "pending"
    );
    scene.verb(&first.id(), "approve").await.expect(200);
    assert_eq!(
        said(Some("RUNA@reader.example"), "Third").await.text_at("/status"),
        "approved"
    );
    assert_eq!(
        said(Some("else@reader.example"), "x").await.text_at("/status"),
        "pending"
    );
    let nobody = said(None, "Who is known by nothing but an address is always new").await;
    assert_eq!(nobody.text_at("/status"), "pending");
}

#[tokio::test]
async fn an_article_follows_the_site_unless_it_says_otherwise() {
    let scene = Scene::new().await;
    for (policy, status) in [
        (SiteCommentsPolicy::Open, "approved"),
        (SiteCommentsPolicy::ModeratedFirst, "pending"),
    ] {
        site(&scene, policy, None).await;
        assert_eq!(tried(&scene).await, status);
    }
    site(&scene, SiteCommentsPolicy::Closed, None).await;
    assert_eq!(tried(&scene).await, CLOSED);
    article(&scene, "moderated").await;
    assert_eq!(tried(&scene).await, "pending");
}

#[tokio::test]
async fn comments_close_by_themselves_after_days() {
    let scene = Scene::new().await;
    site(&scene, SiteCommentsPolicy::Moderated, Some(2)).await;
    scene.app.clock.advance(TimeDelta::hours(47));
    assert_eq!(tried(&scene).await, "pending");
    scene.app.clock.advance(TimeDelta::hours(1));
    assert_eq!(tried(&scene).await, CLOSED);
    scene.reader.get(THREAD).await.expect(200);
}

#[tokio::test]
async fn what_was_said_before_comments_closed_stays_and_staff_may_say_why() {
    let scene = Scene::new().await;
    let (seen, waiting) = (scene.approved("Early", None).await, scene.post("Waiting", None).await);
    article(&scene, "closed").await;
    scene.verb(&waiting.id(), "approve").await.expect(200);
    let why = json!({"article_id": scene.article, "body": "We close this for the night."});
    let staff = scene.moderator.post(DESK, why).await.expect(201);
    let mut ids = scene.thread().await.column("id");
    let mut expected = vec![seen, waiting.id(), staff.id()];
    ids.sort();
    expected.sort();
    assert_eq!(ids, expected);
}
