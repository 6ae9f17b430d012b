//! What the verbs on corrections share.

use uuid::Uuid;

use super::article_relations::live_relations;
use super::articles::advance;
use super::entry::Entry;
use super::{Refusal, Result};
use crate::db::articles::ArticleRow;
use crate::db::publications::PublicationRow;
use crate::db::revisions::RevisionRow;
use crate::db::{self, Connection, Json};
use crate::domain::actor::Act;
use crate::domain::correction::Correction;

/// How many corrections an article has at most.
pub(super) const MAX_CORRECTIONS: usize = 100;

/// What readers are told of corrections, oldest first.
pub(super) async fn told(conn: &mut Connection, article: Uuid) -> Result<Vec<Correction>> {
    let rows = db::corrections::of_article(conn, article).await?;
    Ok(rows.into_iter().map(Correction::from).collect())
}

/// The revision that readers have.
pub(super) async fn live(conn: &mut Connection, article: &ArticleRow) -> Result<RevisionRow> {
    let number = article.published_revision.ok_or(Refusal::NotFound("revision"))?;
    Ok(db::revisions::find(conn, article.id, number).await?)
}

/// Tells readers of other corrections than before; the text stays the same. The caller holds the taxonomy gate and the
/// article's lock.
///
/// # Errors
/// When the database fails.
pub(super) async fn retell(
    conn: &mut Connection,
    act: &Act,
    article: &mut ArticleRow,
    live: &RevisionRow,
    corrections: Vec<Correction>,
    entry: Entry,
) -> Result<()> {
    let relations = live_relations(conn, &live.content).await?;
    let state = article.state();
    advance(conn, article, state, act.now).await?;
    article.content_updated_at = Some(act.now);
    db::articles::update(conn, article).await?;
    db::published::touch(conn, article.id, act.now).await?;
    let count = corrections.len();
    let logged = PublicationRow {
        article_id: article.id,
        version: article.version,
        at: act.now,
        action: entry.action.clone(),
        revision: Some(live.number),
        published_at: article.published_at,
        content_updated_at: article.content_updated_at,
        section: relations.section.map(Json),
        tags: Json(relations.tags),
        authors: Json(relations.authors),
        corrections: Some(Json(corrections)),
    };
    db::publications::insert(conn, &logged).await?;
    entry.write(conn, act, article).await?;
    Ok(db::counts::corrections(conn, article.id, count).await?)
}
