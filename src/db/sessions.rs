//! Sign-ins, each with its refresh tokens.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::{sessions, users};
use super::users::UserRow;
use super::{Connection, Result};

/// A sign-in.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = sessions, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct SessionRow {
    pub id: Uuid,
    pub user_id: Uuid,
    pub user_agent: Option<String>,
    pub created_at: DateTime<Utc>,
    pub last_used_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl SessionRow {
    /// Whether it has neither ended nor expired.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && self.expires_at > now
    }
}

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
pub async fn insert(conn: &mut Connection, session: &SessionRow) -> Result<()> {
    diesel::insert_into(sessions::table)
        .values(session)
        .execute(conn)
        .await
        .map(drop)
}

/// The session with this id, locked: of two that use the same refresh token, the second sees what the first did.
///
/// # Errors
/// When the database fails.
pub async fn lock(conn: &mut Connection, id: Uuid) -> Result<Option<SessionRow>> {
    sessions::table
        .find(id)
        .select(SessionRow::as_select())
        .for_no_key_update()
        .first(conn)
        .await
        .optional()
}

/// Live sessions of a user, newest first, after a position, `limit` at most.
///
/// # Errors
/// When the database fails.
pub async fn list_live(
    conn: &mut Connection,
    user: Uuid,
    now: DateTime<Utc>,
    after: Option<&(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<SessionRow>> {
    let mut query = live(user, now).order((sessions::created_at.desc(), sessions::id.desc()));
    if let Some((at, id)) = after {
        query = query
            .filter(sessions::created_at.le(at))
            .filter(sessions::created_at.lt(at).or(sessions::id.lt(id)));
    }
    query.limit(limit).select(SessionRow::as_select()).load(conn).await
}

/// How many live sessions a user has, counted to `most`.
///
/// # Errors
/// When the database fails.
pub async fn count_live(conn: &mut Connection, user: Uuid, now: DateTime<Utc>, most: i64) -> Result<i64> {
    let found: Vec<Uuid> = live(user, now).limit(most).select(sessions::id).load(conn).await?;
    Ok(i64::try_from(found.len()).unwrap_or(most))
}

fn live(user: Uuid, now: DateTime<Utc>) -> sessions::BoxedQuery<'static, diesel::pg::Pg> {
    sessions::table
        .filter(sessions::user_id.eq(user))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .into_boxed()
}

/// Forgets a user's sessions that ended or expired, with their refresh tokens: what they were stays in the audit log.
///
/// # Errors
/// When the database fails.
pub async fn forget_ended(conn: &mut Connection, user: Uuid, now: DateTime<Utc>) -> Result<()> {
    let over = sessions::ended_at.is_not_null().or(sessions::expires_at.le(now));
    diesel::delete(sessions::table.filter(sessions::user_id.eq(user)).filter(over))
        .execute(conn)
        .await
        .map(drop)
}

/// Notes that a session was used, which makes it last longer.
///
/// # Errors
/// When the database fails.
pub async fn touch(conn: &mut Connection, id: Uuid, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> Result<()> {
    diesel::update(sessions::table.find(id))
        .set((sessions::last_used_at.eq(now), sessions::expires_at.eq(expires_at)))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// Ends one session.
///
/// # Errors
/// When the database fails.
pub async fn end(conn: &mut Connection, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    diesel::update(sessions::table.find(id))
        .set(sessions::ended_at.eq(now))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// Ends every session of a user but `kept`, and tells how many.
///
/// # Errors
/// When the database fails.
pub async fn end_all(conn: &mut Connection, user: Uuid, kept: Option<Uuid>, now: DateTime<Utc>) -> Result<usize> {
    // No session has the nil id.
    diesel::update(
        sessions::table
            .filter(sessions::user_id.eq(user))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::id.ne(kept.unwrap_or_default())),
    )
    .set(sessions::ended_at.eq(now))
    .kept()
    .execute(conn)
    .await
}

/// Ends every session of everybody, and tells how many.
///
/// # Errors
/// When the database fails.
pub async fn end_everyones(conn: &mut Connection, now: DateTime<Utc>) -> Result<usize> {
    diesel::update(sessions::table.filter(sessions::ended_at.is_null()))
        .set(sessions::ended_at.eq(now))
        .execute(conn)
        .await
}
