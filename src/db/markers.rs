//! What has been done by itself, and when, so that it is done once: ever, or each night.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::query_dsl::methods::FilterDsl;
use diesel_async::RunQueryDsl;

use super::kept::KeptDsl;
use super::schema::markers;
use super::{Connection, Result};

/// Notes that `name` was done. Answers false when it had been noted before.
///
/// # Errors
/// When the database fails.
pub async fn set(conn: &mut Connection, name: &str, at: DateTime<Utc>) -> Result<bool> {
    let written = diesel::insert_into(markers::table)
        .values((markers::name.eq(name), markers::at.eq(at)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(written == 1)
}

/// Notes that `name` is done at `now`, unless it was noted after `since`. Answers whether it was not: of many who ask at
/// once, one is told so.
///
/// # Errors
/// When the database fails.
pub async fn claim(conn: &mut Connection, name: &str, now: DateTime<Utc>, since: DateTime<Utc>) -> Result<bool> {
    let noted = diesel::insert_into(markers::table)
        .values((markers::name.eq(name), markers::at.eq(now)))
        .on_conflict(markers::name)
        .do_update()
        .set(markers::at.eq(now));
    let noted = FilterDsl::filter(noted, markers::at.lt(since));
    Ok(noted.kept().execute(conn).await? == 1)
}

/// Whether `name` was noted at `since` or later.
///
/// # Errors
/// When the database fails.
pub async fn is_set_since(conn: &mut Connection, name: &str, since: DateTime<Utc>) -> Result<bool> {
    let noted = QueryDsl::filter(markers::table.find(name), markers::at.ge(since));
    diesel::select(diesel::dsl::exists(noted)).get_result(conn).await
}

/// Whether `name` was noted.
///
/// # Errors
/// When the database fails.
pub async fn is_set(conn: &mut Connection, name: &str) -> Result<bool> {
    diesel::select(diesel::dsl::exists(markers::table.find(name)))
        .get_result(conn)
        .await
}
