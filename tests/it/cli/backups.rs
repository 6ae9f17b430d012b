//! Backups: what a file becomes, where it may be restored into, and what a restored database is before that is finished.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Output;

use masthead::clock::new_id;
use masthead::db;
use masthead::db::pool::connect;
use masthead::db::users::UserRow;
use masthead::domain::permission::Role;

use super::{json_of, masthead, run};
use crate::support::app::start_of_tests;
use crate::support::db::{empty, fresh, pool_options, tell};

/// A file that is not there yet, and goes with the test.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("masthead-{name}-{}.dump", std::process::id())))
    }

    fn name(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// Somebody who administers this database.
async fn employ(url: &str, email: &str) {
    let now = start_of_tests();
    let admin = UserRow {
        id: new_id(now),
        email: email.to_owned(),
        name: "Ada".to_owned(),
        role: Role::Admin,
        password_hash: String::new(),
        disabled_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let mut conn = connect(url, &pool_options()).await.unwrap();
    db::users::insert(&mut conn, &admin).await.unwrap();
}

async fn knows(url: &str, email: &str) -> bool {
    let conn = connect(url, &pool_options()).await.unwrap();
    db::users::find_by_email(&conn, email).await.unwrap().is_some()
}

#[track_caller]
fn succeeded(ended: &Output) {
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[track_caller]
fn refused(ended: &Output, because: &str) {
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success() && said.contains(because), "{said}");
}

#[tokio::test]
async fn a_backup_is_for_its_owner_to_read_and_never_overwrites() {
    let from = fresh().await;
    let file = File::new("mode");
    succeeded(&run(&from, &["backup", file.name()]));
    let made = std::fs::metadata(&file.0).unwrap();
    assert_eq!(made.permissions().mode() & 0o777, 0o600);
    refused(&run(&from, &["backup", file.name()]), "exists; name a new file");
    assert_eq!(std::fs::metadata(&file.0).unwrap().len(), made.len());
    // What could not be made is not there.
    let never = File::new("never");
    refused(
        &run("postgres://nobody@127.0.0.1:1/none", &["backup", never.name()]),
        "pg_dump failed",
    );
    assert!(!never.0.exists());
}

#[tokio::test]
async fn a_backup_replaces_what_somebody_would_miss_only_when_told_to() {
    let (from, bare, migrated, used, foreign) = (
        fresh().await,
        empty().await,
        fresh().await,
        fresh().await,
        empty().await,
    );
    employ(&from, "a@paper.example").await;
    employ(&used, "b@paper.example").await;
    tell(&foreign, "CREATE TABLE somebody_elses (it int)").await;
    let file = File::new("replace");
    succeeded(&run(&from, &["backup", file.name()]));
    for url in [&bare, &migrated] {
        succeeded(&run(url, &["restore", file.name()]));
        assert!(knows(url, "a@paper.example").await);
    }
    for url in [&used, &foreign] {
        refused(&run(url, &["restore", file.name()]), "the database is not empty");
    }
    assert!(knows(&used, "b@paper.example").await);
    tell(&foreign, "SELECT it FROM somebody_elses").await;
    // What is no backup takes the place of nothing.
    let broken = File::new("broken");
    let whole = std::fs::read(&file.0).unwrap();
    std::fs::write(&broken.0, &whole[..whole.len() / 2]).unwrap();
    refused(
        &run(&used, &["restore", broken.name(), "--replace"]),
        "pg_restore failed",
    );
    assert!(knows(&used, "b@paper.example").await);
    for url in [&used, &foreign] {
        succeeded(&run(url, &["restore", file.name(), "--replace"]));
        assert!(knows(url, "a@paper.example").await && !knows(url, "b@paper.example").await);
    }
}

#[tokio::test]
async fn a_backup_of_an_older_program_replaces_what_a_newer_one_made() {
    let (from, to) = (fresh().await, fresh().await);
    employ(&from, "a@paper.example").await;
    employ(&to, "b@paper.example").await;
    for _ in 0..4 {
        succeeded(&run(&from, &["migrate", "revert", "--yes"]));
    }
    let file = File::new("older");
    succeeded(&run(&from, &["backup", file.name()]));
    succeeded(&run(&to, &["restore", file.name(), "--replace"]));
    assert!(knows(&to, "a@paper.example").await && !knows(&to, "b@paper.example").await);
    let states = json_of(&run(&to, &["migrate", "status", "--json"]));
    let all = states["migrations"].as_array().unwrap();
    assert!(all.iter().all(|state| state["applied"] == true), "{states}");
    succeeded(&run(&to, &["doctor"]));
}

#[tokio::test]
async fn a_database_whose_restoring_failed_is_not_served() {
    let (from, to) = (fresh().await, empty().await);
    employ(&from, "a@paper.example").await;
    // The first migration will be run again, and fails on what is there.
    let noted = "FROM __diesel_schema_migrations WHERE version = (SELECT min(version) FROM __diesel_schema_migrations)";
    tell(
        &from,
        &format!("CREATE TABLE noted AS SELECT * {noted}; DELETE {noted}"),
    )
    .await;
    let file = File::new("unfinished");
    succeeded(&run(&from, &["backup", file.name()]));
    refused(&run(&to, &["restore", file.name()]), "a migration failed");
    assert!(knows(&to, "a@paper.example").await);
    for role in ["all", "delivery", "desk"] {
        let settings = [
            ("DATABASE_URL", to.as_str()),
            ("MASTHEAD_ENV", "development"),
            ("MASTHEAD_ADDR", "127.0.0.1:0"),
        ];
        let served = masthead(&settings, &["serve", "--role", role]).output().unwrap();
        refused(&served, "masthead restore --after");
    }
    let looked = String::from_utf8(run(&to, &["doctor"]).stdout).unwrap();
    assert!(looked.contains("restore: was begun and not finished"), "{looked}");
    tell(&to, "INSERT INTO __diesel_schema_migrations SELECT * FROM noted").await;
    succeeded(&run(&to, &["restore", "--after"]));
    succeeded(&run(&to, &["doctor"]));
}
