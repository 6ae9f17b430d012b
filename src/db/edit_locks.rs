//! Who asks others not to edit an article, and until when.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::{edit_locks, users};
use super::{Connection, Result};

/// A lock on an article.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = edit_locks, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct EditLockRow {
    pub article_id: Uuid,
    pub user_id: Uuid,
    pub acquired_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// A lock with the name of its owner.
#[derive(Clone, Debug, Queryable)]
pub struct HeldLock {
    pub lock: EditLockRow,
    pub owner: String,
}

/// The locks on these articles that have not expired.
///
/// # Errors
/// When the database fails.
pub async fn held(mut conn: &Connection, articles: &[Uuid], now: DateTime<Utc>) -> Result<Vec<HeldLock>> {
    edit_locks::table
        .inner_join(users::table)
        .filter(edit_locks::article_id.eq_any(articles))
        .filter(edit_locks::expires_at.gt(now))
        .select((EditLockRow::as_select(), users::name))
        .load(&mut conn)
        .await
}

/// Puts this lock in place of whatever there is.
///
/// # Errors
/// When the database fails.
pub async fn put(conn: &mut Connection, lock: &EditLockRow) -> Result<()> {
    diesel::insert_into(edit_locks::table)
        .values(lock)
        .on_conflict(edit_locks::article_id)
        .do_update()
        .set(lock)
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// # Errors
/// When the database fails.
pub async fn delete(conn: &mut Connection, article: Uuid) -> Result<()> {
    diesel::delete(edit_locks::table.find(article))
        .execute(conn)
        .await
        .map(drop)
}
