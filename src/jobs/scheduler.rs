//! Publishes and unpublishes what is due.

use std::time::Duration;

use super::{Job, Tools, Trouble};
use crate::domain::body::BodyRules;
use crate::newsroom::{self, Ran};

/// How long a thing can be due before it is noticed.
const LOOK: Duration = Duration::from_millis(250);

/// Does one due thing after the other.
pub(super) struct Scheduler {
    pub rules: BodyRules,
}

impl Job for Scheduler {
    const NAME: &'static str = "scheduler";
    /// The database is away.
    const AGAIN: Duration = Duration::from_secs(2);

    async fn once(&self, tools: &Tools) -> Result<Duration, Trouble> {
        let turn = newsroom::run_next(&mut *tools.pool.get().await?, &tools.clock, &self.rules).await?;
        let outcome = match turn.ran {
            Ran::Nothing => return Ok(LOOK),
            Ran::Done => "done",
            Ran::Postponed => "postponed",
            Ran::Failed => "failed",
        };
        tools.metrics.schedule.count(outcome);
        if turn.ran == Ran::Done {
            tools.metrics.lateness.observe(turn.late.to_std().unwrap_or_default());
        }
        Ok(Duration::ZERO)
    }
}
