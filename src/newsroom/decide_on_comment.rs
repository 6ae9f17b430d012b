//! Decide on a comment: approve, reject, restore or remove it.

use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::Result;
use super::comments::{after, open, write};
use crate::db::Connection;
use crate::db::comments::CommentRow;
use crate::domain::actor::Act;
use crate::domain::comment::CommentAction;
use crate::domain::version::Expected;

/// Brings a comment where a moderator's `action` leads. A decision that is made already changes nothing.
///
/// # Errors
/// When it is gone, stands where that is not possible, or changed in the meantime.
pub async fn decide_on_comment(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    action: CommentAction,
) -> Result<CommentRow> {
    conn.transaction(async |conn| {
        let mut comment = open(conn, id, expected).await?;
        let before = comment.clone();
        comment.status = after(&comment, action)?;
        if comment.status != before.status {
            comment.moderated_by_id = act.user_id();
            comment.moderated_at = Some(act.now);
            write(conn, act, &format!("{action}_comment"), &before, &mut comment).await?;
        }
        Ok(comment)
    })
    .await
}
