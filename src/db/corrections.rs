//! Public notes that say what was wrong with an article.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Record, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::refs::SectionName;
use super::schema::{corrections, published_articles, sections, site};
use super::{Connection, Result};
use crate::domain::correction::{Correction, CorrectionKind};

/// A note.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = corrections, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct CorrectionRow {
    pub id: Uuid,
    pub article_id: Uuid,
    pub kind: CorrectionKind,
    pub text: String,
    pub published_at: DateTime<Utc>,
    pub created_by_id: Option<Uuid>,
    pub updated_at: DateTime<Utc>,
}

impl From<CorrectionRow> for Correction {
    fn from(row: CorrectionRow) -> Self {
        let CorrectionRow {
            id,
            kind,
            text,
            published_at,
            ..
        } = row;
        Self {
            id,
            kind,
            text,
            published_at,
        }
    }
}

/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut Connection, correction: &CorrectionRow) -> Result<()> {
    diesel::insert_into(corrections::table)
        .values(correction)
        .execute(conn)
        .await
        .map(drop)
}

/// # Errors
/// When the database fails.
pub async fn update(conn: &mut Connection, correction: &CorrectionRow) -> Result<()> {
    diesel::update(corrections::table.find(correction.id))
        .set(correction)
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// # Errors
/// When the database fails.
pub async fn delete(conn: &mut Connection, id: Uuid) -> Result<()> {
    diesel::delete(corrections::table.find(id))
        .execute(conn)
        .await
        .map(drop)
}

/// The notes on an article, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_article(mut conn: &Connection, article: Uuid) -> Result<Vec<CorrectionRow>> {
    corrections::table
        .filter(corrections::article_id.eq(article))
        .order((corrections::published_at, corrections::id))
        .select(CorrectionRow::as_select())
        .load(&mut conn)
        .await
}

/// Which notes are asked for.
#[derive(Clone, Debug, Default)]
pub struct CorrectionFilter {
    pub kind: Option<CorrectionKind>,
    pub published_after: Option<DateTime<Utc>>,
    pub published_before: Option<DateTime<Utc>>,
}

/// Where a page of notes ends.
pub type Position = (DateTime<Utc>, Uuid);

/// A note, and where its article is found.
#[derive(Clone, Debug, Queryable)]
pub struct PublicCorrection {
    pub correction: CorrectionRow,
    pub slug: String,
    pub title: String,
    /// The article's date line.
    pub published_at: DateTime<Utc>,
    pub section: Option<SectionName>,
    pub timezone: Option<String>,
}

/// The notes on articles that readers have, newest first.
///
/// # Errors
/// When the database fails.
pub async fn public(
    mut conn: &Connection,
    filter: &CorrectionFilter,
    after: Option<&Position>,
    fetch: i64,
) -> Result<Vec<PublicCorrection>> {
    let mut query = corrections::table
        .inner_join(published_articles::table.on(published_articles::id.eq(corrections::article_id)))
        .left_join(sections::table.on(published_articles::section_id.eq(sections::id.nullable())))
        .inner_join(site::table.on(site::id.eq(1)))
        .order((corrections::published_at.desc(), corrections::id.desc()))
        .limit(fetch)
        .select((
            CorrectionRow::as_select(),
            published_articles::slug,
            published_articles::title,
            published_articles::published_at,
            Option::<SectionName>::as_select(),
            site::timezone,
        ))
        .into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(corrections::kind.eq(kind));
    }
    if let Some(at) = filter.published_after {
        query = query.filter(corrections::published_at.ge(at));
    }
    if let Some(at) = filter.published_before {
        query = query.filter(corrections::published_at.lt(at));
    }
    if let Some(after) = after {
        let newest = (corrections::published_at, corrections::id).into_sql::<Record<(Timestamptz, SqlUuid)>>();
        query = query.filter(newest.lt(*after));
    }
    query.load(&mut conn).await
}
