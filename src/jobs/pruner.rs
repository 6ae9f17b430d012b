//! Tidies up once a night, on one node of all.

use std::time::Duration;

use chrono::TimeDelta;

use super::{Job, Night, Tools, Trouble};
use crate::db;
use crate::domain::actor::Act;
use crate::domain::retention::last_night;
use crate::newsroom;

/// How often the time is looked at.
const LOOK: Duration = Duration::from_secs(300);
/// For how long nobody else begins.
const TURN: TimeDelta = TimeDelta::minutes(15);
/// What is noted when somebody begins, and when it is done: who fails in between has done nothing.
const BEGUN: &str = "pruning";
const DONE: &str = "pruned";

/// Tidies up after each night, also one that nobody was awake in.
pub(super) struct Pruner {
    pub night: Night,
}

impl Job for Pruner {
    const NAME: &'static str = "pruner";
    const AGAIN: Duration = LOOK;

    async fn once(&self, tools: &Tools) -> Result<Duration, Trouble> {
        let mut conn = tools.pool.get().await?;
        let now = db::time::agreed(&mut conn, &tools.clock).await?;
        let since = last_night(now, self.night.timezone);
        if db::markers::is_set_since(&mut conn, DONE, since).await?
            || !db::markers::claim(&mut conn, BEGUN, now, now - TURN).await?
        {
            return Ok(LOOK);
        }
        let pruned = newsroom::prune(&mut conn, &Act::system(now), self.night.addresses, false).await?;
        db::markers::claim(&mut conn, DONE, now, now).await?;
        tracing::info!(?pruned, "what nobody needs any more was pruned");
        Ok(LOOK)
    }
}
