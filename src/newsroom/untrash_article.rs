//! Bring an article back from the trash.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::Result;
use super::articles::{WorkingCopy, advance, open, working_copy};
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::version::Expected;
use crate::domain::workflow::ArticleVerb;

/// Makes a trashed article what it was.
///
/// # Errors
/// When the article is gone, changed, or not in the trash.
pub async fn untrash_article(conn: &mut Connection, act: &Act, id: Uuid, expected: Expected) -> Result<WorkingCopy> {
    conn.transaction(async |conn| {
        let (mut article, state) = open(conn, act, id, expected, ArticleVerb::Untrash).await?;
        advance(&mut article, state, act.now);
        db::articles::update(conn, &article).await?;
        let details = json!({"version": article.version});
        db::audit::record(conn, act, "untrash_article", "article", id, details).await?;
        working_copy(conn, article).await
    })
    .await
}
