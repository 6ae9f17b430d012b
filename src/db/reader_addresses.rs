//! Where comments and reports were sent from: hashes, kept for a while.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::kept::KeptDsl;
use super::schema::{comment_reports, comments};
use super::{Connection, Result};

/// How many comments and reports before then still say where they were sent from.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut Connection, before: DateTime<Utc>) -> Result<usize> {
    let written: i64 = comments::table
        .filter(comments::range_hash.is_not_null())
        .filter(comments::created_at.le(before))
        .count()
        .get_result(conn)
        .await?;
    let reported: i64 = comment_reports::table
        .filter(comment_reports::reporter.is_not_null())
        .filter(comment_reports::created_at.le(before))
        .count()
        .get_result(conn)
        .await?;
    Ok(usize::try_from(written + reported).unwrap_or(usize::MAX))
}

/// Forgets where they were sent from.
///
/// # Errors
/// When the database fails.
pub async fn forget(conn: &mut Connection, before: DateTime<Utc>) -> Result<usize> {
    let written = comments::table
        .filter(comments::range_hash.is_not_null())
        .filter(comments::created_at.le(before));
    let written = diesel::update(written)
        .set((
            comments::address_hash.eq(None::<Vec<u8>>),
            comments::range_hash.eq(None::<Vec<u8>>),
        ))
        .kept()
        .execute(conn)
        .await?;
    let reported = comment_reports::table
        .filter(comment_reports::reporter.is_not_null())
        .filter(comment_reports::created_at.le(before));
    let reported = diesel::update(reported)
        .set(comment_reports::reporter.eq(None::<Vec<u8>>))
        .kept()
        .execute(conn)
        .await?;
    Ok(written + reported)
}
