//! Tidies up once a night, on one node of all.

use std::time::Duration;

use super::{Night, Tools, Trouble};
use crate::clock::Clock;
use crate::db::{self, Pool};
use crate::domain::actor::Act;
use crate::domain::retention::last_night;
use crate::newsroom::{self, Pruned};

/// How often the time is looked at.
const LOOK: Duration = Duration::from_secs(300);
/// What is noted when it is done.
const MARKER: &str = "pruned";

/// Tidies up after each night, also one that nobody was awake in, until it is told to stop.
pub(super) async fn run(mut tools: Tools, night: Night) {
    while !*tools.stopped.borrow() {
        match once(&tools.pool, &tools.clock, night).await {
            Ok(Some(pruned)) => tracing::info!(
                revisions = pruned.revisions,
                answers = pruned.answers,
                preview_links = pruned.preview_links,
                addresses = pruned.addresses,
                "old drafts were pruned"
            ),
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, "old drafts cannot be pruned; trying again after the next night");
                tools.failed("pruner");
            }
        }
        if tools.rest(LOOK).await {
            break;
        }
    }
}

/// Tidies up unless that was done since last night.
async fn once(pool: &Pool, clock: &Clock, night: Night) -> Result<Option<Pruned>, Trouble> {
    let mut conn = pool.get().await?;
    let now = db::time::agreed(&mut conn, clock).await?;
    if !db::markers::claim(&mut conn, MARKER, now, last_night(now, night.timezone)).await? {
        return Ok(None);
    }
    Ok(Some(
        newsroom::prune(&mut conn, &Act::system(now), night.addresses, false).await?,
    ))
}
