//! What stands around comments and moderators need to know: articles, parents, names, what else an author wrote.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::{case_when, count_star};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::comments::CommentRow;
use crate::db::schema::{api_keys, articles, comments, published_articles, sections, site, users};
use crate::db::{Connection, Result};
use crate::domain::article_path::Addressed;
use crate::domain::comment::CommentStatus;

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

/// The names of these API keys.
///
/// # Errors
/// When the database fails.
pub async fn keys(conn: &mut Connection, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = api_keys::table
        .filter(api_keys::id.eq_any(ids))
        .select((api_keys::id, api_keys::name))
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
