//! Threads: what is shown of them, and page by page.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{DESK, Scene, THREAD, all, at};

#[tokio::test]
async fn threads_come_in_the_order_that_is_asked_for() {
    let scene = Scene::new().await;
    let mut roots = Vec::new();
    for (number, replies) in [1, 0, 2, 0, 1, 0].into_iter().enumerate() {
        scene.app.clock.advance(chrono::TimeDelta::seconds(1));
        let root = scene.approved(&format!("Root {number}"), None).await;
        for reply in 0..replies {
            scene.approved(&format!("Reply {reply}"), Some(&root)).await;
        }
        roots.push(root);
    }
    for (sort, order) in [
        ("newest", [5, 4, 3, 2, 1, 0]),
        ("oldest", [0, 1, 2, 3, 4, 5]),
        ("most_replied", [2, 4, 0, 5, 3, 1]),
    ] {
        let expected: Vec<String> = order.iter().map(|number: &usize| roots[*number].clone()).collect();
        for limit in [1, 2, 4, 100] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = scene
                    .reader
                    .get(&format!("{THREAD}?sort={sort}&limit={limit}{cursor}"))
                    .await
                    .expect(200);
                seen.extend(page.column("id"));
                match page.at("/page/next_cursor").as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            assert_eq!(seen, expected, "{sort} by {limit}");
        }
    }
    let cursor = scene
        .reader
        .get(&format!("{THREAD}?limit=1"))
        .await
        .text_at("/page/next_cursor");
    let other = scene.reader.get(&format!("{THREAD}?sort=oldest&cursor={cursor}")).await;
    other.problem(400, "invalid_cursor");
    scene
        .reader
        .get(&format!("{THREAD}?sort=best"))
        .await
        .problem(400, "invalid_parameter");
}

#[tokio::test]
async fn the_newest_come_first_and_pages_lose_none() {
    let scene = Scene::new().await;
    let mut ids = Vec::new();
    for number in 0..7 {
        // Some share their instant: the id settles their order.
        scene.app.clock.advance(TimeDelta::seconds(number % 3));
        ids.push(scene.approved(&format!("Number {number}"), None).await);
    }
    scene.post("Not yet", None).await;
    let whole = scene.reader.get(&format!("{THREAD}?with_total=true")).await.expect(200);
    assert_eq!(whole.at("/page/total"), 7);
    assert_eq!(whole.at("/page/next_cursor"), &Value::Null);
    let times: Vec<String> = whole.column("created_at");
    assert!(times.is_sorted_by(|a, b| a >= b), "{times:?}");

    let mut paged = Vec::new();
    let mut next = format!("{THREAD}?limit=3");
    loop {
        let page = scene.reader.get(&next).await.expect(200);
        paged.extend(page.column("id"));
        let Some(cursor) = page.at("/page/next_cursor").as_str() else {
            break;
        };
        next = format!("{THREAD}?limit=3&cursor={cursor}");
        assert_eq!(page.header("link"), format!("<{next}>; rel=\"next\""));
    }
    assert_eq!(paged, whole.column("id"));
    ids.sort();
    paged.sort();
    assert_eq!(paged, ids);
}

#[tokio::test]
async fn three_replies_are_shown_and_the_cursor_leads_to_the_rest() {
    let scene = Scene::new().await;
    let root = scene.approved("Root", None).await;
    let mut replies = Vec::new();
    for number in 0..5 {
        scene.app.clock.advance(TimeDelta::seconds(1));
        replies.push(scene.approved(&format!("Reply {number}"), Some(&root)).await);
    }
    scene.post("Not yet", Some(&root)).await;
    let grandchild = scene.approved("Deeper", Some(&replies[0])).await;

    let seen = scene.thread().await;
    assert_eq!(seen.column("id"), std::slice::from_ref(&root));
    assert_eq!(seen.at("/data/0/reply_count"), 5);
    let shown: Vec<&Value> = (0..3).map(|at| seen.at("/data/0/replies").get(at).unwrap()).collect();
    assert_eq!(
        shown.iter().map(|reply| &reply["id"]).collect::<Vec<_>>(),
        replies[..3].iter().collect::<Vec<_>>()
    );
    assert_eq!(seen.at("/data/0/replies").as_array().unwrap().len(), 3);
    assert_eq!((&shown[0]["depth"], &shown[0]["parent_id"]), (&json!(2), &json!(root)));
    // A reply's own replies are all behind its cursor.
    assert_eq!(
        (&shown[0]["replies"], &shown[0]["reply_count"]),
        (&json!([]), &json!(1))
    );
    let cursor = shown[0]["replies_cursor"].as_str().unwrap();
    let deeper = scene
        .reader
        .get(&format!("{}/replies?cursor={cursor}", at(&replies[0])))
        .await;
    assert_eq!(deeper.expect(200).column("id"), [grandchild]);
    assert_eq!(shown[1]["replies_cursor"], Value::Null);

    let path = format!("{}/replies", at(&root));
    let cursor = seen.text_at("/data/0/replies_cursor");
    let rest = scene
        .reader
        .get(&format!("{path}?cursor={cursor}&limit=1&with_total=true"))
        .await
        .expect(200);
    assert_eq!(rest.column("id"), replies[3..4]);
    assert_eq!(rest.at("/page/total"), 5);
    let cursor = rest.text_at("/page/next_cursor");
    let last = scene
        .reader
        .get(&format!("{path}?cursor={cursor}&limit=1"))
        .await
        .expect(200);
    assert_eq!(last.column("id"), replies[4..]);
    assert_eq!(last.at("/page/next_cursor"), &Value::Null);
    // A cursor belongs to one comment.
    let elsewhere = format!("{}/replies?cursor={cursor}", at(&replies[0]));
    scene.reader.get(&elsewhere).await.problem(400, "invalid_cursor");

    let one = scene.reader.get(&at(&root)).await.expect(200);
    assert_eq!(&one.json, seen.at("/data/0"));
    let first = scene.reader.get(&path).await.expect(200);
    assert_eq!(first.column("id"), replies);
    assert_eq!(first.at("/data/0/replies/0/parent_id"), &json!(replies[0]));
}

