//! What is on record about a comment: what rules and people said, and what it said before.

use uuid::Uuid;

use super::Result;
use super::judge_comment::Judgement;
use crate::db::comment_decisions::JudgedRow;
use crate::db::comment_edits::EditRow;
use crate::db::comments::CommentRow;
use crate::db::{self, Connection, Json};
use crate::domain::actor::Act;
use crate::domain::comment_rules::{CommentOutcome, CommentRule, Decision, text_hash};
use crate::domain::text::comment_html;

/// Who changes the text of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Editor {
    Author,
    Newsroom,
}

/// Adds what the rules said to a comment's decision trail, with the version that it makes.
pub(super) async fn note_judgement(
    conn: &Connection,
    act: &Act,
    comment: (Uuid, i32),
    judgement: Judgement,
) -> Result<()> {
    Ok(db::comment_decisions::insert(conn, &judged(act, comment, judgement)).await?)
}

/// What the rules said of a comment, with the version that it makes.
pub(super) fn judged(act: &Act, (comment, version): (Uuid, i32), judgement: Judgement) -> JudgedRow {
    JudgedRow {
        comment_id: comment,
        version,
        at: act.now,
        user_id: None,
        rule_set_version: Some(judgement.rule_set_version),
        facts: Some(Json(judgement.facts)),
        decisions: Json(judgement.decisions),
        key_id: None,
    }
}

/// Adds what somebody decided to a comment's decision trail, with the version that it makes.
pub(super) async fn note_decision(
    conn: &mut Connection,
    act: &Act,
    (comment, version): (Uuid, i32),
    (rule, outcome): (CommentRule, CommentOutcome),
    reason: &str,
    detail: Option<String>,
) -> Result<()> {
    let decision = Decision {
        rule,
        outcome,
        reason: Some(reason.to_owned()),
        detail,
    };
    let row = JudgedRow {
        comment_id: comment,
        version,
        at: act.now,
        user_id: act.user_id(),
        rule_set_version: None,
        facts: None,
        decisions: Json(vec![decision]),
        key_id: act.key_id(),
    };
    Ok(db::comment_decisions::insert(conn, &row).await?)
}

/// Gives a comment another text, and keeps the one that it had for moderators.
pub(super) async fn rewrite(
    conn: &mut Connection,
    act: &Act,
    comment: &mut CommentRow,
    body: String,
    by: Editor,
) -> Result<()> {
    let html = comment_html(&body);
    let edit = EditRow {
        comment_id: comment.id,
        version: comment.version + 1,
        body: std::mem::replace(&mut comment.body, body),
        edited_at: act.now,
        user_id: act.user_id().filter(|_| by == Editor::Newsroom),
        key_id: act.key_id().filter(|_| by == Editor::Newsroom),
    };
    db::comment_edits::insert(conn, &edit).await?;
    comment.body_html = html;
    comment.text_hash = comment.text_hash.is_some().then(|| text_hash(&comment.body));
    comment.edited_at = Some(act.now);
    Ok(())
}
