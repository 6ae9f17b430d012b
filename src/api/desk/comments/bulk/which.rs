//! Which comments one decision is for.

use std::collections::HashMap;

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::page::MAX_TOTAL;
use crate::db::Connection;
use crate::db::comment_queue::{self, Filter, Stretch};
use crate::db::comment_threads::Position;
use crate::db::comments::CommentRow;
use crate::domain::check::{Check, FieldError};
use crate::domain::comment::{CommentQueue, CommentStatus};
use crate::domain::instant::Instant;
use crate::error::Result;
use crate::newsroom::Ruling;

/// The most comments that one call decides on by a filter.
const AT_ONCE: i64 = 500;
/// In how many comments that would change a text is looked for.
const READ_AT_MOST: i64 = 5000;
/// The longest text to look for, in characters.
const MAX_SOUGHT: usize = 100;

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

/// Which comments are meant.
pub enum Which {
    Ids(Vec<Uuid>),
    /// And by whose author, by one of their comments.
    Filter(Filter, Option<Uuid>),
}

/// The comments that are looked at, of how many.
#[derive(Default)]
pub struct Found {
    pub rows: Vec<CommentRow>,
    pub missing: Vec<Uuid>,
    pub matched: i64,
    /// Whether there are comments further on that were not looked at.
    pub in_part: bool,
    /// Behind what the others are that are meant.
    pub next: Option<Position>,
}

impl CommentBulkFilter {
    /// The filter, checked; what is not accepted is noted.
    pub fn check(self, check: &mut Check) -> Filter {
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
    pub fn scope(&self, ruling: &Ruling) -> String {
        match self {
            Self::Ids(_) => String::new(),
            Self::Filter(filter, author_of) => {
                format!("desk/comments/bulk {} {filter:?} {author_of:?}", ruling.action())
            }
        }
    }

    /// The comments that are looked at now.
    pub async fn find(&self, conn: &mut Connection, ruling: &Ruling, after: Option<Position>) -> Result<Found> {
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
