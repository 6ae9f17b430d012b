//! Deciding on many comments at once.

use std::collections::HashMap;

use actix_web::post;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::verbs::CommentRejection;
use crate::api::extract::{Json, Once};
use crate::api::page::MAX_TOTAL;
use crate::api::response::Reply;
use crate::auth::Guard;
use crate::auth::guard::ModerateComments;
use crate::db::comment_queue::{self, Filter, Stretch};
use crate::db::{Connection, comments::CommentRow};
use crate::domain::check::{Check, FieldError};
use crate::domain::comment::{CommentAction, CommentQueue, CommentStatus, RejectionReason};
use crate::domain::instant::Instant;
use crate::domain::text_enum;
use crate::error::{Error, Result};
use crate::newsroom::{self, Ruled, Ruling};

/// The most ids of one call.
const MAX_IDS: usize = 200;
/// The most comments that one call decides on by a filter.
const AT_ONCE: i64 = 500;
/// How many comments are read to find a text.
const READ_AT_MOST: i64 = 5000;
/// The longest text to look for, in characters.
const MAX_SOUGHT: usize = 100;

/// One decision for many comments: those with `ids`, or those that `filter` finds.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentBulk {
    /// Anything but `update`.
    pub action: CommentAction,
    #[schema(min_items = 1, max_items = 200)]
    pub ids: Option<Vec<Uuid>>,
    pub filter: Option<CommentBulkFilter>,
    /// Whether only to tell what would happen.
    #[serde(default)]
    pub dry_run: bool,
    /// Why they are rejected; `rules` (of the house) when left out.
    #[serde(default)]
    pub reason: RejectionReason,
    /// What their authors are told beside the reason.
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

/// Which comments: those that all of this is true of. At least one thing must be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentBulkFilter {
    pub queue: Option<CommentQueue>,
    pub status: Option<CommentStatus>,
    pub article_id: Option<Uuid>,
    /// A part of the author's name, in any case.
    #[schema(max_length = 100)]
    pub author_name: Option<String>,
    /// A part of the text, in any case.
    #[schema(max_length = 100)]
    pub q: Option<String>,
    /// Written at this instant or after it.
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub created_after: Option<Instant>,
}

text_enum! {
    /// What became of one comment.
    pub enum CommentBulkOutcome {
        /// It stands elsewhere now; in a dry run, it would.
        Changed = "changed",
        /// It stood there already.
        Unchanged = "unchanged",
        /// That cannot be done to it; `detail` says why.
        Refused = "refused",
        /// There is no such comment.
        Missing = "missing",
    }
}

/// What became of one comment.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentBulkEntry {
    pub id: Uuid,
    pub outcome: CommentBulkOutcome,
    /// Where it stands now; in a dry run, where it would.
    #[schema(required)]
    pub status: Option<CommentStatus>,
    #[schema(required)]
    pub detail: Option<String>,
}

/// What became of all of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentBulkResult {
    /// How many comments were named, or are found by the filter, counted to 10,000.
    #[schema(minimum = 0, maximum = 10000)]
    pub matched: i64,
    /// Whether there are more than that.
    pub matched_capped: bool,
    /// How many stand elsewhere now; in a dry run, how many of those below would.
    #[schema(value_type = i64, minimum = 0)]
    pub changed: usize,
    /// One entry for each comment that was looked at: the first 500 that the filter finds.
    pub results: Vec<CommentBulkEntry>,
}

/// Decide on many comments
///
/// Those with `ids`, or the oldest 500 that `filter` finds; while `matched` is more, send it again. With `dry_run` it
/// tells how many there are and what would become of them, and changes nothing. Each is decided on by itself: one that
/// cannot be is told in `results`, and the others go on.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "moderate_comments",
    request_body(
        content = CommentBulk,
        example = json!({"action": "spam", "filter": {"queue": "held", "q": "toll pass"}, "dry_run": true})
    ),
    responses((status = 200, description = "What became of each.", body = CommentBulkResult))
)]
#[post("/comments/bulk")]
pub async fn moderate_comments(
    guard: Guard<ModerateComments>,
    body: Json<CommentBulk>,
    once: Once,
) -> Result<Reply<CommentBulkResult>> {
    let dry_run = body.0.dry_run;
    let (which, ruling) = body.0.check()?;
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let found = which.find(conn).await?;
        let mut results = match dry_run {
            true => found.rows.iter().map(|row| foretell(row, ruling.action)).collect(),
            false => {
                let ruled = newsroom::decide_on_comments(conn, &guard.act, &found.rows, &ruling).await?;
                ruled.into_iter().map(|(id, ruled)| tell(id, ruled)).collect::<Vec<_>>()
            }
        };
        results.extend(found.missing.into_iter().map(|id| tell(id, Ruled::Missing)));
        let changed = results
            .iter()
            .filter(|entry| entry.outcome == CommentBulkOutcome::Changed)
            .count();
        Ok(Reply::ok(CommentBulkResult {
            matched: found.matched.min(MAX_TOTAL),
            matched_capped: found.matched > MAX_TOTAL,
            changed,
            results,
        }))
    })
    .await
}

