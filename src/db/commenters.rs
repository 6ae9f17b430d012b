//! Who comments: one at a time, and whether they may.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::comment_bans;
use super::{Connection, Result};
use crate::domain::comment_rules::BanKind;

diesel::define_sql_function! {
    /// Takes these locks until the transaction ends, but for those that somebody has; which ones it took.
    fn take_turns(keys: Array<BigInt>) -> Array<Bool>;
}

/// Somebody, by the hashes that their comments are found by: one under each key that is accepted.
#[derive(Clone, Copy, Debug)]
pub struct Author<'a> {
    pub user: Option<Uuid>,
    pub emails: &'a [Vec<u8>],
    pub addresses: &'a [Vec<u8>],
}

diesel::define_sql_function! {
    fn set_config(name: Text, value: Text, is_local: Bool) -> Text;
}

/// Waits no longer than a second for what others hold, until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn hurry(mut conn: &Connection) -> Result<()> {
    diesel::select(set_config("lock_timeout", "1s", true))
        .execute(&mut conn)
        .await
        .map(drop)
}

/// Takes the turns of these authors until the transaction ends; of each of their keys, whether it was free. Nobody waits.
///
/// # Errors
/// When the database fails.
pub async fn enter(mut conn: &Connection, keys: &[i64]) -> Result<Vec<bool>> {
    diesel::select(take_turns(keys)).get_result(&mut conn).await
}

/// By what somebody is banned who is known by any of these.
///
/// # Errors
/// When the database fails.
pub async fn banned(mut conn: &Connection, hashes: &[Vec<u8>], now: DateTime<Utc>) -> Result<Option<BanKind>> {
    comment_bans::table
        .filter(comment_bans::hash.eq_any(hashes))
        .filter(comment_bans::expires_at.is_null().or(comment_bans::expires_at.gt(now)))
        .select(comment_bans::kind)
        .first(&mut conn)
        .await
        .optional()
}
