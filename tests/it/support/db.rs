//! A database per test, copied from one template, in a private PostgreSQL that ends with the test process.

use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use masthead::cluster::{Cluster, Options};
use masthead::db::migrate;
use masthead::db::pool::{PoolOptions, connect};
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

/// The address of a database without a single table.
pub async fn empty() -> String {
    let cluster = tokio::task::spawn_blocking(|| &*CLUSTER).await.unwrap();
    let name = name();
    administer(cluster, &format!("CREATE DATABASE {name} STRATEGY FILE_COPY")).await;
    cluster.url(&name)
}

fn name() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    format!("masthead_test_{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

async fn administer(cluster: &Cluster, statement: &str) {
    let mut conn = connect(&cluster.url("postgres"), &pool_options()).await.unwrap();
    conn.batch_execute(statement).await.unwrap();
}