#[tokio::test]
async fn replies_nest_eight_deep_and_then_stand_side_by_side() {
    let scene = Scene::new().await;
    let mut id = scene.approved("1", None).await;
    let mut parent = Value::Null;
    for depth in 2..=10 {
        let posted = scene.post(&depth.to_string(), Some(&id)).await;
        assert_eq!(posted.at("/depth"), depth.min(8));
        if depth <= 8 {
            parent = json!(id);
        }
        assert_eq!(posted.at("/parent_id"), &parent);
        id = posted.id();
        scene.verb(&id, "approve").await.expect(200);
    }
    assert_eq!(scene.count().await, 10);
    let seventh = parent.as_str().unwrap();
    assert_eq!(scene.reader.get(&at(seventh)).await.expect(200).at("/reply_count"), 3);
}

#[tokio::test]
async fn what_was_taken_away_keeps_its_place_above_replies_without_name_and_text() {
    let scene = Scene::new().await;
    let root = scene.approved("Root secret", None).await;
    let middle = scene.approved("Middle secret", Some(&root)).await;
    let leaf = scene.approved("Leaf", Some(&middle)).await;
    let lonely = scene.approved("Lonely", None).await;
    let before = scene.reader.get(&at(&root)).await.expect(200).text_at("/avatar_key");
    for id in [&root, &middle, &lonely] {
        scene.moderator.delete(&format!("{DESK}/{id}")).await.expect(204);
    }
    assert_eq!(scene.count().await, 1, "an empty place is no comment");
    let seen = scene.thread().await;
    assert_eq!(
        seen.column("id"),
        std::slice::from_ref(&root),
        "without replies there is no place to keep"
    );
    assert!(
        !seen.text.contains("secret") && !seen.text.contains("Runa Eik"),
        "{}",
        seen.text
    );
    assert_ne!(seen.text_at("/data/0/avatar_key"), before);
    for entry in [seen.at("/data/0"), seen.at("/data/0/replies/0")] {
        assert_eq!(
            (&entry["status"], &entry["reply_count"]),
            (&json!("removed"), &json!(1))
        );
        assert_eq!(
            (&entry["author_name"], &entry["body_html"]),
            (&Value::Null, &Value::Null)
        );
    }
    scene.reader.get(&at(&lonely)).await.problem(404, "not_found");

    // The last reply goes, and every empty place above it.
    scene.verb(&leaf, "reject").await.expect(200);
    assert_eq!(all(&scene.thread().await, "id").len(), 0);
    scene.reader.get(&at(&root)).await.problem(404, "not_found");
    assert_eq!(scene.count().await, 0);

    // It comes back, and they with it.
    scene.verb(&leaf, "approve").await.expect(200);
    assert_eq!(scene.thread().await.column("id"), std::slice::from_ref(&root));
    scene.verb(&root, "restore").await.expect(200);
    scene.verb(&root, "approve").await.expect(200);
    let seen = scene.thread().await;
    assert_eq!(seen.text_at("/data/0/body_html"), "<p>Root secret</p>");
    assert_eq!(seen.at("/data/0/reply_count"), 1);
    assert_eq!(scene.count().await, 2);
}
