//! Refuse a comment.

use uuid::Uuid;

use super::Result;
use super::comments::decide;
use crate::db::Connection;
use crate::db::comments::CommentRow;
use crate::domain::actor::Act;
use crate::domain::comment::CommentAction;
use crate::domain::version::Expected;

/// Rejects a comment; one that is rejected stays so.
///
/// # Errors
/// When it is gone, removed, or changed in the meantime.
pub async fn reject_comment(conn: &mut Connection, act: &Act, id: Uuid, expected: Expected) -> Result<CommentRow> {
    decide(conn, act, id, expected, CommentAction::Reject).await
}
