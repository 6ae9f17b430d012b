//! `masthead privacy`: what is kept of a person, shown and erased.

use serde_json::{Value, json};

use super::{json_of, masthead};
use crate::comment_rules::rule;
use crate::comments::{DESK, Scene, THREAD, at, own};
use crate::support::app::PASSWORD;
use crate::support::client::Client;

const SECRET: &str = "a secret that only tests know and is long enough";

fn privacy(scene: &Scene, arguments: &[&str]) -> std::process::Output {
    let settings = [
        ("DATABASE_URL", scene.url.as_str()),
        ("MASTHEAD_ENV", "development"),
        ("MASTHEAD_LOG", "warn"),
        ("MASTHEAD_JWT_SECRET", SECRET),
    ];
    let arguments = [&["privacy"], arguments, &["--json"]].concat();
    masthead(&settings, &arguments).output().unwrap()
}

/// Two comments of a person, a reply of another to the first, and somebody banned.
struct Written {
    scene: Scene,
    person: Client,
    first: String,
    reply: String,
    signed_in: String,
    email: String,
}

async fn written() -> Written {
    let scene = Scene::new().await;
    rule(&scene, |rules| rules["held_words"] = json!(["toll"])).await;
    let reader = scene.app.reader().await;
    let email = reader.account().email.clone();
    let shouted = email.to_uppercase();
    let body = json!({"author_name": "Runa Eik", "author_email": format!(" {shouted} "), "body": "A toll again."});
    let first = scene.reader.post(THREAD, body).await.expect(201);
    let change = json!({"body": "A toll, again."});
    own::patch(&scene, &first.id(), &first.text_at("/edit_token"), change)
        .await
        .expect(200);
    scene.verb(&first.id(), "approve").await.expect(200);
    // A second later, so that there is an order.
    scene.app.clock.advance(chrono::TimeDelta::seconds(1));
    let signed_in = reader
        .post(THREAD, json!({"body": "Signed in."}))
        .await
        .expect(201)
        .id();
    let reply = scene.approved("Well said", Some(&first.id())).await;
    let report = json!({"reason": "abuse", "note": "He shouts at me"});
    reader
        .post(&format!("{}/reports", at(&reply)), report)
        .await
        .expect(200);
    let ban = json!({"email": email, "note": "Shouts"});
    scene.moderator.post("/api/v1/desk/comment-bans", ban).await.expect(201);
    Written {
        person: reader,
        first: first.id(),
        reply,
        signed_in,
        email,
        scene,
    }
}

#[tokio::test]
async fn everything_that_is_kept_of_a_person_is_shown() {
    let written = written().await;
    let shown = json_of(&privacy(&written.scene, &["export", &written.email.to_uppercase()]));
    assert_eq!(shown["email"], json!(written.email));
    assert_eq!(shown["account"]["role"], "reader");
    assert_eq!(shown["account"]["sessions"].as_array().unwrap().len(), 1);
    let comments = shown["comments"].as_array().unwrap();
    let ids: Vec<&Value> = comments.iter().map(|comment| &comment["id"]).collect();
    assert_eq!(ids, [&json!(written.first), &json!(written.signed_in)]);
    let first = &comments[0];
    assert_eq!(first["body"], "A toll, again.");
    assert_eq!(first["author_name"], "Runa Eik");
    assert_eq!(first["status"], "approved");
    assert_eq!(first["article"]["slug"], "bridge-opens");
    assert_eq!(first["edits"][0]["body_before"], "A toll again.");
    let trail = first["decisions"].as_array().unwrap();
    assert_eq!(trail.len(), 3, "{trail:?}");
    assert_eq!(
        (&trail[0]["by"], &trail[2]["by"]),
        (&json!("rules"), &json!("moderator"))
    );
    assert_eq!(shown["reports"][0]["note"], "He shouts at me");
    assert_eq!(shown["reports"][0]["comment_id"], json!(written.reply));
    assert_eq!(shown["bans"][0]["note"], "Shouts");
    let text = shown.to_string();
    assert!(!text.contains("Well said") && !text.contains("argon2"), "{text}");

    let nobody = json_of(&privacy(&written.scene, &["export", "nobody@reader.example"]));
    assert_eq!(
        (&nobody["account"], &nobody["comments"], &nobody["bans"]),
        (&Value::Null, &json!([]), &json!([]))
    );
    let wrong = privacy(&written.scene, &["export", "nobody"]);
    assert_eq!(wrong.status.code(), Some(1));
}

