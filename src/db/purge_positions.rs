//! Up to where each shared cache has been told what changed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::kept::KeptDsl;
use super::reader_changes::Snapshot;
use super::schema::{published_articles, purge_positions};
use super::{Connection, Result};

/// The position of a shared cache, locked; none when somebody else is telling it this moment. One that was never told
/// anything begins at `now`.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    conn: &mut Connection,
    endpoint: &str,
    begin: &Snapshot,
    now: DateTime<Utc>,
) -> Result<Option<(Snapshot, DateTime<Utc>)>> {
    diesel::insert_into(purge_positions::table)
        .values((
            purge_positions::endpoint.eq(endpoint),
            purge_positions::next.eq(begin.next),
            purge_positions::running.eq(&begin.running),
            purge_positions::at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    let found: Option<(i64, Vec<i64>, DateTime<Utc>)> = purge_positions::table
        .find(endpoint)
        .select((purge_positions::next, purge_positions::running, purge_positions::at))
        .for_update()
        .skip_locked()
        .first(conn)
        .await
        .optional()?;
    Ok(found.map(|(next, running, at)| {
        let oldest = running.iter().copied().min().unwrap_or(next);
        (Snapshot { oldest, next, running }, at)
    }))
}

/// It has been told up to here.
///
/// # Errors
/// When the database fails.
pub async fn advance(conn: &mut Connection, endpoint: &str, to: &Snapshot, now: DateTime<Utc>) -> Result<()> {
    diesel::update(purge_positions::table.find(endpoint))
        .set((
            purge_positions::next.eq(to.next),
            purge_positions::running.eq(&to.running),
            purge_positions::at.eq(now),
        ))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// No shared cache has been told anything for longer than changes are kept: each is told to forget everything.
///
/// # Errors
/// When the database fails.
pub async fn start_over(conn: &mut Connection) -> Result<usize> {
    diesel::update(purge_positions::table)
        .set(purge_positions::at.eq(DateTime::UNIX_EPOCH))
        .execute(conn)
        .await
}

/// Those of these articles that are published.
///
/// # Errors
/// When the database fails.
pub async fn published(conn: &mut Connection, articles: &[uuid::Uuid]) -> Result<Vec<uuid::Uuid>> {
    published_articles::table
        .filter(published_articles::id.eq_any(articles))
        .select(published_articles::id)
        .load(conn)
        .await
}
