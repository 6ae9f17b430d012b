//! What changed for readers, as triggers note it down: whoever writes, even psql, cannot forget to.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Record};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join;

use super::like::prefix;
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

/// Which database this is, since it was made or came back from a copy: the numbers of transactions belong to it.
///
/// # Errors
/// When the database fails.
pub async fn incarnation(conn: &mut Connection) -> Result<String> {
    diesel::select(reader_incarnation()).get_result(conn).await
}

diesel::define_sql_function! {
    fn reader_incarnation() -> Text;
}

/// The changes of those transactions that had not ended at `seen` and have now: each is found once, however long its
/// transaction was open. More than 10,000 rows are everything: whoever reads them all is late. Not those whose tags begin like
/// one of `without`.
///
/// # Errors
/// When the database fails.
pub async fn since(conn: &mut Connection, seen: &Snapshot, without: &[&str]) -> Result<Look> {
    let (snapshot, position): (Snapshot, i64) = reader_snapshot::table
        .select((Snapshot::as_select(), reader_snapshot::position))
        .first(conn)
        .await?;
    // In the order of the key, so that no more is read than is told. Asked in one statement with the snapshot, both would be
    // planned each time; what ended since then the next look finds.
    let rows = || {
        let rows = reader_changes::table.select((reader_changes::xid, reader_changes::tag));
        let rows = rows.order((reader_changes::xid, reader_changes::id)).limit(MOST + 1);
        without.iter().fold(rows.into_boxed(), |rows, kind| {
            rows.filter(reader_changes::tag.not_like(prefix(kind)))
        })
    };
    let conn: &Connection = conn;
    let later = async {
        let mut conn = conn;
        rows().filter(reader_changes::xid.ge(seen.next)).load(&mut conn).await
    };
    let ended = async {
        let mut conn = conn;
        rows()
            .filter(reader_changes::xid.eq_any(&seen.running))
            .load(&mut conn)
            .await
    };
    let (later, ended): (Vec<Row>, Vec<Row>) = try_join(later, ended).await?;
    let is_much = [later.len(), ended.len()]
        .iter()
        .any(|rows| i64::try_from(*rows).is_ok_and(|rows| rows > MOST));
    let told = later.into_iter().chain(ended);
    let tags = told.filter(|(xid, _)| snapshot.has_ended(*xid));
    Ok(Look {
        tags: if is_much {
            vec![EVERYTHING.to_owned()]
        } else {
            tags.map(|(_, tag)| tag).collect()
        },
        snapshot,
        position,
    })
}

/// The number of a transaction, and what it changed.
type Row = (i64, String);

/// So many rows are read at once, at most.
const MOST: i64 = 10_000;

/// The tag that stands for everything.
const EVERYTHING: &str = "*";

/// Forgets changes of the transactions below this one, a part of them. Answers whether there may be more.
///
/// # Errors
/// When the database fails.
pub async fn forget(conn: &mut Connection, below: i64) -> Result<bool> {
    let key = (reader_changes::xid, reader_changes::id);
    let old = reader_changes::table.filter(reader_changes::xid.lt(below));
    let first_to_stay: Option<(i64, i64)> = old.order(key).offset(MOST).select(key).first(conn).await.optional()?;
    // Behind all of this transaction, when all of them go.
    let (xid, id) = first_to_stay.unwrap_or((below, i64::MIN));
    let part = key.into_sql::<Record<(BigInt, BigInt)>>().lt((xid, id));
    diesel::delete(reader_changes::table.filter(part)).execute(conn).await?;
    Ok(first_to_stay.is_some())
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
