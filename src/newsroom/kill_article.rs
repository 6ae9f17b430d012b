//! Kill an article: readers get a public notice in its place. And bring it back to the desk.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::Result;
use super::articles::{WorkingCopy, advance, open, working_copy};
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
        let kill = KillRow {
            article_id: id,
            reason: killing.reason,
            notice: killing.notice,
            killed_by_id: act.user_id(),
            killed_at: act.now,
        };
        db::kills::insert(conn, &kill).await?;
        let details = json!({"reason": kill.reason, "notice": kill.notice});
        withdraw(conn, act, &mut article, state, "kill_article", details).await?;
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
        db::kills::delete(conn, id).await?;
        advance(conn, &mut article, state, act.now).await?;
        db::articles::update(conn, &article).await?;
        let details = json!({"version": article.version});
        db::audit::record(conn, act, "reinstate_article", "article", id, details).await?;
        working_copy(conn, article).await
    })
    .await
}
