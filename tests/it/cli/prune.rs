//! `masthead prune`, and the server that does the same by itself.

use std::time::Duration;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::pool::connect;
use masthead::db::schema::revisions;
use rustix::process::Signal;
use serde_json::json;

use super::{Served, json_of, run};
use crate::support::db::{fresh, pool_options};
use crate::support::{TestApp, make};

/// How often a test looks whether something has come about by itself.
const LOOKS: usize = 600;
const LOOK: Duration = Duration::from_millis(50);

/// A database with one article that a program saved long ago, where the tests' clock stands, and a person after it.
async fn autosaved() -> String {
    let url = fresh().await;
    let app = TestApp::on(url.clone(), |_| {}).await;
    let editor = app.editor().await;
    let made = make::draft(&editor, "Autosaved", json!({})).await;
    let path = format!("/api/v1/desk/articles/{}", made.id());
    for (title, autosave) in [("By a program", true), ("By a person", false)] {
        let change = json!({"title": title, "autosave": autosave});
        editor.patch(&path, change).await.expect(200);
    }
    url
}

#[tokio::test]
async fn it_counts_first_and_then_takes_away() {
    let url = autosaved().await;
    let one = json!({"articles": 1, "revisions": 1, "answers": 0, "preview_links": 0, "addresses": 0, "bans": 0, "sign_ins": 0});
    let none = json!({"articles": 0, "revisions": 0, "answers": 0, "preview_links": 0, "addresses": 0, "bans": 0, "sign_ins": 0});
    assert_eq!(json_of(&run(&url, &["prune", "--dry-run", "--json"])), one);
    let said = run(&url, &["prune"]);
    assert!(said.status.success());
    assert!(String::from_utf8_lossy(&said.stdout).starts_with("Took away 1 revisions of 1 articles"));
    assert_eq!(json_of(&run(&url, &["prune", "--json"])), none);
}

#[tokio::test]
async fn the_server_does_it_by_itself() {
    let url = autosaved().await;
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("MASTHEAD_ENV", "development"),
        ("MASTHEAD_DEMO", "off"),
    ];
    let server = Served::start(&settings);
    let mut conn = connect(&url, &pool_options()).await.unwrap();
    let mut left = 0_i64;
    let mut looks = tokio::time::interval(LOOK);
    for _ in 0..LOOKS {
        looks.tick().await;
        left = revisions::table.count().get_result(&mut conn).await.unwrap();
        if left == 2 {
            break;
        }
    }
    assert_eq!(left, 2);
    assert_eq!(server.end(Signal::TERM), Some(0));
}
