//! Change the text of somebody's comment.

use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::Result;
use super::comment_trail::{Editor, rewrite};
use super::comments::{after, open, write};
use crate::db::Connection;
use crate::db::comments::CommentRow;
use crate::domain::actor::Act;
use crate::domain::comment::CommentAction;
use crate::domain::version::Expected;

/// Changes the text of a comment; where it stands stays as it is.
///
/// # Errors
/// When it is gone, removed, or changed in the meantime.
pub async fn edit_comment(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    body: Option<String>,
) -> Result<CommentRow> {
    conn.transaction(async |conn| {
        let mut comment = open(conn, id, expected).await?;
        after(&comment, CommentAction::Update)?;
        let before = comment.clone();
        if let Some(body) = body.filter(|body| *body != comment.body) {
            rewrite(conn, act, &mut comment, body, Editor::Newsroom).await?;
            write(conn, act, "edit_comment", &before, &mut comment).await?;
        }
        Ok(comment)
    })
    .await
}
