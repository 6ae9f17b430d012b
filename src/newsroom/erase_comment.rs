//! Erase a comment: a person's right to be forgotten. Its place in the thread stays, empty.

use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::Result;
use super::comment_trail::note_decision;
use super::comments::{open, write};
use crate::db::comments::CommentRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::comment::{CommentAction, CommentStatus, Identity, Place, avatar_key};
use crate::domain::comment_rules::{CommentOutcome, CommentRule};
use crate::domain::version::Expected;

/// Takes away for good what was written, now and before, and what its author was known by; also from the decision trail,
/// which still says what was decided, and from answers that are kept to be given again.
///
/// # Errors
/// When it is gone, or changed in the meantime.
pub async fn erase_comment(conn: &mut Connection, act: &Act, id: Uuid, expected: Expected) -> Result<CommentRow> {
    conn.transaction(async |conn| {
        let mut comment = open(conn, id, expected).await?;
        if comment.erased_at.is_some() {
            return Ok(comment);
        }
        let before = comment.clone();
        comment.put(Place::at(CommentStatus::Removed));
        comment.author_name.clear();
        comment.body.clear();
        comment.body_html.clear();
        comment.avatar_key = avatar_key(comment.article_id, Identity::User(comment.id));
        comment.author_email_hash = None;
        comment.user_id = None;
        comment.address_hash = None;
        comment.range_hash = None;
        comment.text_hash = None;
        comment.edit_token_hash = None;
        comment.report_count = 0;
        comment.moderated_by_id = act.user_id();
        comment.moderated_by_key_id = act.key_id();
        comment.moderated_at = Some(act.now);
        comment.erased_at = Some(act.now);
        db::comment_edits::erase(conn, id).await?;
        db::comment_decisions::erase(conn, id).await?;
        db::comment_reports::erase(conn, id).await?;
        db::idempotency::spend(conn, id).await?;
        let told = (CommentRule::Moderator, CommentOutcome::Reject);
        note_decision(conn, act, (id, comment.version + 1), told, "erased", None).await?;
        write(
            conn,
            act,
            &format!("{}_comment", CommentAction::Erase),
            &before,
            &mut comment,
        )
        .await?;
        Ok(comment)
    })
    .await
}
