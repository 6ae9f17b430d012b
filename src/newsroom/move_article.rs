//! Move an article along the workflow, where that changes nothing but where it stands: submit it, return it, trash it,
//! bring it back.

use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::Result;
use super::articles::{WorkingCopy, advance, open, working_copy};
use super::entry::Entry;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::version::Expected;
use crate::domain::workflow::ArticleVerb;

/// Brings an article where `verb` leads. What readers have is not touched: verbs that give or take it are functions of
/// their own. The note is for whoever reads the log.
///
/// # Errors
/// When the article is gone, changed, or stands where that is not possible, or it is not for whoever acts.
pub async fn move_article(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    verb: ArticleVerb,
    note: Option<String>,
) -> Result<WorkingCopy> {
    conn.transaction(async |conn| {
        let (mut article, state) = open(conn, act, id, expected, verb).await?;
        let mut entry = Entry::begin(format!("{verb}_article"), &article);
        advance(conn, &mut article, state, act.now).await?;
        if verb == ArticleVerb::Submit {
            article.submitted_revision = Some(article.revision);
        }
        db::articles::update(conn, &article).await?;
        entry.tell("note", note);
        entry.write(conn, act, &article).await?;
        working_copy(conn, article).await
    })
    .await
}
