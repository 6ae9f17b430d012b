//! Tell a shared cache what changed since it was told last.

use chrono::{DateTime, TimeDelta, Utc};
use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::Result;
use crate::db::{self, Connection};
use crate::domain::purge::{Purge, UNTOLD};

/// Changes that are older are not kept: a cache that could not be told for so long forgets everything.
const KEPT: TimeDelta = TimeDelta::minutes(55);

/// Of so many changes it is told one by one, as many as a statement announces one by one. Some caches take 30 at a time.
const MOST: usize = 500;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// There was nothing to tell, or another node tells it.
    Nothing,
    Heard,
    Unheard,
}

/// Tells the shared cache `endpoint` by `tell`, which answers whether it was heard, and notes that it was: after every commit,
/// at least once. Of several nodes one does.
///
/// # Errors
/// When the database fails; what was told is told again then.
pub async fn purge_shared_cache<F: Future<Output = bool> + Send>(
    conn: &mut Connection,
    endpoint: &str,
    now: DateTime<Utc>,
    tell: impl FnOnce(Purge) -> F + Send,
) -> Result<Told> {
    conn.transaction(async |conn| {
        let begin = db::reader_changes::snapshot(conn).await?;
        let Some((told, at)) = db::purge_positions::claim(conn, endpoint, &begin, now).await? else {
            return Ok(Told::Nothing);
        };
        let look = db::reader_changes::since(conn, &told, &UNTOLD).await?;
        let mut purge = Purge::of(&look.tags);
        let is_much = purge.changed.len() > MOST;
        if is_much || now - at > KEPT || look.snapshot.next < told.next {
            purge = Purge::of(&["*".to_owned()]);
        }
        if purge.is_empty() {
            // Once a minute is enough to say that nothing happened.
            if now - at > TimeDelta::minutes(1) {
                db::purge_positions::advance(conn, endpoint, &look.snapshot, now).await?;
            }
            return Ok(Told::Nothing);
        }
        let articles: Vec<Uuid> = purge.changed.iter().filter_map(|tag| article(tag)).collect();
        let published = db::purge_positions::published(conn, &articles).await?;
        purge.are_gone(|tag| article(tag).is_some_and(|id| !published.contains(&id)));
        if !tell(purge).await {
            return Ok(Told::Unheard);
        }
        db::purge_positions::advance(conn, endpoint, &look.snapshot, now).await?;
        Ok(Told::Heard)
    })
    .await
}

fn article(tag: &str) -> Option<Uuid> {
    tag.strip_prefix("article:")?.parse().ok()
}
