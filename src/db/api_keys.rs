//! API keys: what they are known by, what they may do, and until when.

use std::fmt;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::{api_keys, users};
use super::{Connection, Result};
use crate::domain::permission::Scope;

/// A key.
#[derive(Clone, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = api_keys, check_for_backend(Pg))]
pub struct ApiKeyRow {
    pub id: Uuid,
    pub prefix: String,
    #[serde(skip)]
    pub secret_hash: Vec<u8>,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub section_ids: Option<Vec<Uuid>>,
    pub version: i32,
    pub created_by_id: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    // No part of a fingerprint: it is no change that anybody makes.
    #[serde(skip)]
    pub last_used_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

impl ApiKeyRow {
    /// Whether its time is over.
    #[must_use]
    pub fn has_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

/// Never prints the hash.
impl fmt::Debug for ApiKeyRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKeyRow({}, v{})", self.id, self.version)
    }
}

/// A key with the name of who made it.
pub type NamedKey = (ApiKeyRow, Option<String>);

/// Where a page of the list ends.
pub type Position = (DateTime<Utc>, Uuid);

/// Which keys a list shows.
#[derive(Clone, Debug, Default)]
pub struct ApiKeyFilter {
    /// What the name begins with, in any case.
    pub q: Option<String>,
    pub revoked: Option<bool>,
    pub created_by: Option<Uuid>,
}

/// The key with this prefix, revoked or not.
///
/// # Errors
/// When the database fails.
pub async fn find_by_prefix(conn: &mut Connection, prefix: &str) -> Result<Option<ApiKeyRow>> {
    api_keys::table
        .filter(api_keys::prefix.eq(prefix))
        .select(ApiKeyRow::as_select())
        .first(conn)
        .await
        .optional()
}

/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Connection, id: Uuid) -> Result<Option<NamedKey>> {
    api_keys::table
        .left_join(users::table)
        .filter(api_keys::id.eq(id))
        .select((ApiKeyRow::as_select(), users::name.nullable()))
        .first(conn)
        .await
        .optional()
}

/// The key with this id, locked.
///
/// # Errors
/// When the database fails.
pub async fn lock(conn: &mut Connection, id: Uuid) -> Result<Option<ApiKeyRow>> {
    api_keys::table
        .find(id)
        .select(ApiKeyRow::as_select())
        .for_no_key_update()
        .first(conn)
        .await
        .optional()
}

/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut Connection, key: &ApiKeyRow) -> Result<()> {
    diesel::insert_into(api_keys::table)
        .values(key)
        .execute(conn)
        .await
        .map(drop)
}

/// Writes what was changed; when it was last used is noted by [`touch`] alone.
///
/// # Errors
/// When the database fails.
pub async fn update(conn: &mut Connection, key: &ApiKeyRow) -> Result<()> {
    diesel::update(api_keys::table.find(key.id))
        .set((
            api_keys::name.eq(&key.name),
            api_keys::scopes.eq(&key.scopes),
            api_keys::section_ids.eq(&key.section_ids),
            api_keys::version.eq(key.version),
            api_keys::updated_at.eq(key.updated_at),
            api_keys::expires_at.eq(key.expires_at),
            api_keys::revoked_at.eq(key.revoked_at),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Revokes every key that is not revoked yet. Answers how many.
///
/// # Errors
/// When the database fails.
pub async fn revoke_all(conn: &mut Connection, now: DateTime<Utc>) -> Result<usize> {
    diesel::update(api_keys::table.filter(api_keys::revoked_at.is_null()))
        .set((
            api_keys::revoked_at.eq(now),
            api_keys::updated_at.eq(now),
            api_keys::version.eq(api_keys::version + 1),
        ))
        .execute(conn)
        .await
}

/// Notes that a key was used, unless that was noted since `before`.
///
/// # Errors
/// When the database fails.
pub async fn touch(conn: &mut Connection, id: Uuid, now: DateTime<Utc>, before: DateTime<Utc>) -> Result<()> {
    let is_old = api_keys::last_used_at.is_null().or(api_keys::last_used_at.le(before));
    diesel::update(api_keys::table.filter(api_keys::id.eq(id)).filter(is_old))
        .set(api_keys::last_used_at.eq(now))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// Keys after a position, newest first, `limit` at most.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut Connection,
    filter: &ApiKeyFilter,
    after: Option<&Position>,
    limit: i64,
) -> Result<Vec<NamedKey>> {
    let mut page = api_keys::table
        .left_join(users::table)
        .order((api_keys::created_at.desc(), api_keys::id.desc()))
        .limit(limit)
        .select((ApiKeyRow::as_select(), users::name.nullable()))
        .into_boxed();
    if let Some(q) = &filter.q {
        page = page.filter(api_keys::name.ilike(super::like::prefix(q)));
    }
    page = match filter.revoked {
        None => page,
        Some(true) => page.filter(api_keys::revoked_at.is_not_null()),
        Some(false) => page.filter(api_keys::revoked_at.is_null()),
    };
    if let Some(user) = filter.created_by {
        page = page.filter(api_keys::created_by_id.eq(user));
    }
    if let Some((at, id)) = after {
        let beyond = api_keys::created_at.lt(*at).or(api_keys::id.lt(*id));
        page = page.filter(api_keys::created_at.le(*at)).filter(beyond);
    }
    page.load(conn).await
}
