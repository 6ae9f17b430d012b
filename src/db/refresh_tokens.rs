//! The refresh tokens of each session, as hashes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::refresh_tokens;
use super::{Connection, Result};

/// A refresh token that was given out.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_tokens, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct RefreshTokenRow {
    pub token_hash: Vec<u8>,
    pub session_id: Uuid,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
}

/// The token with this hash.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Connection, hash: &[u8]) -> Result<Option<RefreshTokenRow>> {
    refresh_tokens::table
        .find(hash)
        .select(RefreshTokenRow::as_select())
        .first(conn)
        .await
        .optional()
}

/// The one of these that was given out and is not used yet.
///
/// # Errors
/// When the database fails.
pub async fn find_unused(conn: &mut Connection, hashes: &[Vec<u8>]) -> Result<Option<RefreshTokenRow>> {
    refresh_tokens::table
        .filter(refresh_tokens::token_hash.eq_any(hashes))
        .filter(refresh_tokens::used_at.is_null())
        .select(RefreshTokenRow::as_select())
        .first(conn)
        .await
        .optional()
}

/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut Connection, token: &RefreshTokenRow) -> Result<()> {
    diesel::insert_into(refresh_tokens::table)
        .values(token)
        .execute(conn)
        .await
        .map(drop)
}

/// Notes that a token was exchanged for its successor.
///
/// # Errors
/// When the database fails.
pub async fn mark_used(conn: &mut Connection, hash: &[u8], now: DateTime<Utc>) -> Result<()> {
    diesel::update(refresh_tokens::table.find(hash))
        .set(refresh_tokens::used_at.eq(now))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// Forgets the tokens of a session that are refused for their age alone.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(conn: &mut Connection, session: Uuid, now: DateTime<Utc>) -> Result<()> {
    diesel::delete(
        refresh_tokens::table
            .filter(refresh_tokens::session_id.eq(session))
            .filter(refresh_tokens::expires_at.le(now)),
    )
    .execute(conn)
    .await
    .map(drop)
}
