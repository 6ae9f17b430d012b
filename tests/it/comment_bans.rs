//! Who may not comment, and until when.

use chrono::TimeDelta;
use masthead::db::schema::comment_bans;
use serde_json::{Value, json};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::comment_rules::{behind_a_proxy, from};
use crate::comments::Scene;

const BANS: &str = "/api/v1/desk/comment-bans";

fn says(email: Option<&str>) -> Value {
    json!({"author_name": "Runa", "author_email": email, "body": "Hello"})
}

#[tokio::test]
async fn an_address_a_range_or_an_email_is_banned_until_it_ends() {
    let scene = Scene::with(behind_a_proxy).await;
    let email = Some("runa@reader.example");
    for (ban, caller, neighbour, mail) in [
        (json!({"address": "203.0.113.9"}), "203.0.113.9", "203.0.113.8", None),
        (
            json!({"address": "198.51.100.0/24"}),
            "198.51.100.77",
            "198.51.101.77",
            None,
        ),
        (
            json!({"address": "2001:db8:1::/48"}),
            "2001:db8:1:2::3",
            "2001:db8:2::3",
            None,
        ),
        (
            json!({"address": "2001:db8:9:9::1"}),
            "2001:db8:9:9::ffff",
            "2001:db8:9:8::1",
            None,
        ),
        (json!({"email": "Runa@Reader.example"}), "192.0.2.1", "192.0.2.1", email),
    ] {
        let made = scene.moderator.post(BANS, ban).await.expect(201);
        assert_eq!(made.header("location"), format!("{BANS}/{}", made.id()));
        let refused = from(&scene, caller, says(mail)).await;
        refused.problem(403, "permission_denied");
        assert!(!refused.text.contains("203.0.113"), "{}", refused.text);
        let kept = scene.kept().await;
        from(&scene, neighbour, says(None)).await.expect(201);
        assert_eq!(scene.kept().await, kept + 1);
        scene
            .moderator
            .delete(&format!("{BANS}/{}", made.id()))
            .await
            .expect(204);
        from(&scene, caller, says(mail)).await.expect(201);
        scene
            .moderator
            .delete(&format!("{BANS}/{}", made.id()))
            .await
            .problem(404, "not_found");
    }
    let ban = json!({"address": "203.0.113.9", "expires_at": "2026-06-01T10:00:00Z"});
    scene.moderator.post(BANS, ban.clone()).await.expect(201);
    scene.moderator.post(BANS, ban).await.problem(409, "conflict");
    scene.app.clock.advance(TimeDelta::minutes(59));
    from(&scene, "203.0.113.9", says(None))
        .await
        .problem(403, "permission_denied");
    scene.app.clock.advance(TimeDelta::minutes(1));
    from(&scene, "203.0.113.9", says(None)).await.expect(201);
    assert_eq!(scene.moderator.get(BANS).await.expect(200).at("/data"), &json!([]));
    scene
        .moderator
        .post(BANS, json!({"address": "203.0.113.9"}))
        .await
        .expect(201);
    let hashes: Vec<Vec<u8>> = comment_bans::table
        .select(comment_bans::hash)
        .load(&mut scene.app.conn().await)
        .await
        .unwrap();
    assert!(hashes.len() == 1 && hashes[0].len() == 32, "kept as a hash, once");
}

