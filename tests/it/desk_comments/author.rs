//! Everything by one author.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::schema::comments;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::comment_rules::{behind_a_proxy, from};
use crate::comments::{DESK, Scene, THREAD, publish};

/// What the list finds, and what a bulk of the same filter would change.
async fn by_author_of(scene: &Scene, id: &str) -> Vec<String> {
    let listed = scene.moderator.get(&format!("{DESK}?author_of={id}")).await.expect(200);
    let mut ids = listed.column("id");
    ids.sort();
    let body = json!({"action": "erase", "filter": {"author_of": id}, "dry_run": true});
    let found = scene.moderator.post(&format!("{DESK}/bulk"), body).await.expect(200);
    assert_eq!(found.at("/matched"), ids.len(), "{}", found.text);
    ids
}

fn sorted(ids: &[&String]) -> Vec<String> {
    let mut ids: Vec<String> = ids.iter().map(|id| (*id).clone()).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn an_author_is_an_account_or_an_email_or_an_address() {
    let scene = Scene::with(behind_a_proxy).await;
    let other = publish(&scene.editor, "Another story").await;
    let reader = scene.app.reader().await;
    let says =
        |name: &str, email: Option<&str>, body: &str| json!({"author_name": name, "author_email": email, "body": body});
    let email = Some("runa@reader.example");
    let mut signed = Vec::new();
    for (thread, body) in [
        (THREAD.to_owned(), "Signed in"),
        (format!("/api/v1/articles/{other}/comments"), "Signed in elsewhere"),
    ] {
        let request = reader
            .request(Method::POST, &thread)
            .header("X-Forwarded-For", "192.0.2.1");
        signed.push(reader.send(request.json(&json!({"body": body}))).await.expect(201).id());
    }
    let by_email = from(&scene, "192.0.2.1", says("Runa", email, "One")).await.id();
    let also = from(&scene, "192.0.2.2", says("Somebody", email, "Two")).await.id();
    let nameless = from(&scene, "192.0.2.1", says("Ottar", None, "Three")).await.id();
    let same_place = from(&scene, "192.0.2.1", says("Odd", None, "Four")).await.id();
    let unknown = from(&scene, "192.0.2.9", says("Ottar", None, "Five")).await.id();
    let key: Uuid = unknown.parse().unwrap();
    diesel::update(comments::table.find(key))
        .set(comments::address_hash.eq(None::<Vec<u8>>))
        .execute(&mut scene.app.conn().await)
        .await
        .unwrap();

    for id in &signed {
        assert_eq!(
            by_author_of(&scene, id).await,
            sorted(&signed.iter().collect::<Vec<_>>())
        );
    }
    assert_eq!(by_author_of(&scene, &by_email).await, sorted(&[&by_email, &also]));
    // Whoever else wrote from there may be anybody: but nothing surer is known.
    let place = sorted(&[&signed[0], &signed[1], &by_email, &nameless, &same_place]);
    assert_eq!(by_author_of(&scene, &nameless).await, place);
    assert_eq!(by_author_of(&scene, &unknown).await, [unknown]);
    let nobody = by_author_of(&scene, "019a0000-0000-7000-8000-000000000000").await;
    assert!(nobody.is_empty());
    let wrong = scene.moderator.get(&format!("{DESK}?author_of=me")).await;
    assert_eq!(wrong.problem(400, "invalid_parameter"), ["author_of"]);

    // A page of it belongs to it.
    let first = scene
        .moderator
        .get(&format!("{DESK}?author_of={by_email}&limit=1"))
        .await
        .expect(200);
    let cursor = first.text_at("/page/next_cursor");
    let path = |id: &str| format!("{DESK}?author_of={id}&limit=1&cursor={cursor}");
    let second = scene.moderator.get(&path(&by_email)).await.expect(200);
    assert_eq!(second.at("/page/next_cursor"), &Value::Null);
    scene
        .moderator
        .get(&path(&nameless))
        .await
        .problem(400, "invalid_cursor");
}
