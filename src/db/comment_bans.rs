//! Who may not comment, as keyed hashes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;

use super::comment_threads::Position;
use super::schema::{comment_bans, users};
use super::{Connection, Result};
use crate::domain::comment_rules::BanKind;

/// A ban.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = comment_bans, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct BanRow {
    pub id: Uuid,
    pub kind: BanKind,
    #[serde(skip)]
    pub hash: Vec<u8>,
    pub note: Option<String>,
    pub created_at: DateTime<Utc>,
    pub created_by_id: Option<Uuid>,
    /// Never, for some e-mail addresses.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Bans that hold, newest first, each with the name of who wrote it.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut Connection,
    now: DateTime<Utc>,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<(BanRow, Option<String>)>> {
    let mut page = comment_bans::table
        .left_join(users::table)
        .filter(comment_bans::expires_at.is_null().or(comment_bans::expires_at.gt(now)))
        .order((comment_bans::created_at.desc(), comment_bans::id.desc()))
        .limit(limit)
        .select((BanRow::as_select(), users::name.nullable()))
        .into_boxed();
    if let Some((at, id)) = after {
        let beyond = comment_bans::created_at.lt(at).or(comment_bans::id.lt(id));
        page = page.filter(comment_bans::created_at.le(at)).filter(beyond);
    }
    page.load(conn).await
}

/// A ban, with the name of who wrote it.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Connection, id: Uuid) -> Result<Option<(BanRow, Option<String>)>> {
    comment_bans::table
        .left_join(users::table)
        .filter(comment_bans::id.eq(id))
        .select((BanRow::as_select(), users::name.nullable()))
        .first(conn)
        .await
        .optional()
}

/// The ban by this hash, whether it holds or not.
///
/// # Errors
/// When the database fails.
pub async fn by_hash(conn: &mut Connection, hash: &[u8]) -> Result<Option<BanRow>> {
    comment_bans::table
        .filter(comment_bans::hash.eq(hash))
        .select(BanRow::as_select())
        .first(conn)
        .await
        .optional()
}

/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut Connection, row: &BanRow) -> Result<()> {
    diesel::insert_into(comment_bans::table)
        .values(row)
        .execute(conn)
        .await
        .map(drop)
}

/// # Errors
/// When the database fails.
pub async fn delete(conn: &mut Connection, id: Uuid) -> Result<()> {
    diesel::delete(comment_bans::table.find(id))
        .execute(conn)
        .await
        .map(drop)
}

/// How many bans have ended.
///
/// # Errors
/// When the database fails.
pub async fn count_ended(conn: &mut Connection, now: DateTime<Utc>) -> Result<usize> {
    let ended: i64 = comment_bans::table
        .filter(comment_bans::expires_at.le(now))
        .count()
        .get_result(conn)
        .await?;
    Ok(usize::try_from(ended).unwrap_or(usize::MAX))
}

/// Takes away bans that have ended.
///
/// # Errors
/// When the database fails.
pub async fn forget_ended(conn: &mut Connection, now: DateTime<Utc>) -> Result<usize> {
    diesel::delete(comment_bans::table.filter(comment_bans::expires_at.le(now)))
        .execute(conn)
        .await
}
