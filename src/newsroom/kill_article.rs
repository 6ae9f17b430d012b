//! Kill an article: readers get a public notice in its place. And bring it back to the desk.

use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::Result;
use super::articles::{WorkingCopy, advance, open, working_copy};
use super::entry::Entry;
use super::withdraw::withdraw;
use crate::db::kills::KillRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::version::Expected;
use crate::domain::workflow::ArticleVerb;

/// Why, for the desk, and what readers are told.
#[derive(Clone, Debug)]
pub struct Killing {
    pub reason: String,
    pub notice: String,
}

/// Withdraws an article for good: it is off every list and count, and every address it ever had tells the notice.
///
/// # Errors
/// When the article is gone, changed, or readers never had it.
pub async fn kill_article(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    killing: Killing,
) -> Result<WorkingCopy> {
    conn.transaction(async |conn| {
        db::taxonomy_gate::enter(conn).await?;
        let (mut article, state) = open(conn, act, id, expected, ArticleVerb::Kill).await?;
        let mut entry = Entry::begin("kill_article", &article);
        let kill = KillRow {
            article_id: id,
            reason: killing.reason,
            notice: killing.notice,
            killed_by_id: act.user_id(),
            killed_at: act.now,
        };
        db::kills::insert(conn, &kill).await?;
        entry.tell("reason", kill.reason);
        entry.tell("notice", kill.notice);
        withdraw(conn, act, &mut article, state, entry).await?;
        working_copy(conn, article).await
    })
    .await
}

/// Takes a kill back: the article is unpublished, and can be published again.
///
/// # Errors
/// When the article is gone, changed, or not killed.
pub async fn reinstate_article(conn: &mut Connection, act: &Act, id: Uuid, expected: Expected) -> Result<WorkingCopy> {
    conn.transaction(async |conn| {
        let (mut article, state) = open(conn, act, id, expected, ArticleVerb::Reinstate).await?;
        let entry = Entry::begin("reinstate_article", &article);
        db::kills::delete(conn, id).await?;
        advance(conn, &mut article, state, act.now).await?;
        db::articles::update(conn, &article).await?;
        entry.write(conn, act, &article).await?;
        working_copy(conn, article).await
    })
    .await
}
