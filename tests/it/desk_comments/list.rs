//! The moderators' list: its filters, its order, its pages.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::comments::{DESK, Scene, publish};

/// Four comments, one of each status, a minute apart: pending, approved, rejected, removed.
async fn four(scene: &Scene) -> [String; 4] {
    let mut ids = Vec::new();
    for (name, body) in [
        ("Ana", "One 100%"),
        ("Ben", "Two"),
        ("ana B.", "Three"),
        ("Cid", "Four_1"),
    ] {
        scene.app.clock.advance(TimeDelta::minutes(1));
        let body = json!({"author_name": name, "author_email": "all@reader.example", "body": body});
        ids.push(scene.reader.post(crate::comments::THREAD, body).await.expect(201).id());
    }
    scene.verb(&ids[1], "approve").await.expect(200);
    scene.verb(&ids[2], "reject").await.expect(200);
    scene.moderator.delete(&format!("{DESK}/{}", ids[3])).await.expect(204);
    ids.try_into().unwrap()
}

#[tokio::test]
async fn filters_find_what_they_name_and_only_that() {
    let scene = Scene::new().await;
    let ids = four(&scene).await;
    let other = publish(&scene.editor, "Another story").await;
    for (query, found) in [
        ("", vec![0, 1, 2, 3]),
        ("queue=all", vec![0, 1, 2, 3]),
        ("queue=pending", vec![0]),
        ("queue=pending&status=approved", vec![]),
        ("status=approved", vec![1]),
        ("status=rejected,removed", vec![2, 3]),
        ("status=rejected&status=removed", vec![2, 3]),
        ("sort=-created_at", vec![3, 2, 1, 0]),
        ("article=bridge-opens", vec![0, 1, 2, 3]),
        ("article=bridge-opens,another-story&status=pending", vec![0]),
        ("article=another-story", vec![]),
        ("article=nowhere", vec![]),
        ("author_name=ANA", vec![0, 2]),
        ("author_name=ana&sort=-created_at", vec![2, 0]),
        ("q=t", vec![1, 2]),
        ("q=100%25", vec![0]),
        ("q=%25", vec![0]),
        ("q=r_1", vec![3]),
        ("q=_", vec![3]),
        ("q=%5C", vec![]),
        ("q=", vec![0, 1, 2, 3]),
        ("created_after=2026-06-01T09:03:00Z", vec![2, 3]),
        ("created_after=2026-06-01T12:03:00%2B03:00", vec![2, 3]),
    ] {
        let seen = scene
            .moderator
            .get(&format!("{DESK}?{query}&with_total=true"))
            .await
            .expect(200);
        let expected: Vec<&String> = found.iter().map(|at: &usize| &ids[*at]).collect();
        assert_eq!(seen.column("id").iter().collect::<Vec<_>>(), expected, "{query}");
        assert_eq!(seen.at("/page/total"), found.len(), "{query}");
        assert_eq!(seen.at("/page/next_cursor"), &Value::Null, "{query}");
    }
    let by_id = scene
        .moderator
        .get(&format!("{DESK}?article={other}"))
        .await
        .expect(200);
    assert!(by_id.column("id").is_empty());
    let seen = scene.moderator.get(DESK).await.expect(200);
    assert_eq!(
        seen.at("/data/0/author_history"),
        &json!({"approved": 1, "rejected": 1})
    );
}

#[tokio::test]
async fn pages_lose_none_in_either_order() {
    let scene = Scene::new().await;
    for number in 0..7 {
        scene.app.clock.advance(TimeDelta::seconds(number % 2));
        scene.post(&format!("Number {number}"), None).await;
    }
    for query in [
        "sort=created_at",
        "sort=-created_at",
        "q=number",
        "q=number&sort=-created_at",
    ] {
        let list = format!("{DESK}?{query}");
        let whole = scene.moderator.get(&list).await.expect(200).column("id");
        assert_eq!(whole.len(), 7);
        let mut paged = Vec::new();
        let mut next = format!("{list}&limit=3");
        loop {
            let page = scene.moderator.get(&next).await.expect(200);
            paged.extend(page.column("id"));
            let Some(cursor) = page.at("/page/next_cursor").as_str() else {
                break;
            };
            assert!(page.header("link").contains(cursor));
            next = format!("{list}&limit=3&cursor={cursor}");
        }
        assert_eq!(paged, whole, "{query}");
    }
    let first = scene.moderator.get(&format!("{DESK}?limit=3")).await.expect(200);
    let cursor = first.text_at("/page/next_cursor");
    let other_query = format!("{DESK}?queue=pending&cursor={cursor}");
    scene.moderator.get(&other_query).await.problem(400, "invalid_cursor");
}

#[tokio::test]
async fn what_is_not_known_is_refused() {
    let scene = Scene::new().await;
    let long = format!("q={}", "x".repeat(101));
    for (query, code, parameter) in [
        ("queue=junk", "invalid_parameter", "queue"),
        ("status=open", "invalid_parameter", "status"),
        ("sort=name", "invalid_parameter", "sort"),
        ("limit=101", "invalid_parameter", "limit"),
        ("created_after=yesterday", "invalid_parameter", "created_after"),
        (
            "created_after=10000-01-01T00:00:00Z",
            "invalid_parameter",
            "created_after",
        ),
        ("author=x", "unknown_parameter", "author"),
        (&long, "invalid_parameter", "q"),
        ("author_name=%00", "invalid_parameter", "author_name"),
        ("cursor=forged", "invalid_cursor", "cursor"),
    ] {
        let refused = scene.moderator.get(&format!("{DESK}?{query}")).await;
        assert_eq!(refused.problem(400, code), [parameter], "{query}");
    }
}
