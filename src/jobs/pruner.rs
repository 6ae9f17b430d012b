//! Tidies up once a night, on one node of all.

use std::time::Duration;

use tokio::sync::watch;

use super::{Night, Trouble};
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
pub(super) async fn run(pool: Pool, clock: Clock, night: Night, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match once(&pool, &clock, night).await {
            Ok(Some(pruned)) => tracing::info!(
                revisions = pruned.revisions,
                answers = pruned.answers,
                preview_links = pruned.preview_links,
                addresses = pruned.addresses,
                "old drafts were pruned"
            ),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "old drafts cannot be pruned; trying again after the next night"),
        }
        // Either end of the channel is the same news: it is time to stop.
        if tokio::time::timeout(LOOK, stopped.changed()).await.is_ok() {
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
