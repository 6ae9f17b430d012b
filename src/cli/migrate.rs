//! `masthead migrate`: brings the database's tables up to date.

use clap::Subcommand;
use serde_json::json;

use super::open::{Database, block_on};
use super::{Failure, Output, settings};
use crate::db::migrate;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Run what has not been run (the default; `serve` does it by itself).
    Run,
    /// List the migrations, and which ones the database has.
    Status,
    /// Take back the newest migration, and all that its tables hold.
    Revert {
        /// Do it, although what the tables hold is lost.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) fn run(command: Option<&Command>, output: Output) -> Result<(), Failure> {
    let config = settings()?;
    let database = Database::open(&config.database)?;
    block_on(async {
        let conn = database.connect().await?;
        match command.unwrap_or(&Command::Run) {
            Command::Run => {
                let ran = migrate::run(conn).await?;
                let text = match ran.as_slice() {
                    [] => "The database is up to date.".to_owned(),
                    ran => format!("Ran {}.", ran.join(", ")),
                };
                output.say(text, &json!({ "ran": ran }))
            }
            Command::Status => {
                let states = migrate::status(conn).await?;
                let line = |state: &migrate::MigrationState| {
                    format!("{}  {}", if state.applied { "applied" } else { "missing" }, state.name)
                };
                let text = states.iter().map(line).collect::<Vec<_>>().join("\n");
                output.say(text, &json!({ "migrations": states }))
            }
            Command::Revert { yes: false } => Err(Failure::new(
                "what the newest migration's tables hold would be lost; `masthead backup FILE` saves it, and `--yes` goes on",
            )),
            Command::Revert { yes: true } => {
                let version = migrate::revert(conn).await?;
                let text = match &version {
                    Some(version) => format!("Took back {version}."),
                    None => "No migration has been run.".to_owned(),
                };
                output.say(text, &json!({ "reverted": version }))
            }
        }
    })
}
