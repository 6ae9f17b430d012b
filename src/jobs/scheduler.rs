//! Publishes and unpublishes what is due.

use std::time::Duration;

use super::{Tools, Trouble};
use crate::domain::body::BodyRules;
use crate::newsroom::{self, Ran, Turn};

/// How long a thing can be due before it is noticed.
const LOOK: Duration = Duration::from_millis(250);
/// How long to wait for a database that is away.
const AWAY: Duration = Duration::from_secs(2);

/// Does one due thing after the other until it is told to stop.
pub(super) async fn run(mut tools: Tools, rules: BodyRules) {
    while !*tools.stopped.borrow() {
        let wait = match one(&tools, &rules).await {
            Ok(Turn { ran: Ran::Nothing, .. }) => LOOK,
            Ok(turn) => {
                note(&tools, turn);
                continue;
            }
            Err(error) => {
                tracing::warn!(%error, "the schedule cannot be read; trying again");
                tools.failed("scheduler");
                AWAY
            }
        };
        if tools.rest(wait).await {
            break;
        }
    }
}

async fn one(tools: &Tools, rules: &BodyRules) -> Result<Turn, Trouble> {
    let mut conn = tools.pool.get().await?;
    Ok(newsroom::run_next(&mut conn, &tools.clock, rules).await?)
}

fn note(tools: &Tools, turn: Turn) {
    let outcome = match turn.ran {
        Ran::Nothing => return,
        Ran::Done => "done",
        Ran::Postponed => "postponed",
        Ran::Failed => "failed",
    };
    tools.metrics.schedule.count(outcome);
    if turn.ran == Ran::Done {
        tools.metrics.lateness.observe(turn.late.to_std().unwrap_or_default());
    }
}
