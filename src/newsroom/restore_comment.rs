//! Put a comment back into the queue.

use uuid::Uuid;

use super::Result;
use super::comments::decide;
use crate::db::Connection;
use crate::db::comments::CommentRow;
use crate::domain::actor::Act;
use crate::domain::comment::CommentAction;
use crate::domain::version::Expected;

/// Puts a rejected or removed comment back among those that wait for a decision.
///
/// # Errors
/// When it is gone, was removed by its author, or changed in the meantime.
pub async fn restore_comment(conn: &mut Connection, act: &Act, id: Uuid, expected: Expected) -> Result<CommentRow> {
    decide(conn, act, id, expected, CommentAction::Restore).await
}
