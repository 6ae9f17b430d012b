//! Links to what is not published: for which article, until when, and when they were used.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::{preview_tokens, preview_uses, users};
use super::{Connection, Result};
use crate::domain::permission::Role;

/// A preview link.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = preview_tokens, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct PreviewTokenRow {
    pub id: Uuid,
    pub article_id: Uuid,
    /// The newest one when none is named.
    pub revision: Option<i32>,
    pub created_by_id: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A preview link with how often it was used, and when last.
pub type UsedToken = (PreviewTokenRow, i64, Option<DateTime<Utc>>);

/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut Connection, token: &PreviewTokenRow) -> Result<()> {
    diesel::insert_into(preview_tokens::table)
        .values(token)
        .execute(conn)
        .await
        .map(drop)
}

/// A link, and the role that its maker has, if that is an account that can sign in.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Connection, id: Uuid) -> Result<Option<(PreviewTokenRow, Option<Role>)>> {
    let maker = preview_tokens::created_by_id.eq(users::id.nullable());
    preview_tokens::table
        .left_join(users::table.on(maker.and(users::disabled_at.is_null())))
        .filter(preview_tokens::id.eq(id))
        .select((PreviewTokenRow::as_select(), users::role.nullable()))
        .first(conn)
        .await
        .optional()
}

/// The links to an article that open something at this instant, oldest first, at most `most` of them.
///
/// # Errors
/// When the database fails.
pub async fn open(conn: &mut Connection, article: Uuid, now: DateTime<Utc>, most: i64) -> Result<Vec<UsedToken>> {
    preview_tokens::table
        .left_join(preview_uses::table)
        .filter(preview_tokens::article_id.eq(article))
        .filter(preview_tokens::expires_at.gt(now))
        .filter(preview_tokens::revoked_at.is_null())
        .group_by(preview_tokens::id)
        .order((preview_tokens::created_at, preview_tokens::id))
        .limit(most)
        .select((
            PreviewTokenRow::as_select(),
            diesel::dsl::count(preview_uses::id.nullable()),
            diesel::dsl::max(preview_uses::at.nullable()),
        ))
        .load(conn)
        .await
}

/// Ends a link to this article. Answers it, if there was one that was not ended before.
///
/// # Errors
/// When the database fails.
pub async fn revoke(
    conn: &mut Connection,
    article: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<PreviewTokenRow>> {
    let open = preview_tokens::table
        .find(id)
        .filter(preview_tokens::article_id.eq(article))
        .filter(preview_tokens::revoked_at.is_null());
    diesel::update(open)
        .set(preview_tokens::revoked_at.eq(now))
        .returning(PreviewTokenRow::as_select())
        .kept()
        .get_result(conn)
        .await
        .optional()
}

/// Ends every link that opens something at this instant, and tells how many.
///
/// # Errors
/// When the database fails.
pub async fn revoke_all(conn: &mut Connection, now: DateTime<Utc>) -> Result<usize> {
    let open = preview_tokens::table
        .filter(preview_tokens::expires_at.gt(now))
        .filter(preview_tokens::revoked_at.is_null());
    diesel::update(open)
        .set(preview_tokens::revoked_at.eq(now))
        .execute(conn)
        .await
}

/// Notes that a link was used.
///
/// # Errors
/// When the database fails.
pub async fn used(
    conn: &mut Connection,
    id: Uuid,
    token: Uuid,
    at: DateTime<Utc>,
    request: Option<&str>,
) -> Result<()> {
    diesel::insert_into(preview_uses::table)
        .values((
            preview_uses::id.eq(id),
            preview_uses::token_id.eq(token),
            preview_uses::at.eq(at),
            preview_uses::request_id.eq(request),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Forgets the links that ended by then, with their uses; counts them.
///
/// # Errors
/// When the database fails.
pub async fn forget(conn: &mut Connection, until: DateTime<Utc>) -> Result<usize> {
    let old = preview_tokens::table.filter(preview_tokens::expires_at.le(until));
    diesel::delete(old).execute(conn).await
}

/// How many links ended by then.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut Connection, until: DateTime<Utc>) -> Result<usize> {
    let old = preview_tokens::table.filter(preview_tokens::expires_at.le(until));
    let counted: i64 = old.count().get_result(conn).await?;
    Ok(usize::try_from(counted).unwrap_or(usize::MAX))
}
