//! The command line. One file a command in `cli/`, with its arguments and a `run`; one line each in `Command`.
//!
//! A command writes its result to standard output (one JSON document with `--json`), everything else to standard
//! error, and ends with 0, or with the status of its [`Failure`]: 1 when it failed, 3 when a setting is wrong. 2 is a
//! wrong command line.

mod backup;
mod database;
mod demo;
mod doctor;
mod failure;
mod keeper;
mod migrate;
mod open;
mod openapi;
mod output;
mod privacy;
mod prune;
mod serve;
mod user;

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
    /// Start the server: the database, its tables, the demo in development, then listen.
    Serve(serve::Arguments),
    /// Bring the database's tables up to date.
    Migrate {
        #[command(subcommand)]
        command: Option<migrate::Command>,
    },
    /// Make and manage accounts.
    #[command(subcommand)]
    User(user::Command),
    /// Write the whole database to a file.
    Backup(backup::BackupArguments),
    /// Read the whole database from a file, and end what must not live again.
    Restore(backup::RestoreArguments),
    /// The demonstration newsroom, in development.
    #[command(subcommand)]
    Demo(demo::Command),
    /// Take away old drafts, kept answers and ended links, as the server does every night.
    Prune(prune::Arguments),
    /// What a person may ask for: to see what is kept of them, and to have it erased.
    #[command(subcommand)]
    Privacy(privacy::Command),
    /// Look at this installation and say how to mend what is wrong.
    Doctor,
    /// The database that the settings name.
    #[command(subcommand)]
    Database(database::Command),
    /// Keeps the private PostgreSQL; started by Masthead itself.
    #[command(hide = true)]
    Keeper(keeper::Arguments),
    /// The API document (OpenAPI 3.1).
    Openapi(openapi::Arguments),
}

/// Runs the command that the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    let Arguments { json, command } = Arguments::parse();
    let output = Output::new(json);
    let result = match command {
        Command::Serve(arguments) => serve::run(&arguments, output),
        Command::Migrate { command } => migrate::run(command.as_ref(), output),
        Command::User(command) => user::run(command, output),
        Command::Backup(arguments) => backup::backup(&arguments, output),
        Command::Restore(arguments) => backup::restore(&arguments, output),
        Command::Demo(command) => demo::run(&command, output),
        Command::Prune(arguments) => prune::run(&arguments, output),
        Command::Privacy(command) => privacy::run(command, output),
        Command::Doctor => doctor::run(output),
        Command::Database(command) => database::run(&command, output),
        Command::Keeper(arguments) => return keeper::run(&arguments),
        Command::Openapi(arguments) => openapi::run(&arguments, output),
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
