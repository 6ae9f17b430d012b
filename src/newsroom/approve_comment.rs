//! Let readers see a comment.

use uuid::Uuid;

use super::Result;
use super::comments::decide;
use crate::db::Connection;
use crate::db::comments::CommentRow;
use crate::domain::actor::Act;
use crate::domain::comment::CommentAction;
use crate::domain::version::Expected;

/// Approves a comment; one that is approved stays so.
///
/// # Errors
/// When it is gone, removed, or changed in the meantime.
pub async fn approve_comment(conn: &mut Connection, act: &Act, id: Uuid, expected: Expected) -> Result<CommentRow> {
    decide(conn, act, id, expected, CommentAction::Approve).await
}
