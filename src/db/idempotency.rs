//! Answers that are given again when the same request comes twice.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::idempotency_keys;
use super::{Connection, Result};

diesel::define_sql_function! {
    #[sql_name = "pg_advisory_xact_lock"]
    fn lock_key(key: BigInt) -> Bool
}

/// A request's key, and the answer that it got.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = idempotency_keys, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct KeptRow {
    pub owner: String,
    pub route: String,
    pub key: String,
    pub request_hash: Vec<u8>,
    pub status: i32,
    pub headers: Value,
    pub body: Vec<u8>,
    pub created_at: DateTime<Utc>,
    /// The comments that it tells of.
    pub comment_ids: Vec<Uuid>,
}

impl KeptRow {
    /// Whether the answer is taken away, and its key alone is left. (What was asked for has no hash of no bytes.)
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.request_hash.is_empty()
    }
}

/// Waits until nobody else answers a request with this number, and keeps them waiting until this transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn enter(conn: &mut Connection, number: i64) -> Result<()> {
    diesel::select(lock_key(number)).execute(conn).await.map(drop)
}

/// The answer kept after `since`.
///
/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut Connection,
    owner: &str,
    route: &str,
    key: &str,
    since: DateTime<Utc>,
) -> Result<Option<KeptRow>> {
    idempotency_keys::table
        .find((owner, route, key))
        .filter(idempotency_keys::created_at.gt(since))
        .select(KeptRow::as_select())
        .first(conn)
        .await
        .optional()
}

/// Keeps an answer, in place of one that is too old.
///
/// # Errors
/// When the database fails.
pub async fn put(conn: &mut Connection, kept: &KeptRow) -> Result<()> {
    diesel::insert_into(idempotency_keys::table)
        .values(kept)
        .on_conflict((idempotency_keys::owner, idempotency_keys::route, idempotency_keys::key))
        .do_update()
        .set(kept)
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// Takes away every answer that tells of this comment, and the hash of what was asked: their keys stay, so that nothing is
/// done again that was done once.
///
/// # Errors
/// When the database fails.
pub async fn spend(conn: &mut Connection, comment: Uuid) -> Result<()> {
    let telling = idempotency_keys::table.filter(idempotency_keys::comment_ids.contains(vec![comment]));
    diesel::update(telling)
        .set((
            idempotency_keys::request_hash.eq(Vec::new()),
            idempotency_keys::headers.eq(json!([])),
            idempotency_keys::body.eq(Vec::new()),
            idempotency_keys::comment_ids.eq(Vec::<Uuid>::new()),
        ))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// Forgets everything that one caller was answered.
///
/// # Errors
/// When the database fails.
pub async fn forget_caller(conn: &mut Connection, owner: &str) -> Result<()> {
    diesel::delete(idempotency_keys::table.filter(idempotency_keys::owner.eq(owner)))
        .execute(conn)
        .await
        .map(drop)
}

/// Forgets the answers kept until then; counts them.
///
/// # Errors
/// When the database fails.
pub async fn forget(conn: &mut Connection, until: DateTime<Utc>) -> Result<usize> {
    let old = idempotency_keys::table.filter(idempotency_keys::created_at.le(until));
    diesel::delete(old).execute(conn).await
}

/// How many answers were kept until then.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut Connection, until: DateTime<Utc>) -> Result<usize> {
    let old = idempotency_keys::table.filter(idempotency_keys::created_at.le(until));
    let counted: i64 = old.count().get_result(conn).await?;
    Ok(usize::try_from(counted).unwrap_or(usize::MAX))
}
