//! The drill of docs/backups.md, whole: a server, a backup, another database, and a server again; by the commands, and by hand.

use std::process::{Command, Output};

use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use masthead::cluster::programs_dir;
use masthead::db::pool::connect;
use masthead::db::schema::{articles, purge_positions, reader_changes};
use reqwest::Method;
use rustix::process::Signal;
use serde_json::{Value, json};

use super::{Served, json_of, run};
use crate::support::client::http;
use crate::support::db::{empty, fresh, pool_options};

const EDITOR: &str = "editor@demo.local";

/// Settings under which tokens of one server are those of the other.
fn settings<'a>(url: &'a str, scheduler: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("DATABASE_URL", url),
        ("MASTHEAD_ENV", "development"),
        ("MASTHEAD_JWT_SECRET", "a secret that outlives the database"),
        ("MASTHEAD_PUBLIC_URL", "http://paper.example"),
        ("MASTHEAD_SCHEDULER", scheduler),
    ]
}

async fn ask(server: &Served, method: Method, path: &str, token: &str, body: Value) -> (u16, Value) {
    let request = http()
        .request(method.clone(), format!("{}{path}", at(server)))
        .header("If-Match", "*");
    let request = match token {
        "" => request,
        token => request.bearer_auth(token),
    };
    let request = if method == Method::GET {
        request
    } else {
        request.json(&body)
    };
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

/// Where a server is that says it is elsewhere.
fn at(server: &Served) -> String {
    let listening = std::fs::read_to_string(server.proc("net/tcp")).unwrap();
    let own: Vec<String> = std::fs::read_dir(server.proc("fd"))
        .unwrap()
        .filter_map(|link| {
            std::fs::read_link(link.ok()?.path())
                .ok()?
                .to_str()?
                .strip_prefix("socket:[")?
                .strip_suffix(']')
                .map(str::to_owned)
        })
        .collect();
    // Local address, state (0A listens) and inode of each socket.
    let port = listening.lines().skip(1).find_map(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let listens = columns[3] == "0A" && own.iter().any(|inode| inode == columns[9]);
        listens.then(|| u16::from_str_radix(columns[1].rsplit(':').next().unwrap(), 16).unwrap())
    });
    format!("http://127.0.0.1:{}", port.expect("a port that it listens on"))
}

async fn sign_in(server: &Served) -> (String, String) {
    let login = json!({"email": EDITOR, "password": "masthead-demo"});
    let (status, signed_in) = ask(server, Method::POST, "/api/v1/auth/login", "", login).await;
    assert_eq!(status, 200, "{signed_in}");
    let token = |name: &str| signed_in[name].as_str().unwrap().to_owned();
    (token("access_token"), token("refresh_token"))
}

/// A story that is planned to go out then.
async fn planned(server: &Served, token: &str, title: &str, at: &str) -> String {
    let draft = json!({"title": title, "section": "world", "authors": ["ana-lima"], "body": {"source": "It is so."}});
    let (_, made) = ask(server, Method::POST, "/api/v1/desk/articles", token, draft).await;
    let path = format!("/api/v1/desk/articles/{}/schedule", made["id"].as_str().unwrap());
    let (status, answer) = ask(server, Method::POST, &path, token, json!({"publish_at": at})).await;
    assert_eq!(status, 200, "{answer}");
    made["id"].as_str().unwrap().to_owned()
}

