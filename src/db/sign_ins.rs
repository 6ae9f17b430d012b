//! Wrong passwords of the last minutes, and from where accounts were signed in to.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::{sign_in_failures, sign_in_places, users};
use super::{Connection, Result};

/// A wrong password.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = sign_in_failures, check_for_backend(diesel::pg::Pg))]
pub struct FailureRow {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub account_hash: Vec<u8>,
    pub address_hash: Vec<u8>,
    pub familiar: bool,
}

/// When wrong passwords came from the address of `next` since an instant, but for `next` itself: `most` of them, newest
/// first.
///
/// # Errors
/// When the database fails.
pub async fn failures_from(
    conn: &mut Connection,
    next: &FailureRow,
    since: DateTime<Utc>,
    most: i64,
) -> Result<Vec<DateTime<Utc>>> {
    others(next, since, most)
        .filter(sign_in_failures::address_hash.eq(&next.address_hash))
        .select(sign_in_failures::at)
        .load(conn)
        .await
}

/// When wrong passwords for the account of `next` came from where it had never been signed in to, but for `next` itself, in
/// the same way.
///
/// # Errors
/// When the database fails.
pub async fn strange_failures_of(
    conn: &mut Connection,
    next: &FailureRow,
    since: DateTime<Utc>,
    most: i64,
) -> Result<Vec<DateTime<Utc>>> {
    others(next, since, most)
        .filter(sign_in_failures::account_hash.eq(&next.account_hash))
        .filter(sign_in_failures::familiar.eq(false))
        .select(sign_in_failures::at)
        .load(conn)
        .await
}

fn others(next: &FailureRow, since: DateTime<Utc>, most: i64) -> sign_in_failures::BoxedQuery<'_, Pg> {
    sign_in_failures::table
        .filter(sign_in_failures::id.ne(next.id))
        .filter(sign_in_failures::at.gt(since))
        .order(sign_in_failures::at.desc())
        .limit(most)
        .into_boxed()
}

/// Whether the account with this e-mail address was signed in to from one of these networks.
///
/// # Errors
/// When the database fails.
pub async fn is_familiar(conn: &mut Connection, email: &str, networks: &[Vec<u8>]) -> Result<bool> {
    let places = sign_in_places::table
        .inner_join(users::table)
        .filter(users::email.eq(email))
        .filter(sign_in_places::network_hash.eq_any(networks));
    diesel::select(diesel::dsl::exists(places)).get_result(conn).await
}

/// Notes a wrong password.
///
/// # Errors
/// When the database fails.
pub async fn fail(conn: &mut Connection, failure: &FailureRow) -> Result<()> {
    diesel::insert_into(sign_in_failures::table)
        .values(failure)
        .execute(conn)
        .await
        .map(drop)
}

/// # Errors
/// When the database fails.
pub async fn take_back(conn: &mut Connection, id: Uuid) -> Result<()> {
    diesel::delete(sign_in_failures::table.find(id))
        .execute(conn)
        .await
        .map(drop)
}

/// Notes that an account was signed in to from a network.
///
/// # Errors
/// When the database fails.
pub async fn remember(conn: &mut Connection, user: Uuid, network: &[u8], now: DateTime<Utc>) -> Result<()> {
    diesel::insert_into(sign_in_places::table)
        .values((
            sign_in_places::user_id.eq(user),
            sign_in_places::network_hash.eq(network),
            sign_in_places::last_at.eq(now),
        ))
        .on_conflict((sign_in_places::user_id, sign_in_places::network_hash))
        .do_update()
        .set(sign_in_places::last_at.eq(now))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// How many wrong passwords from before an instant there are, and places from which nobody signed in since another.
///
/// # Errors
/// When the database fails.
pub async fn count_old(conn: &mut Connection, failures: DateTime<Utc>, places: DateTime<Utc>) -> Result<usize> {
    let failures = sign_in_failures::table.filter(sign_in_failures::at.lt(failures));
    let places = sign_in_places::table.filter(sign_in_places::last_at.lt(places));
    let counted: i64 = failures.count().get_result::<i64>(conn).await? + places.count().get_result::<i64>(conn).await?;
    Ok(usize::try_from(counted).unwrap_or(usize::MAX))
}

/// Takes away wrong passwords from before an instant.
///
/// # Errors
/// When the database fails.
pub async fn forget_failures(conn: &mut Connection, before: DateTime<Utc>) -> Result<usize> {
    diesel::delete(sign_in_failures::table.filter(sign_in_failures::at.lt(before)))
        .execute(conn)
        .await
}

/// Takes away places from which nobody signed in since an instant.
///
/// # Errors
/// When the database fails.
pub async fn forget_places(conn: &mut Connection, before: DateTime<Utc>) -> Result<usize> {
    diesel::delete(sign_in_places::table.filter(sign_in_places::last_at.lt(before)))
        .execute(conn)
        .await
}