/// Which comments are meant.
enum Which {
    Ids(Vec<Uuid>),
    Filter(Filter),
}

/// The comments that are looked at, of how many.
struct Found {
    rows: Vec<CommentRow>,
    missing: Vec<Uuid>,
    matched: i64,
}

impl CommentBulk {
    fn check(self) -> Result<(Which, Ruling)> {
        let mut check = Check::new();
        if self.action == CommentAction::Update {
            let others = CommentAction::ALL
                .iter()
                .filter(|action| **action != CommentAction::Update);
            let problem = FieldError::field("/action", "not_in_bulk", "texts are changed one by one");
            check.refuse(problem.allowing(others.map(ToString::to_string)));
        }
        if let Some(ids) = &self.ids {
            check.at_most("/ids", ids, MAX_IDS);
            if ids.is_empty() {
                check.refuse(FieldError::field("/ids", "too_few", "must name a comment"));
            }
        }
        let which = match (self.ids, self.filter) {
            (Some(ids), None) => Some(Which::Ids(ids)),
            (None, Some(filter)) => Some(Which::Filter(filter.check(&mut check))),
            _ => {
                let message = "must have `ids` or `filter`, and not both";
                check.refuse(FieldError::field("", "one_of", message));
                None
            }
        };
        let rejection = CommentRejection {
            reason: self.reason,
            note: self.note,
        };
        let ruling = rejection.read(&mut check, self.action);
        check.done().map_err(Error::invalid)?;
        let which = which.ok_or_else(|| Error::invalid(Vec::new()))?;
        Ok((which, ruling))
    }
}

impl CommentBulkFilter {
    fn check(self, check: &mut Check) -> Filter {
        let filter = Filter {
            queue: self.queue.filter(|queue| *queue != CommentQueue::All),
            statuses: self.status.map(|status| vec![status]),
            articles: self.article_id.map(|article| vec![article]),
            created_after: self.created_after.map(|at| at.0),
            author_name: check.optional_line("/filter/author_name", self.author_name.as_deref(), MAX_SOUGHT),
            q: check.optional_line("/filter/q", self.q.as_deref(), MAX_SOUGHT),
            newest_first: false,
        };
        let says_something = filter.queue.is_some()
            || filter.statuses.is_some()
            || filter.articles.is_some()
            || filter.created_after.is_some()
            || filter.reads_texts();
        if !says_something {
            let message = "must say something: without it every comment would be meant";
            check.refuse(FieldError::field("/filter", "too_wide", message));
        }
        filter
    }
}

impl Which {
    async fn find(&self, conn: &mut Connection) -> Result<Found> {
        match self {
            Self::Ids(ids) => {
                let mut known: HashMap<Uuid, CommentRow> = comment_queue::by_id(conn, ids).await?;
                let (mut rows, mut missing) = (Vec::new(), Vec::new());
                let mut named = ids.clone();
                named.sort_unstable();
                named.dedup();
                for id in named {
                    match known.remove(&id) {
                        Some(row) => rows.push(row),
                        None => missing.push(id),
                    }
                }
                let matched = i64::try_from(rows.len()).unwrap_or(i64::MAX);
                Ok(Found { rows, missing, matched })
            }
            Self::Filter(filter) => {
                let until = match filter.reads_texts() {
                    true => comment_queue::end_of_stretch(conn, filter, None, READ_AT_MOST).await?,
                    false => None,
                };
                let stretch = Stretch { after: None, until };
                Ok(Found {
                    rows: comment_queue::list(conn, filter, stretch, AT_ONCE).await?,
                    missing: Vec::new(),
                    matched: comment_queue::count(conn, filter, stretch, MAX_TOTAL + 1).await?,
                })
            }
        }
    }
}

fn tell(id: Uuid, ruled: Ruled) -> CommentBulkEntry {
    let (outcome, status, detail) = match ruled {
        Ruled::Done { comment, changed: true } => (CommentBulkOutcome::Changed, Some(comment.status), None),
        Ruled::Done { comment, .. } => (CommentBulkOutcome::Unchanged, Some(comment.status), None),
        Ruled::Refused(detail) => (CommentBulkOutcome::Refused, None, Some(detail)),
        Ruled::Missing => (CommentBulkOutcome::Missing, None, None),
    };
    CommentBulkEntry {
        id,
        outcome,
        status,
        detail,
    }
}

/// What would become of a comment.
fn foretell(row: &CommentRow, action: CommentAction) -> CommentBulkEntry {
    let standing = row.standing();
    let place = standing.after(action);
    let outcome = match place {
        Some(place) if standing.changes(action, place) => CommentBulkOutcome::Changed,
        Some(_) => CommentBulkOutcome::Unchanged,
        None => CommentBulkOutcome::Refused,
    };
    CommentBulkEntry {
        id: row.id,
        outcome,
        status: place.map(|place| place.status),
        detail: place.is_none().then(|| format!("The comment is {}.", row.status)),
    }
}
