//! Comments as moderators see them: all of them, with what it takes to decide.

mod around;
mod author;
mod changed;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

pub use around::{CommentedArticle, article_ids, articles, by_id, histories, keys, moderators};
pub use author::{AuthorOf, author_of};
use changed::{Condition, changed_by};

use super::comment_threads::Position;
use super::comments::CommentRow;
use super::schema::comments;
use super::{Connection, Result};
use crate::domain::comment::{CommentAction, CommentQueue, CommentStatus};

/// Which comments are asked for. What is `None` asks for nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The pile that they lie in.
    pub queue: Option<CommentQueue>,
    pub statuses: Option<Vec<CommentStatus>>,
    pub articles: Option<Vec<Uuid>>,
    /// By this author.
    pub author: Option<AuthorOf>,
    /// Those alone that this would bring elsewhere.
    pub changed_by: Option<CommentAction>,
    /// At this instant or after it.
    pub created_after: Option<DateTime<Utc>>,
    /// A part of the name, in any case.
    pub author_name: Option<String>,
    /// A part of the text, in any case.
    pub q: Option<String>,
    pub newest_first: bool,
}

impl Filter {
    /// Whether texts have to be read to know what is asked for: no index helps with that.
    #[must_use]
    pub fn reads_texts(&self) -> bool {
        self.author_name.is_some() || self.q.is_some()
    }
}

/// The stretch of a list that a page may be read from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stretch {
    /// Behind this place.
    pub after: Option<Position>,
    /// To this place and no further.
    pub until: Option<Position>,
}

type Query<'a> = comments::BoxedQuery<'a, Pg>;

/// What an index finds.
fn found<'a>(filter: &'a Filter, stretch: Stretch) -> Query<'a> {
    let mut query = comments::table.into_boxed();
    if let Some(queue) = filter.queue {
        query = query.filter(comments::queue.eq(queue));
    }
    // One value is asked for as such: the index then answers in order.
    query = match filter.statuses.as_deref() {
        Some([status]) => query.filter(comments::status.eq(status)),
        Some(statuses) => query.filter(comments::status.eq_any(statuses)),
        None => query,
    };
    query = match filter.articles.as_deref() {
        Some([article]) => query.filter(comments::article_id.eq(article)),
        Some(articles) => query.filter(comments::article_id.eq_any(articles)),
        None => query,
    };
    if let Some(author) = &filter.author {
        query = query.filter(author.wrote());
    }
    if let Some(at) = filter.created_after {
        query = query.filter(comments::created_at.ge(at));
    }
    // Each bound is said twice: the index finds the place by the first, the second settles the neighbours.
    if let Some((at, id)) = stretch.after {
        query = if filter.newest_first {
            let beyond = comments::created_at.lt(at).or(comments::id.lt(id));
            query.filter(comments::created_at.le(at)).filter(beyond)
        } else {
            let beyond = comments::created_at.gt(at).or(comments::id.gt(id));
            query.filter(comments::created_at.ge(at)).filter(beyond)
        };
    }
    if let Some((at, id)) = stretch.until {
        query = if filter.newest_first {
            let within = comments::created_at.gt(at).or(comments::id.ge(id));
            query.filter(comments::created_at.ge(at)).filter(within)
        } else {
            let within = comments::created_at.lt(at).or(comments::id.le(id));
            query.filter(comments::created_at.le(at)).filter(within)
        };
    }
    query
}

/// What is asked for, whatever the texts say.
fn placed<'a>(filter: &'a Filter, stretch: Stretch) -> Query<'a> {
    let query = found(filter, stretch);
    match filter.changed_by {
        Some(action) => query.filter(changed_by(action)),
        None => query,
    }
}

/// What is asked for.
fn asked<'a>(filter: &'a Filter, stretch: Stretch) -> Query<'a> {
    let mut query = placed(filter, stretch);
    if let Some(part) = &filter.author_name {
        query = query.filter(comments::author_name.ilike(containing(part)));
    }
    if let Some(part) = &filter.q {
        query = query.filter(comments::body.ilike(containing(part)));
    }
    query
}

fn ordered<'a>(filter: &Filter, query: Query<'a>) -> Query<'a> {
    if filter.newest_first {
        query.order((comments::created_at.desc(), comments::id.desc()))
    } else {
        query.order((comments::created_at, comments::id))
    }
}

/// The pattern of texts that contain `part`, taken as it is written.
fn containing(part: &str) -> String {
    let escaped = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// A page of them.
///
/// # Errors
/// When the database fails.
pub async fn list(conn: &mut Connection, filter: &Filter, stretch: Stretch, limit: i64) -> Result<Vec<CommentRow>> {
    ordered(filter, asked(filter, stretch))
        .select(CommentRow::as_select())
        .limit(limit)
        .load(conn)
        .await
}

/// How many entries of an index are read at most, for each comment that a text is looked for in.
const PASSED_OVER: i64 = 20;

/// Where the stretch behind `after` ends that holds `entries` comments, whatever their texts; none when there are fewer.
///
/// # Errors
/// When the database fails.
pub async fn end_of_stretch(
    conn: &mut Connection,
    filter: &Filter,
    after: Option<Position>,
    entries: i64,
) -> Result<Option<Position>> {
    let stretch = Stretch { after, until: None };
    if filter.changed_by.is_none() {
        return at(conn, filter, found(filter, stretch), entries).await;
    }
    // What would not change is passed over, but not without end.
    let until = at(conn, filter, found(filter, stretch), entries * PASSED_OVER).await?;
    let stretch = Stretch { after, until };
    let end = at(conn, filter, placed(filter, stretch), entries).await?;
    Ok(end.or(until))
}

/// The place of the comment with this number, counted from 1.
async fn at(conn: &mut Connection, filter: &Filter, query: Query<'_>, number: i64) -> Result<Option<Position>> {
    ordered(filter, query)
        .select((comments::created_at, comments::id))
        .offset(number - 1)
        .first(conn)
        .await
        .optional()
}

/// How many there are in a stretch, counted to `max`.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut Connection, filter: &Filter, stretch: Stretch, max: i64) -> Result<i64> {
    // Whether there are so many is known after so many entries of an index; only fewer are counted.
    let last = asked(filter, stretch).select(comments::id).offset(max - 1);
    match last.first::<Uuid>(conn).await.optional()? {
        Some(_) => Ok(max),
        None => asked(filter, stretch).count().get_result(conn).await,
    }
}

/// Since when the comment waits that lies longest in a pile.
///
/// # Errors
/// When the database fails.
pub async fn oldest(conn: &mut Connection, queue: CommentQueue) -> Result<Option<DateTime<Utc>>> {
    comments::table
        .filter(comments::queue.eq(queue))
        .order((comments::created_at, comments::id))
        .select(comments::created_at)
        .first(conn)
        .await
        .optional()
}
