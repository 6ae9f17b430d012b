//! Deciding on many comments at once.

use std::collections::HashMap;

use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::verbs::CommentRejection;
use crate::api::extract::{Json, Once};
use crate::api::page::{Cursors, MAX_TOTAL, Window};
use crate::api::response::Reply;
use crate::auth::Guard;
use crate::auth::guard::ModerateComments;
use crate::db::comment_queue::{self, Filter, Stretch};
use crate::db::comment_threads::Position;
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
/// In how many comments that would change a text is looked for.
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
    /// Where a filter goes on: the `next_cursor` of the call before, which had the same action and filter.
    pub cursor: Option<String>,
}

/// Which comments: those that all of this is true of and that the action would bring elsewhere. At least one thing must be
/// said.
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
    /// By the author of this comment: of the same account, or else from the same e-mail address, or else from the same
    /// address while that is kept. When nothing is known of its author, the comment alone.
    pub author_of: Option<Uuid>,
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
    /// How many comments were named, or are found by the filter and would change, counted to 10,000: from `cursor` on.
    #[schema(minimum = 0, maximum = 10000)]
    pub matched: i64,
    /// Whether there may be more than that, behind those that one call looks at.
    pub matched_capped: bool,
    /// How many stand elsewhere now; in a dry run, how many of those below would.
    #[schema(value_type = i64, minimum = 0)]
    pub changed: usize,
    /// One entry for each comment that was looked at: the newest 500 that the filter finds.
    pub results: Vec<CommentBulkEntry>,
    /// Where to go on: send the same again with this as `cursor`. `null` when no other comment is meant.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// Decide on many comments
///
/// Those with `ids`, or the newest 500 that `filter` finds and the action would change. While there is a `next_cursor`, send
/// the same again with it as `cursor`: one call looks for a text in the newest 5,000 comments that would change, and the
/// cursor goes on behind them. With `dry_run` it tells how many there are and what would become of them, and changes
/// nothing. Each is decided on by itself: one that cannot be is told in `results`, and the others go on.
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
    cursors: web::Data<Cursors>,
    body: Json<CommentBulk>,
    once: Once,
) -> Result<Reply<CommentBulkResult>> {
    let (dry_run, cursor) = (body.0.dry_run, body.0.cursor.clone());
    let (which, ruling) = body.0.check()?;
    let scope = which.scope(&ruling);
    let after = Window::<Position>::read(&cursors, scope.clone(), None, cursor.as_deref())?.after;
    let mut conn = guard.connect().await?;
    // What is kept of the answer are ids and where they stand: nothing of anybody's words.
    once.answer(&mut conn, &guard.act, async |conn| {
        let found = which.find(conn, &ruling, after).await?;
        let mut results = match dry_run {
            true => found.rows.iter().map(|row| foretell(row, ruling.action())).collect(),
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
            matched: found.matched,
            matched_capped: found.in_part,
            changed,
            results,
            next_cursor: found.next.map(|next| cursors.seal(&scope, &next)),
        }))
    })
    .await
}

/// Which comments are meant.
enum Which {
    Ids(Vec<Uuid>),
    /// And by whose author, by one of their comments.
    Filter(Filter, Option<Uuid>),
}

/// The comments that are looked at, of how many.
#[derive(Default)]
struct Found {
    rows: Vec<CommentRow>,
    missing: Vec<Uuid>,
    matched: i64,
    /// Whether there are comments further on that were not looked at.
    in_part: bool,
    /// Behind what the others are that are meant.
    next: Option<Position>,
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
        if self.ids.is_some() && self.cursor.is_some() {
            let message = "belongs to a filter; `ids` are done in one call";
            check.refuse(FieldError::field("/cursor", "not_with_ids", message));
        }
        if let Some(ids) = &self.ids {
            check.at_most("/ids", ids, MAX_IDS);
            if ids.is_empty() {
                check.refuse(FieldError::field("/ids", "too_few", "must name a comment"));
            }
        }
        let which = match (self.ids, self.filter) {
            (Some(ids), None) => Some(Which::Ids(ids)),
            (None, Some(filter)) => {
                let author_of = filter.author_of;
                Some(Which::Filter(filter.check(&mut check), author_of))
            }
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
            author: None,
            changed_by: None,
            created_after: self.created_after.map(|at| at.0),
            author_name: check.optional_line("/filter/author_name", self.author_name.as_deref(), MAX_SOUGHT),
            q: check.optional_line("/filter/q", self.q.as_deref(), MAX_SOUGHT),
            newest_first: true,
        };
        let says_something = filter.queue.is_some()
            || self.author_of.is_some()
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
    /// What a cursor belongs to.
    fn scope(&self, ruling: &Ruling) -> String {
        match self {
            Self::Ids(_) => String::new(),
            Self::Filter(filter, author_of) => {
                format!("desk/comments/bulk {} {filter:?} {author_of:?}", ruling.action())
            }
        }
    }

    async fn find(&self, conn: &mut Connection, ruling: &Ruling, after: Option<Position>) -> Result<Found> {
        match self {
            Self::Ids(ids) => named(conn, ids).await,
            Self::Filter(filter, author_of) => {
                let author = match author_of {
                    Some(comment) => Some(comment_queue::author_of(conn, *comment).await?),
                    None => None,
                };
                let filter = Filter {
                    author,
                    // What stands there already uses up nobody's call.
                    changed_by: Some(ruling.action()),
                    ..filter.clone()
                };
                sought(conn, &filter, after).await
            }
        }
    }
}

/// The comments with these ids.
async fn named(conn: &mut Connection, ids: &[Uuid]) -> Result<Found> {
    let mut known: HashMap<Uuid, CommentRow> = comment_queue::by_id(conn, ids).await?;
    let mut found = Found::default();
    let mut named = ids.to_vec();
    named.sort_unstable();
    named.dedup();
    for id in named {
        match known.remove(&id) {
            Some(row) => found.rows.push(row),
            None => found.missing.push(id),
        }
    }
    found.matched = i64::try_from(found.rows.len()).unwrap_or(i64::MAX);
    Ok(found)
}

/// The first comments behind `after` that a filter finds.
async fn sought(conn: &mut Connection, filter: &Filter, after: Option<Position>) -> Result<Found> {
    let most = if filter.reads_texts() { READ_AT_MOST } else { MAX_TOTAL };
    let until = comment_queue::end_of_stretch(conn, filter, after, most).await?;
    let stretch = Stretch { after, until };
    let mut rows = comment_queue::list(conn, filter, stretch, AT_ONCE + 1).await?;
    let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > AT_ONCE;
    if more {
        rows.pop();
    }
    let last = rows.last().map(|row| (row.created_at, row.id));
    Ok(Found {
        missing: Vec::new(),
        matched: comment_queue::count(conn, filter, stretch, MAX_TOTAL).await?,
        in_part: until.is_some(),
        next: last.filter(|_| more).or(until),
        rows,
    })
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