#[tokio::test]
async fn what_a_person_wrote_is_erased_when_it_is_meant() {
    let written = written().await;
    let scene = &written.scene;
    let counted = json_of(&privacy(scene, &["erase", &written.email, "--dry-run"]));
    assert_eq!((&counted["comments"], &counted["bans_kept"]), (&json!(2), &json!(1)));
    assert_eq!(
        (&counted["account"], &counted["reports"]),
        (&json!("would_be_erased"), &json!(1))
    );
    written.person.get("/api/v1/auth/me").await.expect(200);
    let unsure = privacy(scene, &["erase", &written.email]);
    assert_eq!(unsure.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unsure.stderr).contains("--yes"));
    assert_eq!(scene.count().await, 2, "nothing is gone yet");

    let erased = json_of(&privacy(scene, &["erase", &written.email, "--yes"]));
    assert_eq!(erased["erased"], json!([written.first, written.signed_in]));
    assert_eq!((&erased["account"], &erased["reports"]), (&json!("erased"), &json!(1)));
    let read = scene
        .moderator
        .get(&format!("{DESK}/{}", written.first))
        .await
        .expect(200);
    assert_eq!(read.text_at("/status"), "removed");
    assert!(
        !read.text.contains("toll") && !read.text.contains("Runa Eik"),
        "{}",
        read.text
    );
    assert_eq!(read.at("/author_email_hash"), &Value::Null);
    assert_eq!(read.at("/edits"), &json!([]));
    let thread = scene.thread().await;
    assert_eq!(thread.text_at("/data/0/id"), written.first, "its place stays");
    assert_eq!(thread.column("id").len(), 1);
    assert_eq!(thread.text_at("/data/0/replies/0/id"), written.reply);
    assert_eq!(scene.count().await, 1);

    let left = json_of(&privacy(scene, &["export", &written.email]));
    assert_eq!(left["comments"], json!([]));
    assert_eq!(left["bans"].as_array().unwrap().len(), 1);
    assert_eq!((&left["account"], &left["reports"]), (&Value::Null, &json!([])));
    let again = json_of(&privacy(scene, &["erase", &written.email, "--yes"]));
    assert_eq!((&again["comments"], &again["account"]), (&json!(0), &Value::Null));

    let read = scene
        .moderator
        .get(&format!("{DESK}/{}", written.reply))
        .await
        .expect(200);
    assert_eq!(
        (read.at("/reports/0/note"), read.at("/report_count")),
        (&Value::Null, &json!(1))
    );
    // Nobody is signed in any more, or can sign in.
    written
        .person
        .get("/api/v1/auth/me")
        .await
        .problem(401, "invalid_token");
    let body = json!({"email": written.email, "password": PASSWORD});
    let refused = scene.reader.post("/api/v1/auth/login", body).await;
    refused.problem(401, "invalid_credentials");
    let admin = scene.app.admin().await;
    let found = admin
        .get(&format!("/api/v1/desk/users?q={}", written.email))
        .await
        .expect(200);
    assert!(found.column("id").is_empty());
}

#[tokio::test]
async fn the_log_knows_of_it_and_not_of_whom() {
    let written = written().await;
    let scene = &written.scene;
    json_of(&privacy(scene, &["export", &written.email]));
    json_of(&privacy(scene, &["erase", &written.email, "--yes"]));
    let admin = scene.app.admin().await;
    let log = |action: &str| format!("/api/v1/desk/audit?action={action}");
    let exported = admin.get(&log("export_person")).await.expect(200);
    let erased = admin.get(&log("erase_person")).await.expect(200);
    let hash = exported.text_at("/data/0/details/email_hash");
    assert_eq!(hash.len(), 64);
    assert_eq!(
        exported.at("/data/0/details"),
        &json!({"email_hash": hash, "comments": 2, "reports": 1, "bans": 1, "account": true})
    );
    assert_eq!(
        erased.at("/data/0/details"),
        &json!({"email_hash": hash, "comments": 2, "reports": 1, "account": "erased"})
    );
    let gone = admin.get(&log("erase_user")).await.expect(200);
    assert_eq!(
        gone.text_at("/data/0/subject_id"),
        written.person.account().id.to_string()
    );
    let all = admin.get("/api/v1/desk/audit?limit=100").await.expect(200).text;
    assert!(
        !all.contains(&written.email) && !all.contains(&written.person.account().name),
        "{all}"
    );
}

#[tokio::test]
async fn an_account_of_the_newsroom_stays() {
    let scene = Scene::new().await;
    let email = &scene.moderator.account().email;
    let counted = json_of(&privacy(&scene, &["erase", email, "--dry-run"]));
    assert_eq!(counted["account"], "kept");
    let erased = json_of(&privacy(&scene, &["erase", email, "--yes"]));
    assert_eq!(erased["account"], "kept");
    scene.moderator.get("/api/v1/auth/me").await.expect(200);
}
