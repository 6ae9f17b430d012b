//! Change what one has written.

use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::Result;
use super::comments::{open_own, transition, write};
use crate::db::Connection;
use crate::db::comments::CommentRow;
use crate::domain::actor::Act;
use crate::domain::comment::{CommentAuthorKind, CommentStatus};
use crate::domain::text::comment_html;

/// Changes the text of a comment whose token hashes to `proof`. A reader's that was approved waits for a moderator again,
/// who approved other words.
///
/// # Errors
/// When it is not there or not theirs, or it can be changed no more.
pub async fn edit_own_comment(
    conn: &mut Connection,
    act: &Act,
    article: Uuid,
    id: Uuid,
    proof: Option<&[u8]>,
    body: Option<String>,
) -> Result<CommentRow> {
    conn.transaction(async |conn| {
        let mut comment = open_own(conn, act, article, id, proof).await?;
        let before = comment.clone();
        if matches!(before.status, CommentStatus::Rejected | CommentStatus::Removed) {
            return Err(transition(format!("The comment was {}.", before.status), Vec::new()));
        }
        let Some(body) = body.filter(|body| *body != comment.body) else {
            return Ok(comment);
        };
        comment.body_html = comment_html(&body);
        comment.body = body;
        comment.edited_at = Some(act.now);
        if comment.author_kind == CommentAuthorKind::Reader {
            comment.status = CommentStatus::Pending;
            comment.moderated_by_id = None;
            comment.moderated_at = None;
        }
        write(conn, act, "edit_own_comment", &before, &mut comment).await?;
        Ok(comment)
    })
    .await
}
