//! `masthead prune`: take away what nobody needs any more, as the server does every night.

use clap::Args;

use super::open::{Database, block_on};
use super::{Failure, Output, settings};
use crate::clock::Clock;
use crate::domain::actor::Act;
use crate::newsroom::{self, Pruned};

#[derive(Args)]
pub(super) struct Arguments {
    /// Only count what would go.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let config = settings()?;
    let database = Database::open(&config.database)?;
    block_on(async {
        let mut conn = database.connect().await?;
        let act = Act::system(Clock::system().now());
        let addresses = config.comments.kept_addresses();
        let pruned = newsroom::prune(&mut conn, &act, addresses, arguments.dry_run).await?;
        output.say(told(&pruned, arguments.dry_run), &pruned)
    })
}

fn told(pruned: &Pruned, dry_run: bool) -> String {
    let Pruned {
        articles,
        revisions,
        answers,
        preview_links,
        addresses,
        bans,
        sign_ins,
    } = pruned;
    let done = if dry_run { "Would take" } else { "Took" };
    format!(
        "{done} away {revisions} revisions of {articles} articles, {answers} answers kept for repeated requests, \
         {preview_links} preview links that ended, {addresses} addresses of readers, {bans} bans that ended and {sign_ins} notes on sign-ins."
    )
}
