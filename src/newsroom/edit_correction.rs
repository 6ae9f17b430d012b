//! Change a correction, or take it back.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::articles::open;
use super::corrections::{live, retell, told};
use super::entry::Entry;
use super::{Refusal, Result};
use crate::db::articles::ArticleRow;
use crate::db::corrections::CorrectionRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::correction::{Correction, CorrectionKind};
use crate::domain::version::Expected;
use crate::domain::workflow::ArticleVerb;

/// What changes about a correction; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct CorrectionChange {
    pub kind: Option<CorrectionKind>,
    pub text: Option<String>,
}

/// Words a correction anew. Its date stays; what changes nothing writes nothing.
///
/// # Errors
/// When the article is gone, changed or not published, or has no such correction.
pub async fn update_correction(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    correction: Uuid,
    change: CorrectionChange,
) -> Result<(Correction, ArticleRow)> {
    conn.transaction(async |conn| {
        let (mut article, mut row) = find(conn, act, id, expected, correction).await?;
        let kind = change.kind.unwrap_or(row.kind);
        let text = change.text.unwrap_or_else(|| row.text.clone());
        if kind == row.kind && text == row.text {
            return Ok((row.into(), article));
        }
        (row.kind, row.text, row.updated_at) = (kind, text, act.now);
        db::corrections::update(conn, &row).await?;
        let correction = Correction::from(row);
        retold(conn, act, &mut article, "update_correction", &correction).await?;
        Ok((correction, article))
    })
    .await
}

/// Takes a correction back. What it mended stays mended.
///
/// # Errors
/// When the article is gone, changed or not published, or has no such correction.
pub async fn delete_correction(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    correction: Uuid,
) -> Result<()> {
    conn.transaction(async |conn| {
        let (mut article, row) = find(conn, act, id, expected, correction).await?;
        db::corrections::delete(conn, row.id).await?;
        retold(conn, act, &mut article, "delete_correction", &row.into()).await
    })
    .await
}

async fn find(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    correction: Uuid,
) -> Result<(ArticleRow, CorrectionRow)> {
    db::taxonomy_gate::enter(conn).await?;
    let (article, _) = open(conn, act, id, expected, ArticleVerb::Correct).await?;
    let found = db::corrections::of_article(conn, id).await?;
    let found = found.into_iter().find(|row| row.id == correction);
    Ok((article, found.ok_or(Refusal::NotFound("correction"))?))
}

async fn retold(
    conn: &mut Connection,
    act: &Act,
    article: &mut ArticleRow,
    action: &'static str,
    correction: &Correction,
) -> Result<()> {
    let mut entry = Entry::begin(action, article);
    let live = live(conn, article).await?;
    let corrections = told(conn, article.id).await?;
    entry.tell("correction", json!(correction));
    retell(conn, act, article, &live, corrections, entry).await
}
