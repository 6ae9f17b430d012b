//! The way back: what readers have is taken from them. Every verb that withdraws leads through here.

use super::Result;
use super::articles::advance;
use super::entry::Entry;
use crate::db::articles::ArticleRow;
use crate::db::publications::PublicationRow;
use crate::db::published::Listing;
use crate::db::{self, Connection, Json};
use crate::domain::actor::Act;
use crate::domain::workflow::State;

/// Takes the article off every list and count of readers. The caller holds the
/// taxonomy gate and the article's lock. Of an article that readers do not have only the state changes.
///
/// # Errors
/// When the database fails.
pub(super) async fn withdraw(
    conn: &mut Connection,
    act: &Act,
    article: &mut ArticleRow,
    state: State,
    mut entry: Entry,
) -> Result<()> {
    advance(conn, article, state, act.now).await?;
    let revision = article.published_revision.take();
    let listed = match revision {
        Some(_) => db::published::remove(conn, article.id).await?,
        None => Listing::default(),
    };
    db::articles::update(conn, article).await?;
    let logged = PublicationRow {
        article_id: article.id,
        version: article.version,
        at: act.now,
        action: entry.action.clone(),
        revision: None,
        published_at: None,
        content_updated_at: None,
        section: None,
        tags: Json(Vec::new()),
        authors: Json(Vec::new()),
        corrections: None,
    };
    db::publications::insert(conn, &logged).await?;
    entry.tell("revision", revision);
    entry.write(conn, act, article).await?;
    db::counts::relisted(conn, &listed, &Listing::default()).await?;
    Ok(())
}
