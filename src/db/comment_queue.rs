//! Comments as moderators see them: all of them, with what it takes to decide.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::{case_when, count_star};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::comment_threads::Position;
use super::comments::CommentRow;
use super::schema::{articles, comments, published_articles, sections, site, users};
use super::{Connection, Result};
use crate::domain::article_path::Addressed;
use crate::domain::comment::{CommentQueue, CommentStatus};

/// Which comments are asked for. What is `None` asks for nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The pile that they lie in.
    pub queue: Option<CommentQueue>,
    pub statuses: Option<Vec<CommentStatus>>,
    pub articles: Option<Vec<Uuid>>,
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

/// What is asked for.
fn asked<'a>(filter: &'a Filter, stretch: Stretch) -> Query<'a> {
    let mut query = found(filter, stretch);
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
    ordered(filter, found(filter, stretch))
        .select((comments::created_at, comments::id))
        .offset(entries - 1)
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

/// The articles that these ids and slugs name, on the desk or before readers.
///
/// # Errors
/// When the database fails.
pub async fn article_ids(conn: &mut Connection, ids: &[Uuid], slugs: &[String]) -> Result<Vec<Uuid>> {
    articles::table
        .left_join(published_articles::table)
        .filter(
            articles::id
                .eq_any(ids)
                .or(articles::slug.eq_any(slugs))
                .or(published_articles::slug.eq_any(slugs)),
        )
        .select(articles::id)
        .load(conn)
        .await
}

/// An article, as a moderator needs to know it: as readers see it, or else as the desk last had it.
#[derive(Clone, Debug, Queryable)]
pub struct CommentedArticle {
    pub id: Uuid,
    pub desk_slug: String,
    pub desk_title: String,
    pub slug: Option<String>,
    pub title: Option<String>,
    /// The date line.
    pub published_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    /// Slug and path of its section: of the one that readers find it in, once they do.
    pub section: Option<(String, String)>,
    /// The site's time zone, if the site says.
    pub timezone: Option<String>,
}

impl CommentedArticle {
    /// What its address is made of.
    #[must_use]
    pub fn addressed(&self) -> Addressed<'_> {
        Addressed {
            id: self.id,
            slug: self.slug.as_ref().unwrap_or(&self.desk_slug),
            section: self.section.as_ref().map(|(slug, path)| (slug.as_str(), path.as_str())),
            published_at: self.published_at.unwrap_or(self.created_at),
        }
    }
}

/// The articles with these ids.
///
/// # Errors
/// When the database fails.
pub async fn articles(conn: &mut Connection, ids: &[Uuid]) -> Result<HashMap<Uuid, CommentedArticle>> {
    let is_published = published_articles::id.nullable().is_not_null();
    let section =
        case_when(is_published, published_articles::section_id.nullable()).otherwise(articles::section_id.nullable());
    let rows: Vec<CommentedArticle> = articles::table
        .left_join(published_articles::table)
        .left_join(sections::table.on(section.eq(sections::id.nullable())))
        .inner_join(site::table.on(site::id.eq(1)))
        .filter(articles::id.eq_any(ids))
        .select((
            articles::id,
            articles::slug,
            articles::title,
            published_articles::slug.nullable(),
            published_articles::title.nullable(),
            articles::published_at,
            articles::created_at,
            (sections::slug, sections::path).nullable(),
            site::timezone,
        ))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The comments with these ids.
///
/// # Errors
/// When the database fails.
pub async fn by_id(conn: &mut Connection, ids: &[Uuid]) -> Result<HashMap<Uuid, CommentRow>> {
    let rows: Vec<CommentRow> = comments::table
        .filter(comments::id.eq_any(ids))
        .select(CommentRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The names of these accounts.
///
/// # Errors
/// When the database fails.
pub async fn moderators(conn: &mut Connection, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Uuid, String)> = users::table
        .filter(users::id.eq_any(ids))
        .select((users::id, users::name))
        .load(conn)
        .await?;
    Ok(rows.into_iter().collect())
}

/// How many comments of these authors stand where, by the hash of their e-mail address.
///
/// # Errors
/// When the database fails.
pub async fn histories(conn: &mut Connection, hashes: &[&[u8]]) -> Result<Vec<(Option<Vec<u8>>, CommentStatus, i64)>> {
    comments::table
        .filter(comments::author_email_hash.eq_any(hashes))
        .group_by((comments::author_email_hash, comments::status))
        .select((comments::author_email_hash, comments::status, count_star()))
        .load(conn)
        .await
}
