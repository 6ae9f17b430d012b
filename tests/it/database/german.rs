//! A PostgreSQL that speaks German, as many are installed.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use masthead::cluster::{Cluster, Options, programs_dir};
use masthead::db::pool::{PoolOptions, connect};
use masthead::db::{migrate, settings};

use crate::cli::run;
use crate::support::TestApp;
use crate::support::db::{pool_options, tell};

/// It ends with the test, and so does the folder of its programs.
struct German {
    cluster: Cluster,
    programs: PathBuf,
}

impl German {
    fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("masthead-german-{}", std::process::id()));
        let programs = folder.with_extension("bin");
        fs::create_dir(&programs).unwrap();
        fs::set_permissions(&programs, fs::Permissions::from_mode(0o755)).unwrap();
        let real = programs_dir(None).unwrap();
        for program in fs::read_dir(&real).unwrap() {
            let program = program.unwrap();
            symlink(program.path(), programs.join(program.file_name())).unwrap();
        }
        let postgres = programs.join("postgres");
        fs::remove_file(&postgres).unwrap();
        let script = format!(
            "#!/bin/sh\nLANGUAGE=de exec {} \"$@\"\n",
            real.join("postgres").display()
        );
        fs::write(&postgres, script).unwrap();
        fs::set_permissions(&postgres, fs::Permissions::from_mode(0o755)).unwrap();
        let cluster = Cluster::start(Options {
            data_dir: folder,
            data_dir_is_explicit: true,
            pg_bin: Some(programs.clone()),
            keeper: PathBuf::from(env!("CARGO_BIN_EXE_masthead")),
            settings: [("fsync", "off"), ("lc_messages", "C.UTF-8")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
            ephemeral: true,
        });
        Self {
            cluster: cluster.expect("PostgreSQL starts"),
            programs,
        }
    }
}

impl Drop for German {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.programs));
    }
}

async fn is_understood(url: &str) -> bool {
    let mut conn = connect(url, &pool_options()).await.unwrap();
    settings::speaks_english(&mut conn).await.unwrap()
}

#[tokio::test]
async fn its_errors_are_understood_or_the_doctor_says_how() {
    let german = tokio::task::spawn_blocking(German::start).await.unwrap();
    let url = german.cluster.url("masthead");
    migrate::run(connect(&url, &pool_options()).await.unwrap())
        .await
        .unwrap();
    assert!(is_understood(&url).await, "a superuser chooses the language");
    let options = PoolOptions {
        statement_timeout: Duration::from_millis(300),
        ..pool_options()
    };
    let app = TestApp::on_pool(url.clone(), &options, |_| {}).await;
    let mut held = connect(&url, &pool_options()).await.unwrap();
    let lock = "BEGIN; LOCK TABLE sections IN ACCESS EXCLUSIVE MODE";
    held.batch_execute(lock).await.unwrap();
    let refused = app.anonymous().get("/api/v1/sections").await;
    refused.problem(503, "overloaded");
    drop(held);

    tell(&url, "CREATE ROLE reporter LOGIN; GRANT pg_read_all_data TO reporter").await;
    let ordinary = url.replacen("masthead@", "reporter@", 1);
    assert!(
        !is_understood(&ordinary).await,
        "PostgreSQL's catalogue of German is installed"
    );
    let looked = || {
        let looked = run(&ordinary, &["doctor"]);
        String::from_utf8(looked.stdout).unwrap()
    };
    assert!(looked().contains("BAD language:"), "{}", looked());
    tell(&url, "ALTER ROLE reporter SET lc_messages TO 'C'").await;
    assert!(is_understood(&ordinary).await);
    assert!(looked().contains("ok  language:"), "{}", looked());
}
