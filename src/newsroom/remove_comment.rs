//! Take a comment away.

use uuid::Uuid;

use super::Result;
use super::comments::decide;
use crate::db::Connection;
use crate::db::comments::CommentRow;
use crate::domain::actor::Act;
use crate::domain::comment::CommentAction;
use crate::domain::version::Expected;

/// Removes a comment. It keeps its place while readers see replies below it.
///
/// # Errors
/// When it is gone, or changed in the meantime.
pub async fn remove_comment(conn: &mut Connection, act: &Act, id: Uuid, expected: Expected) -> Result<CommentRow> {
    decide(conn, act, id, expected, CommentAction::Delete).await
}
