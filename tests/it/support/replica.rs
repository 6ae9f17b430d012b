//! A PostgreSQL and a streaming replica of it, which a test can hold back.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use masthead::cluster::{Cluster, Options};
use masthead::db::pool::connect;
use masthead::db::{Connection, migrate};

use super::db::pool_options;
use super::until;

const NAME: &str = "masthead";

diesel::define_sql_function! {
    fn pg_get_wal_replay_pause_state() -> Text;
}

diesel::define_sql_function! {
    fn clock_timestamp() -> Timestamptz;
}

diesel::table! {
    pg_stat_activity (pid) {
        pid -> Integer,
        application_name -> Text,
        query -> Text,
        query_start -> Timestamptz,
    }
}

/// The two of them.
pub struct Pair {
    pub primary: String,
    pub replica: String,
    // Dropped in this order: a replica waits for its primary, not the other way round.
    _replica: Cluster,
    _primary: Cluster,
}

impl Pair {
    /// Starts both, with all tables.
    pub async fn start() -> Self {
        let primary = start("primary", None).await;
        let url = primary.url(NAME);
        migrate::run(connect(&url, &pool_options()).await.unwrap())
            .await
            .unwrap();
        let copied = primary.data_dir().to_path_buf();
        let (bin, server) = (primary.bin_dir().to_path_buf(), url.clone());
        let replica = start("replica", Some((bin, copied, server))).await;
        Self {
            primary: url,
            replica: replica.url(NAME),
            _replica: replica,
            _primary: primary,
        }
    }

    /// A connection to the replica itself.
    pub async fn ask_replica(&self) -> Connection {
        connect(&self.replica, &pool_options()).await.unwrap()
    }

    /// From now on the replica shows nothing new.
    pub async fn hold_back(&self) {
        let mut conn = self.ask_replica().await;
        conn.batch_execute("SELECT pg_wal_replay_pause()").await.unwrap();
        until(async || {
            let state: String = diesel::select(pg_get_wal_replay_pause_state())
                .get_result(&mut conn)
                .await
                .unwrap();
            state == "paused"
        })
        .await;
    }

    /// The replica catches up.
    pub async fn let_go(&self) {
        let mut conn = self.ask_replica().await;
        conn.batch_execute("SELECT pg_wal_replay_resume()").await.unwrap();
    }

    /// What the replica's clock says.
    pub async fn now(&self) -> DateTime<Utc> {
        diesel::select(clock_timestamp())
            .get_result(&mut self.ask_replica().await)
            .await
            .unwrap()
    }

    /// How many of the replica's connections were asked this last by a server, and since then.
    pub async fn asked(&self, what: &str, since: DateTime<Utc>) -> i64 {
        pg_stat_activity::table
            .filter(pg_stat_activity::query_start.gt(since))
            .filter(pg_stat_activity::application_name.eq("masthead"))
            .filter(pg_stat_activity::query.like(format!("%{what}%")))
            .filter(pg_stat_activity::query.not_like("%pg_stat_activity%"))
            .count()
            .get_result(&mut self.ask_replica().await)
            .await
            .unwrap()
    }
}

/// A PostgreSQL of its own; as a copy of another one, where that is, if it is given.
async fn start(name: &str, copied: Option<(PathBuf, PathBuf, String)>) -> Cluster {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let data_dir = std::env::temp_dir().join(format!("masthead-{name}-{}-{number}", std::process::id()));
    let options = Options {
        data_dir: data_dir.clone(),
        data_dir_is_explicit: true,
        pg_bin: None,
        keeper: PathBuf::from(env!("CARGO_BIN_EXE_masthead")),
        settings: [("fsync", "off"), ("max_connections", "60"), ("shared_buffers", "32MB")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        ephemeral: true,
    };
    tokio::task::spawn_blocking(move || {
        if let Some((bin, from, url)) = copied {
            copy(&bin, &from, &data_dir, &url);
        }
        Cluster::start(options).expect("PostgreSQL starts")
    })
    .await
    .unwrap()
}

/// Copies a running PostgreSQL as one that follows it. Its files belong to whom the other's belong to.
fn copy(bin: &Path, from: &Path, to: &Path, url: &str) {
    let owner = fs::metadata(from.join("postgres")).unwrap();
    fs::create_dir(to).unwrap();
    std::os::unix::fs::chown(to, Some(owner.uid()), Some(owner.gid())).unwrap();
    let mut command = Command::new(bin.join("pg_basebackup"));
    if rustix::process::geteuid().is_root() {
        command.uid(owner.uid()).gid(owner.gid());
    }
    let done = command
        .args([
            "--checkpoint=fast",
            "--wal-method=stream",
            "--write-recovery-conf",
            "--no-sync",
        ])
        .arg("--dbname")
        .arg(url)
        .arg("--pgdata")
        .arg(to.join("postgres"))
        .current_dir("/")
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    std::os::unix::fs::chown(to, Some(rustix::process::geteuid().as_raw()), None).unwrap();
}
