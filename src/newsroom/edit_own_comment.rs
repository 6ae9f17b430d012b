//! Change what one has written.

use std::time::Duration;

use diesel_async::AsyncConnection;

use super::comment_trail::{note_judgement, rewrite};
use super::comments::{Own, open_own, transition, write};
use super::judge_comment::{Commenter, judge_changed, policy};
use super::{Refusal, Result, RuleBook};
use crate::db::comments::CommentRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::comment::{CommentAuthorKind, CommentStatus};
use crate::domain::comment_rules::{Facts, place};

/// Changes the text of a comment. Where a reader's goes then, the rules say anew: what was approved were other words.
///
/// # Errors
/// When it is not there or not theirs, it can be changed no more, or a rule refuses it.
pub async fn edit_own_comment(
    conn: &mut Connection,
    act: &Act,
    book: &RuleBook,
    own: Own<'_>,
    window: Duration,
    body: Option<String>,
) -> Result<CommentRow> {
    conn.transaction(async |conn| {
        let mut comment = open_own(conn, act, own, window).await?;
        let before = comment.clone();
        if matches!(before.status, CommentStatus::Rejected | CommentStatus::Removed) {
            return Err(transition(format!("The comment was {}.", before.status), Vec::new()));
        }
        let Some(body) = body.filter(|body| *body != comment.body) else {
            return Ok(comment);
        };
        if comment.author_kind == CommentAuthorKind::Reader {
            let article = db::comment_threads::article(conn, own.article).await?;
            let article = article.ok_or(Refusal::NotFound("article"))?;
            let facts = Facts {
                // Who was in time to write may still mend it.
                closed: false,
                ..policy(conn, &article, act.now).await?
            };
            let commenter = Commenter {
                emails: comment.author_email_hash.iter().cloned().collect(),
                addresses: comment.address_hash.iter().cloned().collect(),
                ..Commenter::default()
            };
            let rules = book.current(conn).await?;
            let judgement = judge_changed(conn, act, &rules, &body, &commenter, facts).await?;
            comment.put(place(&judgement.decisions));
            comment.moderated_by_id = None;
            comment.moderated_at = None;
            note_judgement(conn, act, (comment.id, comment.version + 1), judgement).await?;
        }
        rewrite(conn, act, &mut comment, body, None).await?;
        write(conn, act, "edit_own_comment", &before, &mut comment).await?;
        Ok(comment)
    })
    .await
}