#[tokio::test]
async fn the_author_of_a_comment_is_banned_by_what_it_is_known_by() {
    let scene = Scene::with(behind_a_proxy).await;
    let email = Some("runa@reader.example");
    let posted = from(&scene, "203.0.113.9", says(email)).await.expect(201);
    for (kind, banned, free) in [
        ("email", ("192.0.2.1", email), ("203.0.113.9", None)),
        ("address", ("203.0.113.9", None), ("203.0.113.10", email)),
        ("range", ("203.0.113.200", None), ("203.0.114.9", email)),
    ] {
        let ban = json!({"comment_id": posted.id(), "kind": kind, "note": "Again and again."});
        let made = scene.moderator.post(BANS, ban).await.expect(201);
        assert_eq!(
            (made.text_at("/kind"), made.text_at("/note")),
            (kind.to_owned(), "Again and again.".to_owned())
        );
        assert_eq!(made.text_at("/created_by/name"), scene.moderator.account().name);
        assert_eq!(made.at("/expires_at").is_null(), kind == "email");
        from(&scene, banned.0, says(banned.1))
            .await
            .problem(403, "permission_denied");
        from(&scene, free.0, says(free.1)).await.expect(201);
        scene
            .moderator
            .delete(&format!("{BANS}/{}", made.id()))
            .await
            .expect(204);
    }
    let unknown = from(&scene, "192.0.2.7", says(None)).await.expect(201);
    let ban = json!({"comment_id": unknown.id(), "kind": "email"});
    assert_eq!(
        scene.moderator.post(BANS, ban).await.problem(422, "validation_failed"),
        ["/kind"]
    );
    let admin = scene.app.admin().await;
    let log = admin
        .get("/api/v1/desk/audit?subject_kind=comment_ban")
        .await
        .expect(200);
    let actions = log.column("action");
    assert_eq!(
        actions.iter().filter(|action| *action == "create_comment_ban").count(),
        3
    );
    assert_eq!(
        actions.iter().filter(|action| *action == "delete_comment_ban").count(),
        3
    );
}

#[tokio::test]
async fn a_ban_says_who_and_until_when() {
    let scene = Scene::new().await;
    for (ban, pointer) in [
        (json!({}), ""),
        (json!({"kind": "email"}), ""),
        (json!({"email": "a@b.example", "address": "203.0.113.9"}), ""),
        (json!({"email": "a@b.example", "kind": "email"}), ""),
        (json!({"comment_id": "019a0000-0000-7000-8000-000000000000"}), ""),
        (
            json!({"comment_id": "019a0000-0000-7000-8000-000000000000", "kind": "email"}),
            "/comment_id",
        ),
        (json!({"email": "nobody"}), "/email"),
        (json!({"address": "0.0.0.0/0"}), "/address"),
        (json!({"address": "10.0.0.0/7"}), "/address"),
        (json!({"address": "here"}), "/address"),
        (
            json!({"address": "203.0.113.9", "expires_at": "2026-06-01T09:00:00Z"}),
            "/expires_at",
        ),
        (
            json!({"address": "203.0.113.9", "expires_at": "2028-01-01T00:00:00Z"}),
            "/expires_at",
        ),
        (json!({"email": "a@b.example", "note": "n".repeat(501)}), "/note"),
    ] {
        let refused = scene.moderator.post(BANS, ban.clone()).await;
        assert_eq!(refused.problem(422, "validation_failed"), [pointer], "{ban}");
    }
    assert_eq!(scene.moderator.get(BANS).await.expect(200).at("/data"), &json!([]));
    let reporter = scene.app.reporter().await;
    reporter
        .post(BANS, json!({"email": "a@b.example"}))
        .await
        .problem(403, "permission_denied");
    reporter.get(BANS).await.problem(403, "permission_denied");
}

#[tokio::test]
async fn bans_are_listed_newest_first_page_by_page() {
    let scene = Scene::new().await;
    let mut made = Vec::new();
    for number in 0..5 {
        let ban = json!({"email": format!("n{number}@reader.example")});
        made.push(scene.moderator.post(BANS, ban).await.expect(201).id());
        scene.app.clock.advance(TimeDelta::seconds(1));
    }
    made.reverse();
    let (mut seen, mut query) = (Vec::new(), "limit=2".to_owned());
    loop {
        let page = scene.moderator.get(&format!("{BANS}?{query}")).await.expect(200);
        seen.extend(page.column("id"));
        match page.at("/page/next_cursor").as_str() {
            Some(cursor) => query = format!("limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, made);
}
