//! The publication log: what readers had of an article, from which instant on.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::publications;
use super::{Connection, Json, Result};
use crate::domain::content::NamedRef;
use crate::domain::correction::Correction;

/// What readers had from an instant on: a revision under the names of that time, or nothing.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = publications, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct PublicationRow {
    pub article_id: Uuid,
    /// The article's version that it made.
    pub version: i32,
    pub at: DateTime<Utc>,
    /// As the audit log names it.
    pub action: String,
    pub revision: Option<i32>,
    pub published_at: Option<DateTime<Utc>>,
    pub content_updated_at: Option<DateTime<Utc>>,
    pub section: Option<Json<NamedRef>>,
    pub tags: Json<Vec<NamedRef>>,
    pub authors: Json<Vec<NamedRef>>,
    /// The corrections that they were told of from then on; `None` where those did not change.
    pub corrections: Option<Json<Vec<Correction>>>,
}

/// # Errors
/// When the database fails.
pub async fn insert(mut conn: &Connection, publication: &PublicationRow) -> Result<()> {
    diesel::insert_into(publications::table)
        .values(publication)
        .execute(&mut conn)
        .await
        .map(drop)
}

/// What readers had at this instant, and until when; `None` when there is nothing in the log that early.
///
/// # Errors
/// When the database fails.
pub async fn at(
    conn: &mut Connection,
    article: Uuid,
    instant: DateTime<Utc>,
) -> Result<Option<(PublicationRow, Option<DateTime<Utc>>)>> {
    let of_article = publications::table.filter(publications::article_id.eq(article));
    let shown: Option<PublicationRow> = of_article
        .filter(publications::at.le(instant))
        .order((publications::at.desc(), publications::version.desc()))
        .select(PublicationRow::as_select())
        .first(conn)
        .await
        .optional()?;
    let Some(shown) = shown else { return Ok(None) };
    let until = of_article
        .filter(publications::version.gt(shown.version))
        .order(publications::version)
        .select(publications::at)
        .first(conn)
        .await
        .optional()?;
    Ok(Some((shown, until)))
}

/// The corrections that readers were told of when the article had this version.
///
/// # Errors
/// When the database fails.
pub async fn corrections_at(conn: &mut Connection, article: Uuid, version: i32) -> Result<Vec<Correction>> {
    let told: Option<Option<Json<Vec<Correction>>>> = publications::table
        .filter(publications::article_id.eq(article))
        .filter(publications::version.le(version))
        .filter(publications::corrections.is_not_null())
        .order(publications::version.desc())
        .select(publications::corrections)
        .first(conn)
        .await
        .optional()?;
    Ok(told.flatten().map(|told| told.0).unwrap_or_default())
}
