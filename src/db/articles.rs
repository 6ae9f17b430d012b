//! Articles on the desk: identity and state. Their content lives in revisions.

mod list;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;

pub use list::{ArticleFilter, ArticlePosition, ArticleSort, count, list};

use super::kept::KeptDsl;
use super::revisions::RevisionRow;
use super::schema::{articles, public_slugs, revisions};
use super::{Connection, Result};
use crate::domain::comments_policy::CommentsPolicy;
use crate::domain::ownership::Owners;
use crate::domain::workflow::{ArticleStage, ArticleStatus, State};

/// An article.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = articles, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ArticleRow {
    pub id: Uuid,
    pub slug: String,
    pub status: ArticleStatus,
    pub trashed_from: Option<ArticleStatus>,
    pub stage: Option<ArticleStage>,
    pub version: i32,
    pub revision: i32,
    pub published_revision: Option<i32>,
    pub submitted_revision: Option<i32>,
    // What the newest revision refers to, as it is by now: no part of a fingerprint, because merging a tag changes it.
    #[serde(skip)]
    pub section_id: Option<Uuid>,
    #[serde(skip)]
    pub tag_ids: Vec<Uuid>,
    #[serde(skip)]
    pub author_ids: Vec<Uuid>,
    pub title: String,
    pub breaking_until: Option<DateTime<Utc>>,
    pub featured: bool,
    pub comments_policy: CommentsPolicy,
    pub assignee_id: Option<Uuid>,
    pub publish_at: Option<DateTime<Utc>>,
    pub unpublish_at: Option<DateTime<Utc>>,
    pub embargo_until: Option<DateTime<Utc>>,
    pub published_at: Option<DateTime<Utc>>,
    pub first_published_at: Option<DateTime<Utc>>,
    pub content_updated_at: Option<DateTime<Utc>>,
    pub created_by_id: Option<Uuid>,
    pub last_edited_by_id: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ArticleRow {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        State {
            status: self.status,
            stage: self.stage,
            trashed_from: self.trashed_from,
        }
    }

    /// Whose own it is.
    #[must_use]
    pub fn owners(&self) -> Owners {
        Owners {
            created_by: self.created_by_id,
            assignee: self.assignee_id,
        }
    }

    /// Whether readers see another revision than the newest.
    #[must_use]
    pub fn has_unpublished_changes(&self) -> bool {
        self.published_revision
            .is_some_and(|published| published != self.revision)
    }
}

/// An article's names.
#[derive(Clone, Debug, Queryable)]
pub struct ArticleName {
    pub id: Uuid,
    pub slug: String,
    pub title: String,
}

/// The article and its newest revision.
///
/// # Errors
/// When the database fails.
pub async fn find_with_head(conn: &mut Connection, id: Uuid) -> Result<Option<(ArticleRow, RevisionRow)>> {
    let newest = revisions::article_id
        .eq(articles::id)
        .and(revisions::number.eq(articles::revision));
    articles::table
        .inner_join(revisions::table.on(newest))
        .filter(articles::id.eq(id))
        .select((ArticleRow::as_select(), RevisionRow::as_select()))
        .first(conn)
        .await
        .optional()
}

/// The article, which nobody else changes until this transaction ends. (Comments on it are still taken: a plain
/// `FOR UPDATE` would stop them at their foreign key.)
///
/// # Errors
/// When the database fails.
pub async fn lock(mut conn: &Connection, id: Uuid) -> Result<Option<ArticleRow>> {
    articles::table
        .find(id)
        .select(ArticleRow::as_select())
        .for_no_key_update()
        .first(&mut conn)
        .await
        .optional()
}

/// Writes a new article, unless another has its slug. Answers whether it was written.
///
/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut Connection, article: &ArticleRow) -> Result<bool> {
    let written = diesel::insert_into(articles::table)
        .values(article)
        .on_conflict(articles::slug)
        .do_nothing()
        .execute(conn);
    Ok(written.await? == 1)
}

/// # Errors
/// When the slug is taken or the database fails.
pub async fn update(mut conn: &Connection, article: &ArticleRow) -> Result<()> {
    diesel::update(articles::table.find(article.id))
        .set(article)
        .kept()
        .execute(&mut conn)
        .await
        .map(drop)
}

/// Erases an article with its revisions and comments.
///
/// # Errors
/// When the database fails.
pub async fn delete(conn: &mut Connection, id: Uuid) -> Result<()> {
    diesel::delete(articles::table.find(id)).execute(conn).await.map(drop)
}

/// Which of these slugs articles other than `own` have, or once had before readers.
///
/// # Errors
/// When the database fails.
pub async fn taken_slugs(conn: &mut Connection, slugs: &[String], own: Option<Uuid>) -> Result<Vec<String>> {
    let own = own.unwrap_or_default();
    let on_the_desk = articles::table
        .filter(articles::slug.eq_any(slugs))
        .filter(articles::id.ne(own))
        .select(articles::slug);
    let before_readers = public_slugs::table
        .filter(public_slugs::slug.eq_any(slugs))
        .filter(public_slugs::article_id.is_distinct_from(own))
        .select(public_slugs::slug);
    on_the_desk.union_all(before_readers).load(conn).await
}

/// The articles with these ids or slugs, trashed ones too; only those in `sections`, if there is such a limit.
///
/// # Errors
/// When the database fails.
pub async fn named(
    mut conn: &Connection,
    ids: &[Uuid],
    slugs: &[String],
    sections: Option<&[Uuid]>,
) -> Result<Vec<ArticleName>> {
    if ids.is_empty() && slugs.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = articles::table
        .filter(articles::id.eq_any(ids).or(articles::slug.eq_any(slugs)))
        .select((articles::id, articles::slug, articles::title))
        .into_boxed();
    if let Some(sections) = sections {
        query = query.filter(articles::section_id.eq_any(sections));
    }
    query.load(&mut conn).await
}

/// The article whose working slug this is.
///
/// # Errors
/// When the database fails.
pub async fn find_by_slug(conn: &mut Connection, slug: &str) -> Result<Option<ArticleRow>> {
    articles::table
        .filter(articles::slug.eq(slug))
        .select(ArticleRow::as_select())
        .first(conn)
        .await
        .optional()
}
