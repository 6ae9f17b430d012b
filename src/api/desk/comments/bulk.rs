//! Deciding on many comments at once.

mod which;

use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::verbs::CommentRejection;
use crate::api::extract::{Json, Once};
use crate::api::page::{Cursors, Window};
use crate::api::response::Reply;
use crate::auth::Guard;
use crate::auth::guard::ModerateComments;
use crate::db::comment_threads::Position;
use crate::db::comments::CommentRow;
use crate::domain::check::{Check, FieldError};
use crate::domain::comment::{CommentAction, CommentStatus, RejectionReason};
use crate::domain::text_enum;
use crate::error::{Error, Result};
use crate::newsroom::{self, Ruled, Ruling};
use which::{CommentBulkFilter, Which};

/// The most ids of one call.
const MAX_IDS: usize = 200;

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
