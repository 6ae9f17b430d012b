//! Comments as moderators see them: all of them, oldest first, with what it takes to decide.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::count_star;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::comments::CommentRow;
use super::schema::{articles, comments, published_articles, sections, users};
use super::{Connection, Result};
use crate::domain::comment::CommentStatus;

/// Which comments are asked for. What is empty asks for nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub statuses: Vec<CommentStatus>,
    pub articles: Option<Vec<Uuid>>,
    /// A part of the name, in any case.
    pub author_name: Option<String>,
    /// A part of the text, in any case.
    pub q: Option<String>,
    /// At this instant or after it.
    pub created_after: Option<DateTime<Utc>>,
}

type Query<'a> = comments::BoxedQuery<'a, Pg>;

fn filtered(filter: &Filter) -> Query<'_> {
    let mut query = comments::table.into_boxed();
    if !filter.statuses.is_empty() {
        query = query.filter(comments::status.eq_any(&filter.statuses));
    }
    if let Some(articles) = &filter.articles {
        query = query.filter(comments::article_id.eq_any(articles));
    }
    if let Some(part) = &filter.author_name {
        query = query.filter(comments::author_name.ilike(containing(part)));
    }
    if let Some(part) = &filter.q {
        query = query.filter(comments::body.ilike(containing(part)));
    }
    if let Some(at) = filter.created_after {
        query = query.filter(comments::created_at.ge(at));
    }
    query
}

/// The pattern of texts that contain `part`, taken as it is written.
fn containing(part: &str) -> String {
    let escaped = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// A page of them, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut Connection,
    filter: &Filter,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<CommentRow>> {
    let mut query = filtered(filter);
    if let Some((at, id)) = after {
        let beyond = comments::created_at.gt(at).or(comments::id.gt(id));
        query = query.filter(comments::created_at.ge(at)).filter(beyond);
    }
    query
        .select(CommentRow::as_select())
        .order((comments::created_at, comments::id))
        .limit(limit)
        .load(conn)
        .await
}

/// How many there are, counted to `max`.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut Connection, filter: &Filter, max: i64) -> Result<i64> {
    let counted = filtered(filter).select(comments::id).limit(max);
    comments::table
        .filter(comments::id.eq_any(counted))
        .count()
        .get_result(conn)
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
    /// Slug and path of its section.
    pub section: Option<(String, String)>,
}

/// The articles with these ids.
///
/// # Errors
/// When the database fails.
pub async fn articles(conn: &mut Connection, ids: &[Uuid]) -> Result<HashMap<Uuid, CommentedArticle>> {
    let rows: Vec<CommentedArticle> = articles::table
        .left_join(published_articles::table)
        .left_join(sections::table.on(articles::section_id.eq(sections::id.nullable())))
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

/// How many comments of each of these authors stand where, by the hash of their e-mail address.
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
