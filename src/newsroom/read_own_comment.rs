//! Read what became of one's own comment, and why.

use super::Result;
use super::comments::{Own, prove};
use crate::db::comment_decisions::JudgedRow;
use crate::db::comments::CommentRow;
use crate::db::{self, Connection};

/// The comment and its decision trail, oldest first.
///
/// # Errors
/// When it is not there or not theirs.
pub async fn read_own_comment(conn: &mut Connection, own: Own<'_>) -> Result<(CommentRow, Vec<JudgedRow>)> {
    let comment = prove(db::comments::find(conn, own.id).await?, own)?;
    let trail = db::comment_decisions::of(conn, &[comment.id]).await?;
    Ok((comment, trail.into_iter().map(|(row, _)| row).collect()))
}
