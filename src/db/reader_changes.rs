//! What changed for readers, as triggers note it down: whoever writes, even psql, cannot forget to.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{reader_changes, site};
use super::{Connection, Result};

diesel::table! {
    /// A view of one row: which transactions have ended at this moment, and how far the write-ahead log reaches.
    reader_snapshot (next) {
        oldest -> Int8,
        next -> Int8,
        running -> Array<Int8>,
        position -> Int8,
    }
}

/// Which transactions had ended at one moment: those below `next` that are not among `running`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = reader_snapshot, check_for_backend(diesel::pg::Pg))]
pub struct Snapshot {
    /// All below have ended.
    pub oldest: i64,
    pub next: i64,
    pub running: Vec<i64>,
}

impl Snapshot {
    /// Whether this transaction had ended. (A database that was restored from a dump may hold rows of transactions that are
    /// yet to come.)
    fn has_ended(&self, xid: i64) -> bool {
        xid < self.next && !self.running.contains(&xid)
    }
}

/// What one look found.
#[derive(Clone, Debug)]
pub struct Look {
    /// The moment of this look; the next one goes on from here.
    pub snapshot: Snapshot,
    pub tags: Vec<String>,
    /// A database that has replayed its log up to here shows all that this look found.
    pub position: i64,
}

/// This moment.
///
/// # Errors
/// When the database fails.
pub async fn snapshot(conn: &mut Connection) -> Result<Snapshot> {
    reader_snapshot::table.select(Snapshot::as_select()).first(conn).await
}

/// How far the log reaches: on a replica how far it was replayed.
///
/// # Errors
/// When the database fails.
pub async fn position(conn: &mut Connection) -> Result<i64> {
    reader_snapshot::table
        .select(reader_snapshot::position)
        .first(conn)
        .await
}

/// The changes of those transactions that had not ended at `seen` and have now: each is found once, however long its
/// transaction was open.
///
/// # Errors
/// When the database fails.
pub async fn since(conn: &mut Connection, seen: &Snapshot) -> Result<Look> {
    let (snapshot, position): (Snapshot, i64) = reader_snapshot::table
        .select((Snapshot::as_select(), reader_snapshot::position))
        .first(conn)
        .await?;
    let later = reader_changes::xid.ge(seen.next);
    let ended = reader_changes::xid.eq_any(&seen.running);
    let told: Vec<(i64, String)> = reader_changes::table
        .filter(later.or(ended))
        .select((reader_changes::xid, reader_changes::tag))
        .load(conn)
        .await?;
    // Asked in one statement, both would be planned each time. What ended between the two the next look finds.
    let tags = told.into_iter().filter(|(xid, _)| snapshot.has_ended(*xid));
    Ok(Look {
        tags: tags.map(|(_, tag)| tag).collect(),
        snapshot,
        position,
    })
}

/// Forgets the changes of the transactions below this one.
///
/// # Errors
/// When the database fails.
pub async fn forget(conn: &mut Connection, below: i64) -> Result<usize> {
    diesel::delete(reader_changes::table.filter(reader_changes::xid.lt(below)))
        .execute(conn)
        .await
}

/// Forgets every change and notes that anything may have changed: the numbers of another database's transactions mean nothing
/// here.
///
/// # Errors
/// When the database fails.
pub async fn start_over(conn: &mut Connection) -> Result<()> {
    diesel::delete(reader_changes::table).execute(conn).await?;
    // Whoever touches the site changes every page.
    diesel::update(site::table)
        .set(site::version.eq(site::version))
        .execute(conn)
        .await
        .map(drop)
}
