//! Do what was planned, once it is due.
//!
//! One thing is one transaction: it claims the thing with its article, does it and takes it off the schedule. A node that
//! dies leaves all as it was, and another does it. Only the database's clock counts, so no node is early.

use chrono::{DateTime, TimeDelta, Utc};
use diesel_async::AsyncConnection;
use serde_json::json;

use super::entry::Entry;
use super::go_live::{GoLive, go_live};
use super::withdraw::withdraw;
use super::{Refusal, Result};
use crate::clock::Clock;
use crate::db::articles::ArticleRow;
use crate::db::schedule::PlannedRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::body::BodyRules;
use crate::domain::plan::PlannedAction;
use crate::domain::workflow::ArticleVerb;

/// What became of one thing that was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ran {
    /// Nothing is due, or others are at it.
    Nothing,
    Done,
    /// An embargo that was set since holds it back until it ends.
    Postponed,
    /// It could not be done; it says why, and will be tried again.
    Failed,
}

/// What was done, and how late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    pub ran: Ran,
    /// Since it was due.
    pub late: TimeDelta,
}

/// The first wait after a failure; each further one is twice as long, up to an hour.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);
const MAX_DOUBLINGS: i32 = 7;

/// Does the thing that has waited longest.
///
/// # Errors
/// When the database fails; nothing has changed then.
pub async fn run_next(conn: &mut Connection, clock: &Clock, rules: &BodyRules) -> Result<Turn> {
    conn.transaction(async |conn| {
        // First, as in every change that puts articles on lists: nobody must wait for it who holds a row.
        db::taxonomy_gate::enter(conn).await?;
        let now = db::time::agreed(conn, clock).await?;
        let Some((planned, article)) = db::schedule::claim(conn, now).await? else {
            return Ok(Turn {
                ran: Ran::Nothing,
                late: TimeDelta::zero(),
            });
        };
        let (act, late) = (Act::system(now), now - planned.due_at);
        // Of a refusal only what was done meanwhile is taken back, not the claim.
        let tried = conn.transaction(async |conn| run(conn, &act, rules, &planned, article).await);
        let ran = match tried.await {
            Ok(ran) => ran,
            Err(Refusal::Database(error)) => return Err(error.into()),
            Err(refusal) => {
                let why: String = refusal.to_string().chars().take(500).collect();
                db::schedule::failed(conn, &planned, &why, again(&planned, now)).await?;
                Ran::Failed
            }
        };
        Ok(Turn { ran, late })
    })
    .await
}

fn again(planned: &PlannedRow, now: DateTime<Utc>) -> DateTime<Utc> {
    let wait = FIRST_WAIT * 2_i32.pow(planned.attempts.clamp(0, MAX_DOUBLINGS).unsigned_abs());
    now + wait.min(TimeDelta::hours(1))
}

async fn run(
    conn: &mut Connection,
    act: &Act,
    rules: &BodyRules,
    planned: &PlannedRow,
    mut article: ArticleRow,
) -> Result<Ran> {
    let impossible = || Refusal::Conflict(format!("the article is {} by now", article.status));
    match planned.action {
        PlannedAction::Publish => {
            if let Some(until) = article.embargo_until.filter(|until| *until > act.now) {
                let mut entry = Entry::begin("postpone_article", &article);
                db::schedule::postpone(conn, article.id, planned.action, until).await?;
                article.publish_at = Some(until);
                article.version += 1;
                article.updated_at = act.now;
                db::articles::update(conn, &article).await?;
                entry.tell("publish_at", json!(until));
                entry.write(conn, act, &article).await?;
                return Ok(Ran::Postponed);
            }
            let state = article.state().after(ArticleVerb::Publish).ok_or_else(impossible)?;
            let numbers: Vec<i32> = planned.revision.into_iter().chain(article.published_revision).collect();
            let found = db::revisions::numbered(conn, article.id, &numbers).await?;
            let of = |number: Option<i32>| found.iter().find(|revision| Some(revision.number) == number);
            let live = GoLive {
                entry: Entry::begin("publish_article", &article),
                revision: of(planned.revision).ok_or(Refusal::NotFound("revision"))?,
                before: of(article.published_revision),
                date: None,
                corrections: None,
            };
            go_live(conn, act, rules, &mut article, state, live).await?;
        }
        PlannedAction::Unpublish => {
            let state = article.state().after(ArticleVerb::Unpublish).ok_or_else(impossible)?;
            let entry = Entry::begin("unpublish_article", &article);
            article.unpublish_at = None;
            db::schedule::delete(conn, article.id, &[planned.action]).await?;
            withdraw(conn, act, &mut article, state, entry).await?;
        }
    }
    Ok(Ran::Done)
}
