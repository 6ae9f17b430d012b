//! `masthead database`: where the database is, and running the private one alone.

use clap::Subcommand;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use super::open::{NAME, private};
use super::{Failure, Output, settings};
use crate::cluster::{Cluster, find_running};
use crate::config::DatabaseConfig;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Print the address of the database, its password included. Starts nothing.
    Url,
    /// Start the private PostgreSQL alone, print its address, and stop it when interrupted.
    Run,
}

pub(super) fn run(command: &Command, output: Output) -> Result<(), Failure> {
    let database = settings()?.database;
    match command {
        Command::Url => url(&database, output),
        Command::Run => run_alone(&database, output),
    }
}

fn url(database: &DatabaseConfig, output: Output) -> Result<(), Failure> {
    let address = match &database.url {
        Some(url) => url.expose().to_owned(),
        None => private_url(database)?,
    };
    output.say(&address, &json!({ "url": address }))
}

fn private_url(database: &DatabaseConfig) -> Result<String, Failure> {
    match find_running(&database.data_dir, database.data_dir_is_explicit)? {
        Some(running) => Ok(running.url(NAME)),
        None => Err(Failure::new(format!(
            "the private PostgreSQL of the data folder {} is not running. Start it with 'masthead serve', or alone \
             with 'masthead database run'",
            database.data_dir.display()
        ))),
    }
}

fn run_alone(database: &DatabaseConfig, output: Output) -> Result<(), Failure> {
    if database.url.is_some() {
        return Err(Failure::new(
            "DATABASE_URL is set, so there is no private PostgreSQL to run. Unset it to run one",
        ));
    }
    let cluster = Cluster::start(private(database)?)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // Before the address is out: whoever reads it may interrupt us at once.
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let address = cluster.url(NAME);
        output.say(&address, &json!({ "url": address }))?;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        Ok::<(), Failure>(())
    })?;
    cluster.stop();
    Ok(())
}
