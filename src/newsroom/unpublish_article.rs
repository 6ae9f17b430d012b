//! Unpublish an article.

use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::Result;
use super::articles::{WorkingCopy, open, working_copy};
use super::entry::Entry;
use super::withdraw::withdraw;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::version::Expected;
use crate::domain::workflow::ArticleVerb;

/// Takes the article away from readers: off every list and count, and its addresses answer 404. It can be published again.
///
/// # Errors
/// When the article is gone, changed, or not published.
pub async fn unpublish_article(conn: &mut Connection, act: &Act, id: Uuid, expected: Expected) -> Result<WorkingCopy> {
    conn.transaction(async |conn| {
        db::taxonomy_gate::enter(conn).await?;
        let (mut article, state) = open(conn, act, id, expected, ArticleVerb::Unpublish).await?;
        let entry = Entry::begin("unpublish_article", &article);
        withdraw(conn, act, &mut article, state, entry).await?;
        working_copy(conn, article).await
    })
    .await
}
