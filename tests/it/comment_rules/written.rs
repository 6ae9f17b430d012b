//! How rules are written, versioned and tried.

use reqwest::Method;
use serde_json::{Value, json};

use super::{RULES, policy, rule};
use crate::comments::{DESK, Scene};

#[tokio::test]
async fn every_edition_is_kept_and_the_newest_holds_at_once() {
    let scene = Scene::new().await;
    let first = scene.moderator.get(&format!("{RULES}?version=1")).await.expect(200);
    assert_eq!(first.at("/rules/flood/address_a_minute"), 5);
    assert_eq!(first.at("/created_by"), &serde_json::Value::Null);
    let before = scene.moderator.get(RULES).await.expect(200);
    assert_eq!(
        (before.at("/version"), before.header("etag")),
        (&json!(2), "\"v2\"".to_owned())
    );

    let mut rules = before.at("/rules").clone();
    rules["blocked_words"] = json!([" idiot ", "idiot", "Idiot"]);
    let body = json!({"rules": rules, "note": "After last night."});
    let written = scene.moderator.put(RULES, body.clone()).await.expect(200);
    assert_eq!(written.header("etag"), "\"v3\"");
    assert_eq!(written.at("/rules/blocked_words"), &json!(["idiot", "Idiot"]));
    assert_eq!(written.text_at("/note"), "After last night.");
    assert_eq!(written.text_at("/created_by/name"), scene.moderator.account().name);
    let again = json!({"rules": written.at("/rules").clone()});
    assert_eq!(
        scene.moderator.put(RULES, again).await.expect(200).header("etag"),
        "\"v3\""
    );
    assert_eq!(scene.post("idiot", None).await.text_at("/status"), "rejected");

    let stale = scene
        .moderator
        .request(Method::PUT, RULES)
        .header("If-Match", "\"v2\"")
        .json(&body);
    scene.moderator.send(stale).await.problem(412, "version_conflict");
    scene
        .moderator
        .get(&format!("{RULES}?version=9"))
        .await
        .problem(404, "not_found");
    let admin = scene.app.admin().await;
    let log = admin
        .get("/api/v1/desk/audit?action=replace_comment_rules")
        .await
        .expect(200);
    assert_eq!(log.at("/data/0/details"), &json!({"version": 3}));
    assert_eq!(log.at("/data").as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn two_who_write_at_once_make_one_edition_each_or_none() {
    let scene = Scene::new().await;
    let rules = scene.moderator.get(RULES).await.expect(200).at("/rules").clone();
    let write = async |word: &str| {
        let mut rules = rules.clone();
        rules["held_words"] = json!([word]);
        let request = scene.moderator.request(Method::PUT, RULES).header("If-Match", "\"v2\"");
        scene
            .moderator
            .send(request.json(&json!({"rules": rules})))
            .await
            .status
    };
    let (one, two) = tokio::join!(write("one"), write("two"));
    let mut statuses = [one, two];
    statuses.sort_unstable();
    assert!(statuses[0] == 200 && [409, 412].contains(&statuses[1]), "{statuses:?}");
    assert_eq!(scene.moderator.get(RULES).await.expect(200).at("/version"), 3);
}

#[tokio::test]
async fn what_is_no_rule_is_told_field_by_field_and_changes_nothing() {
    let scene = Scene::new().await;
    let rules = scene.moderator.get(RULES).await.expect(200).at("/rules").clone();
    for (pointer, value) in [
        ("/rules/length/min", json!(0)),
        ("/rules/length/max", json!(5001)),
        ("/rules/blocked_words/0", json!("*")),
        ("/rules/blocked_words/0", json!("a".repeat(101))),
        ("/rules/held_words/0", json!("a*b*c")),
        ("/rules/held_words/0", json!("nul\u{0}")),
        ("/rules/links/blocked_hosts/0", json!("https://a.example/x")),
        ("/rules/links/trusted_hosts/0", json!("localhost")),
        ("/rules/flood/address_a_minute", json!(-1)),
        ("/rules/history/rejected_percent", json!(101)),
        ("/rules/nothing", json!(1)),
        ("/note", json!("n".repeat(501))),
    ] {
        let mut body = json!({"rules": rules, "note": "x"});
        match pointer.strip_suffix("/0") {
            Some(list) => *body.pointer_mut(list).unwrap() = json!([value]),
            None => {
                let (parent, name) = pointer.rsplit_once('/').unwrap();
                body.pointer_mut(parent).unwrap()[name] = value;
            }
        }
        let refused = scene.moderator.put(RULES, body.clone()).await;
        let named = refused.problem(422, "validation_failed");
        assert!(named.contains(&pointer.to_owned()), "{pointer}: {named:?}");
        if pointer != "/note" {
            body.as_object_mut().unwrap().remove("note");
            let tried = scene.moderator.post(&format!("{RULES}/preview"), body).await;
            assert!(tried.problem(422, "validation_failed").contains(&pointer.to_owned()));
        }
    }
    assert_eq!(scene.moderator.get(RULES).await.expect(200).at("/version"), 2);
    scene
        .app
        .reporter()
        .await
        .get(RULES)
        .await
        .problem(403, "permission_denied");
}

#[tokio::test]
async fn a_trial_says_what_would_change_and_saves_nothing() {
    let scene = Scene::new().await;
    policy(&scene, "open").await;
    let (fine, rude) = (
        scene.post("A fine day", None).await.id(),
        scene.post("What an idiot", None).await.id(),
    );
    rule(&scene, |rules| rules["held_words"] = json!(["fine"])).await;
    let mut rules = scene.moderator.get(RULES).await.expect(200).at("/rules").clone();
    rules["held_words"] = json!([]);
    rules["blocked_words"] = json!(["idiot"]);
    let before = (
        scene.kept().await,
        scene.moderator.get(&format!("{DESK}/{rude}")).await.text,
    );
    let tried = scene
        .moderator
        .post(&format!("{RULES}/preview"), json!({"rules": rules}))
        .await
        .expect(200);
    assert_eq!(
        (
            tried.at("/tried"),
            tried.at("/passed"),
            tried.at("/held"),
            tried.at("/rejected")
        ),
        (&json!(2), &json!(1), &json!(0), &json!(1))
    );
    let changes = tried.at("/changes").as_array().unwrap();
    let of = |id: &str| changes.iter().find(|change| change["id"] == id).unwrap();
    assert_eq!(
        (&of(&fine)["now"], &of(&fine)["proposed"]),
        (&json!("hold"), &json!("pass"))
    );
    assert_eq!(
        (&of(&rude)["now"], &of(&rude)["proposed"]),
        (&json!("pass"), &json!("reject"))
    );
    let because = json!([{"rule": "blocked_words", "outcome": "reject", "reason": "blocked_word", "detail": "\u{201c}idiot\u{201d}"}]);
    assert_eq!(
        (&of(&rude)["because"], &of(&rude)["status"]),
        (&because, &json!("approved"))
    );
    let after = (
        scene.kept().await,
        scene.moderator.get(&format!("{DESK}/{rude}")).await.text,
    );
    assert_eq!(after, before);
    assert_eq!(scene.moderator.get(RULES).await.expect(200).at("/version"), 3);
}

#[tokio::test]
async fn a_blank_word_is_told_once() {
    let scene = Scene::new().await;
    let mut rules = scene.moderator.get(RULES).await.expect(200).at("/rules").clone();
    rules["held_words"] = json!(["toll", " ", "x".repeat(101)]);
    let refused = scene.moderator.put(RULES, json!({"rules": rules})).await;
    assert_eq!(
        refused.problem(422, "validation_failed"),
        ["/rules/held_words/1", "/rules/held_words/2"]
    );
}

#[tokio::test]
async fn editions_are_listed_with_who_wrote_them_and_why() {
    let scene = Scene::new().await;
    let began = scene
        .moderator
        .get(RULES)
        .await
        .expect(200)
        .at("/version")
        .as_i64()
        .unwrap();
    for (words, note) in [("toll", "Tolls."), ("bridge", "Bridges.")] {
        let mut rules = scene.moderator.get(RULES).await.expect(200).at("/rules").clone();
        rules["held_words"] = json!([words]);
        scene
            .moderator
            .put(RULES, json!({"rules": rules, "note": note}))
            .await
            .expect(200);
    }
    let first = scene
        .moderator
        .get(&format!("{RULES}/editions?limit=2"))
        .await
        .expect(200);
    assert_eq!(first.column("note"), ["Bridges.", "Tolls."]);
    assert_eq!(
        (first.at("/data/0/version"), first.text_at("/data/0/created_by/name")),
        (&json!(began + 2), scene.moderator.account().name.clone())
    );
    assert!(first.at("/data/0").get("rules").is_none());
    let cursor = first.text_at("/page/next_cursor");
    let rest = scene
        .moderator
        .get(&format!("{RULES}/editions?limit=100&cursor={cursor}"))
        .await
        .expect(200);
    let last = rest.at("/data").as_array().unwrap().last().unwrap();
    assert_eq!(rest.at("/data/0/version"), began);
    assert_eq!((&last["version"], &last["created_by"]), (&json!(1), &Value::Null));
    assert_eq!(rest.at("/page/next_cursor"), &Value::Null);
    let reporter = scene.app.reporter().await;
    reporter
        .get(&format!("{RULES}/editions"))
        .await
        .problem(403, "permission_denied");
}
