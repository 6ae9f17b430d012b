//! The command line. One file a command in `cli/`, with its arguments and a `run`; one line each in [`Command`].
//!
//! A command writes its result to standard output (one JSON document with `--json`), everything else to standard
//! error, and ends with 0, or with the status of its [`Failure`]: 1 when it failed, 3 when a setting is wrong. 2 is a
//! wrong command line.

mod database;
mod failure;
mod keeper;
mod output;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::telemetry;

pub use failure::Failure;
pub use output::Output;

#[derive(Parser)]
#[command(name = "masthead", version, about, arg_required_else_help = true)]
struct Arguments {
    /// Print results and errors as JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The database that the settings name.
    #[command(subcommand)]
    Database(database::Command),
    /// Keeps the private PostgreSQL; started by Masthead itself.
    #[command(hide = true)]
    Keeper(keeper::Arguments),
}

/// Runs the command that the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    let Arguments { json, command } = Arguments::parse();
    let output = Output::new(json);
    let result = match command {
        Command::Database(command) => database::run(&command, output),
        Command::Keeper(arguments) => return keeper::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => output.fail(&failure),
    }
}

/// The settings, with logging started as they say.
fn settings() -> Result<Config, Failure> {
    let config = Config::from_process()?;
    telemetry::init(&config.log)?;
    Ok(config)
}
