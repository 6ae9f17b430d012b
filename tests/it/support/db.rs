//! A database per test, copied from one template, in a private PostgreSQL that ends with the test process.

use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use masthead::cluster::{Cluster, Options};
use masthead::db::pool::{PoolOptions, connect};
use masthead::db::{self, Connection, migrate};
use tokio::sync::Mutex;

const TEMPLATE: &str = "masthead_template";

/// The tests' PostgreSQL: no promise to survive a crash, removed at the end.
static CLUSTER: LazyLock<Cluster> = LazyLock::new(|| {
    let name = format!("masthead-it-{}", std::process::id());
    Cluster::start(Options {
        data_dir: std::env::temp_dir().join(name),
        data_dir_is_explicit: true,
        pg_bin: None,
        keeper: PathBuf::from(env!("CARGO_BIN_EXE_masthead")),
        settings: [
            ("fsync", "off"),
            ("full_page_writes", "off"),
            ("synchronous_commit", "off"),
            ("max_connections", "300"),
            // Dropping a database looks through all of it.
            ("shared_buffers", "128MB"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec(),
        ephemeral: true,
    })
    .expect("PostgreSQL starts; `bin/setup` installs it")
});

/// Held while the template is made or copied: PostgreSQL copies only a database that nobody is connected to.
static TEMPLATE_READY: Mutex<bool> = Mutex::const_new(false);

/// How tests connect.
pub fn pool_options() -> PoolOptions {
    PoolOptions {
        size: 4,
        shares: 2,
        wait: Duration::from_secs(20),
        connect_timeout: Duration::from_secs(20),
        statement_timeout: Duration::from_secs(20),
    }
}

/// The address of an empty, migrated database that is this test's alone.
pub async fn fresh() -> String {
    let cluster = tokio::task::spawn_blocking(|| &*CLUSTER).await.unwrap();
    let mut ready = TEMPLATE_READY.lock().await;
    if !*ready {
        administer(cluster, &format!("CREATE DATABASE {TEMPLATE}")).await;
        let conn = connect(&cluster.url(TEMPLATE), &pool_options()).await.unwrap();
        migrate::run(conn).await.unwrap();
        quiet(&mut connect(&cluster.url(TEMPLATE), &pool_options()).await.unwrap()).await;
        *ready = true;
    }
    let name = name();
    administer(
        cluster,
        &format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY"),
    )
    .await;
    cluster.url(&name)
}

/// What the tests' PostgreSQL notes. It runs once there is a database.
pub fn log() -> PathBuf {
    CLUSTER.data_dir().join("postgres.log")
}

/// A second edition of the rules for comments, which finds nothing: most tests' comments are many, short and alike.
async fn quiet(conn: &mut Connection) {
    let (mut row, _) = db::comment_rule_sets::find(conn, 1).await.unwrap().unwrap();
    row.version = 2;
    let rules = &mut row.rules.0;
    rules.length.min = 1;
    rules.held_words.clear();
    rules.repeat.same_author_seconds = 0;
    rules.repeat.copies_a_day = 0;
    rules.flood.address_a_minute = 0;
    rules.flood.email_a_minute = 0;
    rules.flood.article_a_minute = 0;
    rules.history.rejected_percent = 0;
    rules.reports.held_at = 0;
    db::comment_rule_sets::insert(conn, &row).await.unwrap();
}

/// The address of a database without a single table.
pub async fn empty() -> String {
    let cluster = tokio::task::spawn_blocking(|| &*CLUSTER).await.unwrap();
    let name = name();
    administer(cluster, &format!("CREATE DATABASE {name} STRATEGY FILE_COPY")).await;
    cluster.url(&name)
}

/// Has these statements run in a database, past every server.
pub async fn tell(url: &str, statements: &str) {
    let mut conn = connect(url, &pool_options()).await.unwrap();
    conn.batch_execute(statements).await.unwrap();
}

fn name() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    format!("masthead_test_{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

async fn administer(cluster: &Cluster, statement: &str) {
    let mut conn = connect(&cluster.url("postgres"), &pool_options()).await.unwrap();
    conn.batch_execute(statement).await.unwrap();
}
