//! Why articles were killed, and what readers are told.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::{kills, public_slugs, users};
use super::{Connection, Result};

/// A kill.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = kills, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct KillRow {
    pub article_id: Uuid,
    /// For the desk.
    pub reason: String,
    /// For readers.
    pub notice: String,
    pub killed_by_id: Option<Uuid>,
    pub killed_at: DateTime<Utc>,
}

/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut Connection, kill: &KillRow) -> Result<()> {
    diesel::insert_into(kills::table)
        .values(kill)
        .execute(conn)
        .await
        .map(drop)
}

/// # Errors
/// When the database fails.
pub async fn delete(conn: &mut Connection, article: Uuid) -> Result<()> {
    diesel::delete(kills::table.find(article)).execute(conn).await.map(drop)
}

/// The kill of an article, with the name of who did it.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Connection, article: Uuid) -> Result<Option<(KillRow, Option<String>)>> {
    kills::table
        .left_join(users::table)
        .filter(kills::article_id.eq(article))
        .select((KillRow::as_select(), users::name.nullable()))
        .first(conn)
        .await
        .optional()
}

/// What readers are told of the killed article with this id, if they ever had it.
///
/// # Errors
/// When the database fails.
pub async fn notice(mut conn: &Connection, article: Uuid) -> Result<Option<String>> {
    let seen = public_slugs::table.filter(public_slugs::article_id.eq(article));
    kills::table
        .find(article)
        .filter(diesel::dsl::exists(seen))
        .select(kills::notice)
        .first(&mut conn)
        .await
        .optional()
}

/// The killed article that has or had this slug, and what readers are told of it.
///
/// # Errors
/// When the database fails.
pub async fn notice_at(mut conn: &Connection, slug: &str) -> Result<Option<(Uuid, String)>> {
    kills::table
        .inner_join(public_slugs::table.on(public_slugs::article_id.eq(kills::article_id.nullable())))
        .filter(public_slugs::slug.eq(slug))
        .select((kills::article_id, kills::notice))
        .first(&mut conn)
        .await
        .optional()
}
