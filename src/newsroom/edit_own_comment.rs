//! Change what one has written.

use std::time::Duration;

use diesel_async::AsyncConnection;

use super::comment_trail::{Editor, note_judgement, rewrite};
use super::comments::{Own, open_own, transition, write};
use super::judge_comment::{Commenter, Judged, Judgement, gather, judge};
use super::{Result, RuleBook};
use crate::db::comments::CommentRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::comment::{CommentAuthorKind, CommentStatus};
use crate::domain::comment_rules::{Facts, HookOpinion, Recent, Remark, place};

/// What somebody changes about a comment of theirs.
#[derive(Clone, Debug, Default)]
pub struct OwnChange {
    pub body: Option<String>,
    /// By whom, as far as it can be told where the change comes from.
    pub commenter: Commenter,
    /// What a service of the paper's own said of the new text, where one is asked.
    pub hook: Option<HookOpinion>,
}

/// Changes the text of a comment. Where a reader's goes then, the rules say anew: what was approved were other words. What
/// waits for a moderator goes on waiting.
///
/// # Errors
/// When it is not there or not theirs, it can be changed no more, or a rule refuses it.
pub async fn edit_own_comment(
    conn: &mut Connection,
    act: &Act,
    book: &RuleBook,
    own: Own<'_>,
    window: Duration,
    change: OwnChange,
) -> Result<CommentRow> {
    conn.transaction(async |conn| {
        let mut comment = open_own(conn, act, own, window).await?;
        let before = comment.clone();
        open_to_edits(&comment)?;
        left_alone(conn, &comment).await?;
        let Some(body) = change.body.filter(|body| *body != comment.body) else {
            return Ok(comment);
        };
        if comment.author_kind == CommentAuthorKind::Reader {
            let judgement = judge_edit(conn, act, book, &comment, (&body, change.commenter), change.hook).await?;
            let stands = comment.standing().place.edited(place(&judgement.decisions));
            comment.put(stands);
            // Of what is shown now no moderator has seen the words.
            if stands.status == CommentStatus::Approved {
                comment.moderated_by_id = None;
                comment.moderated_by_key_id = None;
                comment.moderated_at = None;
            }
            note_judgement(conn, act, (comment.id, comment.version + 1), judgement).await?;
        }
        rewrite(conn, act, &mut comment, body, Editor::Author).await?;
        write(conn, act, "edit_own_comment", &before, &mut comment).await?;
        Ok(comment)
    })
    .await
}

/// # Errors
/// When what its author writes now would change nothing.
pub(super) fn open_to_edits(comment: &CommentRow) -> Result<()> {
    match comment.status {
        CommentStatus::Rejected | CommentStatus::Removed => {
            Err(transition(format!("The comment was {}.", comment.status), Vec::new()))
        }
        CommentStatus::Approved | CommentStatus::Pending => Ok(()),
    }
}

/// # Errors
/// When the newsroom changed the text: its author would only change it back.
pub(super) async fn left_alone(conn: &mut Connection, comment: &CommentRow) -> Result<()> {
    if db::comment_edits::by_newsroom(conn, comment.id).await? {
        let detail = "The newsroom changed the comment, so its author can change it no more.";
        return Err(transition(detail.to_owned(), Vec::new()));
    }
    Ok(())
}

/// What the rules say about the new text.
///
/// # Errors
/// When the article is not before readers, or a rule refuses the text.
pub(super) async fn judge_edit(
    conn: &mut Connection,
    act: &Act,
    book: &RuleBook,
    comment: &CommentRow,
    (body, from): (&str, Commenter),
    hook: Option<HookOpinion>,
) -> Result<Judgement> {
    // Known by what the comment was signed with, and by where it was written and is changed.
    let signed_from = comment.address_hash.iter().cloned();
    let elsewhere = from
        .addresses
        .into_iter()
        .filter(|hash| comment.address_hash.as_ref() != Some(hash));
    let commenter = Commenter {
        emails: comment.author_email_hash.iter().cloned().collect(),
        addresses: signed_from.chain(elsewhere).collect(),
        user: comment.user_id,
        ..from
    };
    let remark = Remark {
        author_name: &comment.author_name,
        body,
    };
    let judged = Judged {
        now: act.now,
        article: comment.article_id,
        changed: Some(comment.id),
        remark,
        commenter: &commenter,
    };
    let gathered = gather(conn, book, &[judged]).await?.pop();
    let (rules, facts) = gathered.ok_or(diesel::result::Error::NotFound)??;
    let facts = Facts {
        // Who was in time to write may still mend it, however often they write.
        closed: false,
        from_address: Recent::default(),
        from_email: Recent::default(),
        on_article: Recent::default(),
        hook,
        ..facts
    };
    judge(&rules, facts, remark)
}
