//! `masthead keeper`: the process that keeps the private PostgreSQL. Started by [`crate::cluster`], never by hand.

use std::process::ExitCode;

use crate::cluster::{self, Job};

/// Its orders.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    job: Job,
}

/// Keeps PostgreSQL until the owner ends. It reads no settings and has told its owner what went wrong.
pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match cluster::keep(&arguments.job) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_reported) => ExitCode::FAILURE,
    }
}
