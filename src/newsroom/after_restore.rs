//! Make a database that was restored from a backup fit to be served: it believes that it is the day of the backup.
//!
//! What was ended since then would live again, and what was done since then would be done again. So nobody is signed in any
//! more, no API key and no preview link opens anything, what is overdue waits for an editor, and whoever keeps answers asks for them anew.

use chrono::{DateTime, Utc};
use diesel_async::AsyncConnection;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::Result;
use super::entry::Entry;
use crate::db::articles::ArticleRow;
use crate::db::schedule::PlannedRow;
use crate::db::{self, Change, Connection};
use crate::domain::actor::Act;
use crate::domain::plan::PlannedAction;
use crate::domain::workflow::ArticleStage;

/// What was done about it.
#[derive(Clone, Debug, Serialize)]
pub struct Settled {
    /// Sign-ins that ended, with their tokens.
    pub sessions: usize,
    /// API keys that are revoked: some of them may have been since the backup.
    pub api_keys: usize,
    pub preview_links: usize,
    /// What was due before now: it is planned no more.
    pub parked: Vec<Parked>,
    /// What is planned for later, and stays so.
    pub planned: i64,
    /// Shared caches that are told to forget everything.
    pub shared_caches: usize,
}

/// Something that was due.
#[derive(Clone, Debug, Serialize)]
pub struct Parked {
    pub article_id: Uuid,
    pub slug: String,
    pub title: String,
    pub action: PlannedAction,
    pub due_at: DateTime<Utc>,
}

/// Does so. Done twice it changes nothing more.
///
/// # Errors
/// When the database fails; nothing has changed then.
pub async fn after_restore(conn: &mut Connection, act: &Act) -> Result<Settled> {
    conn.transaction(async |conn| {
        let sessions = db::sessions::end_everyones(conn, act.now).await?;
        let api_keys = db::api_keys::revoke_all(conn, act.now).await?;
        let preview_links = db::preview_tokens::revoke_all(conn, act.now).await?;
        let mut parked = Vec::new();
        for (planned, _) in db::schedule::due(conn, act.now).await? {
            // Read again: both of its ends may be due.
            if let Some(article) = db::articles::lock(conn, planned.article_id).await? {
                parked.push(park(conn, act, &planned, article).await?);
            }
        }
        db::reader_changes::start_over(conn).await?;
        let settled = Settled {
            sessions,
            api_keys,
            preview_links,
            parked,
            planned: db::schedule::count(conn).await?,
            shared_caches: db::purge_positions::start_over(conn).await?,
        };
        let details = json!({
            "sessions": sessions,
            "api_keys": api_keys,
            "preview_links": preview_links,
            "parked": settled.parked.len(),
        });
        let change = Change::created(&settled);
        db::audit::record(conn, act, "restore_database", "database", Uuid::nil(), change, details).await?;
        db::restoring::finish(conn).await?;
        Ok(settled)
    })
    .await
}

/// Takes a thing off the schedule, as an editor would.
async fn park(conn: &mut Connection, act: &Act, planned: &PlannedRow, mut article: ArticleRow) -> Result<Parked> {
    let mut entry = Entry::begin("park_article", &article);
    db::schedule::delete(conn, article.id, &[planned.action]).await?;
    match planned.action {
        PlannedAction::Publish => {
            article.publish_at = None;
            article.stage = article.stage.filter(|stage| *stage != ArticleStage::Scheduled);
            // There will be nothing to take away.
            if article.published_revision.is_none() && article.unpublish_at.take().is_some() {
                db::schedule::delete(conn, article.id, &[PlannedAction::Unpublish]).await?;
            }
        }
        PlannedAction::Unpublish => article.unpublish_at = None,
    }
    article.version += 1;
    article.updated_at = act.now;
    db::articles::update(conn, &article).await?;
    entry.tell("action", planned.action.as_str());
    entry.tell("due_at", json!(planned.due_at));
    entry.write(conn, act, &article).await?;
    Ok(Parked {
        article_id: article.id,
        slug: article.slug,
        title: article.title,
        action: planned.action,
        due_at: planned.due_at,
    })
}
