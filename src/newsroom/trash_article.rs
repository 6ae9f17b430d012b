//! Throw an article away.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::Result;
use super::articles::{advance, open};
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::version::Expected;
use crate::domain::workflow::ArticleVerb;

/// Puts an article that readers do not have into the trash, from where it can be brought back.
///
/// # Errors
/// When the article is gone, changed, or before readers.
pub async fn trash_article(conn: &mut Connection, act: &Act, id: Uuid, expected: Expected) -> Result<()> {
    conn.transaction(async |conn| {
        let (mut article, state) = open(conn, act, id, expected, ArticleVerb::Trash).await?;
        advance(&mut article, state, act.now);
        db::articles::update(conn, &article).await?;
        let details = json!({"version": article.version});
        db::audit::record(conn, act, "trash_article", "article", id, details).await?;
        Ok(())
    })
    .await
}
