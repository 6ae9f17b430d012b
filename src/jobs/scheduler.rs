//! Publishes and unpublishes what is due.

use std::time::Duration;

use tokio::sync::watch;

use super::Trouble;
use crate::clock::Clock;
use crate::db::Pool;
use crate::domain::body::BodyRules;
use crate::newsroom::{self, Ran};

/// How long a thing can be due before it is noticed.
const LOOK: Duration = Duration::from_millis(250);
/// How long to wait for a database that is away.
const AWAY: Duration = Duration::from_secs(2);

/// Does one due thing after the other until it is told to stop.
pub(super) async fn run(pool: Pool, clock: Clock, rules: BodyRules, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let wait = match one(&pool, &clock, &rules).await {
            Ok(Ran::Done | Ran::Postponed | Ran::Failed) => continue,
            Ok(Ran::Nothing) => LOOK,
            Err(error) => {
                tracing::warn!(%error, "the schedule cannot be read; trying again");
                AWAY
            }
        };
        // Either end of the channel is the same news: it is time to stop.
        if tokio::time::timeout(wait, stopped.changed()).await.is_ok() {
            break;
        }
    }
}

async fn one(pool: &Pool, clock: &Clock, rules: &BodyRules) -> Result<Ran, Trouble> {
    Ok(newsroom::run_next(&mut *pool.get().await?, clock, rules).await?)
}
