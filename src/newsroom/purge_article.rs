//! Erase a trashed article for good.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::Result;
use super::articles::open;
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;
use crate::domain::version::Expected;
use crate::domain::workflow::ArticleVerb;

/// Erases a trashed article with its revisions and comments. Slugs that readers saw stay taken, and lead nowhere.
///
/// # Errors
/// When the article is gone, changed, or not in the trash, or erasing is not for whoever acts.
pub async fn purge_article(conn: &mut Connection, act: &Act, id: Uuid, expected: Expected) -> Result<()> {
    conn.transaction(async |conn| {
        let (article, _) = open(conn, act, id, expected, ArticleVerb::Purge).await?;
        db::articles::delete(conn, id).await?;
        let details = json!({"version": article.version, "slug": article.slug, "title": article.title});
        let change = Change::deleted(Fingerprint::of(&article));
        db::audit::record(conn, act, "purge_article", "article", id, change, details).await?;
        Ok(())
    })
    .await
}
