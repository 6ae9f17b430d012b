//! Take back what one has written.

use std::time::Duration;

use diesel_async::AsyncConnection;

use super::Result;
use super::comments::{Own, open_own, transition, write};
use crate::db::Connection;
use crate::domain::actor::Act;
use crate::domain::comment::{CommentStatus, Place};

/// Removes a comment whose token hashes to `proof`. No moderator can bring it back.
///
/// # Errors
/// When it is not there or not theirs, or their time is over.
pub async fn remove_own_comment(conn: &mut Connection, act: &Act, own: Own<'_>, window: Duration) -> Result<()> {
    conn.transaction(async |conn| {
        let mut comment = open_own(conn, act, own, window).await?;
        let before = comment.clone();
        match before.status {
            CommentStatus::Removed => return Ok(()),
            // It is not shown anyway, and stays on its author's record.
            CommentStatus::Rejected => return Err(transition("The comment was rejected.".to_owned(), Vec::new())),
            CommentStatus::Approved | CommentStatus::Pending => {}
        }
        comment.put(Place::at(CommentStatus::Removed));
        comment.moderated_by_id = None;
        comment.moderated_by_key_id = None;
        comment.moderated_at = None;
        write(conn, act, "remove_own_comment", &before, &mut comment).await
    })
    .await
}
