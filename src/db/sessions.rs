//! Sign-ins, each with its refresh tokens.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::{sessions, users};
use super::users::UserRow;
use super::{Connection, Result};

/// The user of a session that has neither ended nor expired, unless that user is disabled.
///
/// # Errors
/// When the database fails.
pub async fn find_live_user(
    conn: &mut Connection,
    session: Uuid,
    user: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<UserRow>> {
    sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(session))
        .filter(users::id.eq(user))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .filter(users::disabled_at.is_null())
        .select(UserRow::as_select())
        .first(conn)
        .await
        .optional()
}

/// Writes a new session.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut Connection,
    id: Uuid,
    user: Uuid,
    user_agent: Option<&str>,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(id),
            sessions::user_id.eq(user),
            sessions::user_agent.eq(user_agent),
            sessions::created_at.eq(now),
            sessions::last_used_at.eq(now),
            sessions::expires_at.eq(expires_at),
        ))
        .execute(conn)
        .await
        .map(drop)
}