#[track_caller]
fn succeeded(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Restores the backup into another database as the page says it is done by hand; what was done after it.
async fn by_hand(file: &str) -> Value {
    let other = empty().await;
    let restore = ["--no-owner", "--exit-on-error", "--dbname", &other, file];
    let programs = programs_dir(None).unwrap();
    succeeded(
        &Command::new(programs.join("pg_restore"))
            .args(restore)
            .output()
            .unwrap(),
    );
    let ended = run(&other, &["restore", "--after", "--json"]);
    succeeded(&ended);
    json_of(&ended)
}

#[tokio::test]
async fn what_is_restored_is_there_and_nothing_that_was_ended_lives() {
    let (old, new) = (fresh().await, empty().await);
    let server = Served::start(&settings(&old, "off"));
    let (access, refresh) = sign_in(&server).await;
    let overdue = planned(&server, &access, "Overdue", "2099-01-01T00:00:00Z").await;
    planned(&server, &access, "Later", "2100-01-01T00:00:00Z").await;
    let previews = format!("/api/v1/desk/articles/{overdue}/preview-tokens");
    let (_, link) = ask(&server, Method::POST, &previews, &access, json!({})).await;
    let preview = format!("/api/v1/previews/{}", link["token"].as_str().unwrap());
    let login = json!({"email": "admin@demo.local", "password": "masthead-demo"});
    let (_, admin) = ask(&server, Method::POST, "/api/v1/auth/login", "", login).await;
    let admin = admin["access_token"].as_str().unwrap();
    let wire = json!({"name": "Wire importer", "scopes": ["articles:read"]});
    let (_, made) = ask(&server, Method::POST, "/api/v1/desk/api-keys", admin, wire).await;
    let key = made["key"].as_str().unwrap().to_owned();
    let desk = "/api/v1/desk/articles?limit=1";
    assert_eq!(ask(&server, Method::GET, desk, &key, Value::Null).await.0, 200);
    assert_eq!(ask(&server, Method::GET, &preview, "", Value::Null).await.0, 200);
    let (_, front_page) = ask(&server, Method::GET, "/api/v1/articles?limit=100", "", Value::Null).await;
    let mut conn = connect(&old, &pool_options()).await.unwrap();
    conn.batch_execute(
        "UPDATE schedule SET due_at = now() - interval '1 hour', try_at = now() - interval '1 hour' WHERE due_at < '2100-01-01';
         INSERT INTO purge_positions (endpoint, next, running, at) VALUES ('varnish http://cache', 1, '{}', now())",
    )
    .await
    .unwrap();

    let file = std::env::temp_dir().join(format!("masthead-drill-{}.dump", std::process::id()));
    let name = file.to_str().unwrap();
    succeeded(&run(&old, &["backup", name]));
    assert_eq!(server.end(Signal::TERM), Some(0));
    let ended = run(&new, &["restore", name, "--json"]);
    succeeded(&ended);
    let settled = json_of(&ended)["settled"].clone();
    assert!(settled["sessions"].as_u64().unwrap() >= 1, "{settled}");
    assert_eq!(
        (
            &settled["api_keys"],
            &settled["preview_links"],
            &settled["planned"],
            &settled["shared_caches"]
        ),
        (&json!(1), &json!(1), &json!(1), &json!(1))
    );
    assert_eq!(settled["parked"].as_array().unwrap().len(), 1, "{settled}");
    assert_eq!(
        (&settled["parked"][0]["article_id"], &settled["parked"][0]["action"]),
        (&json!(overdue), &json!("publish"))
    );
    assert_eq!(by_hand(name).await["settled"], settled);
    std::fs::remove_file(file).unwrap();
    let said = String::from_utf8(run(&new, &["restore", "--after"]).stdout).unwrap();
    assert!(
        said.contains("Ended 0 sign-ins, 0 API keys and 0 preview links") && !said.contains("overdue"),
        "{said}"
    );
    assert!(!run(&new, &["restore"]).status.success(), "a file, or --after");
    let looked = run(&new, &["doctor"]);
    assert!(looked.status.success(), "{}", String::from_utf8_lossy(&looked.stdout));

    let mut conn = connect(&new, &pool_options()).await.unwrap();
    let told: Vec<String> = reader_changes::table
        .select(reader_changes::tag)
        .distinct()
        .load(&mut conn)
        .await
        .unwrap();
    assert_eq!(told, ["*"], "whoever keeps answers asks anew");
    let at: chrono::DateTime<chrono::Utc> = purge_positions::table
        .select(purge_positions::at)
        .first(&mut conn)
        .await
        .unwrap();
    assert_eq!(at.timestamp(), 0);
    let server = Served::start(&settings(&new, "on"));
    let (_, restored) = ask(&server, Method::GET, "/api/v1/articles?limit=100", "", Value::Null).await;
    assert_eq!(restored["data"], front_page["data"]);
    assert!(restored["data"].as_array().unwrap().len() > 30);
    let refused = |answer: (u16, Value)| (answer.0, answer.1["code"].as_str().unwrap_or_default().to_owned());
    let me = ask(&server, Method::GET, "/api/v1/auth/me", &access, Value::Null).await;
    assert_eq!(refused(me), (401, "invalid_token".to_owned()));
    let by_key = ask(&server, Method::GET, desk, &key, Value::Null).await;
    assert_eq!(refused(by_key), (401, "invalid_token".to_owned()));
    let body = json!({"refresh_token": refresh});
    let refreshed = ask(&server, Method::POST, "/api/v1/auth/refresh", "", body).await;
    assert_eq!(refreshed.0, 401);
    assert_ne!(ask(&server, Method::GET, &preview, "", Value::Null).await.0, 200);
    let (access, _) = sign_in(&server).await;
    let (_, schedule) = ask(&server, Method::GET, "/api/v1/desk/schedule", &access, Value::Null).await;
    assert_eq!(schedule["data"].as_array().unwrap().len(), 1, "{schedule}");
    let status: String = articles::table
        .find(overdue.parse::<uuid::Uuid>().unwrap())
        .select(diesel::dsl::sql::<diesel::sql_types::Text>("status"))
        .first(&mut conn)
        .await
        .unwrap();
    assert_eq!(status, "draft", "it did not go out by itself");
    assert_eq!(server.end(Signal::TERM), Some(0));
}
