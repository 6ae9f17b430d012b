//! Ask for another look at a comment that was rejected.

use diesel_async::AsyncConnection;

use super::Result;
use super::comment_trail::note_decision;
use super::comments::{Own, prove, transition, write};
use crate::db::comments::CommentRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::comment::{CommentQueue, CommentStatus};
use crate::domain::comment_rules::{CommentOutcome, CommentRule};

/// Puts a rejected comment before a moderator once more, with what its author says for it. It stays rejected until then.
///
/// # Errors
/// When it is not there or not theirs, is not rejected, or was appealed before.
pub async fn appeal_comment(conn: &mut Connection, act: &Act, own: Own<'_>, text: String) -> Result<CommentRow> {
    conn.transaction(async |conn| {
        let mut comment = prove(db::comments::lock(conn, own.id).await?, own)?;
        if comment.appealed_at.is_some() {
            return Err(transition(
                "This comment was appealed before; once is all.".to_owned(),
                Vec::new(),
            ));
        }
        if comment.status != CommentStatus::Rejected {
            let told = format!(
                "The comment is {}; only a rejected one can be appealed.",
                comment.status
            );
            return Err(transition(told, Vec::new()));
        }
        let before = comment.clone();
        comment.appealed_at = Some(act.now);
        comment.queue = Some(CommentQueue::Pending);
        let asked = (CommentRule::Appeal, CommentOutcome::Hold);
        note_decision(
            conn,
            act,
            (comment.id, comment.version + 1),
            asked,
            "appealed",
            Some(text),
        )
        .await?;
        write(conn, act, "appeal_comment", &before, &mut comment).await?;
        Ok(comment)
    })
    .await
}
