//! Decide on a comment: approve it, reject it for a reason, call it spam, restore or remove it.

use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::Result;
use super::comment_trail::note_decision;
use super::comments::{after, open, write};
use crate::db::comments::CommentRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::comment::{CommentAction, RejectionReason};
use crate::domain::comment_rules::{CommentOutcome, CommentRule, SPAM};
use crate::domain::version::Expected;

/// What a moderator decides.
#[derive(Clone, Debug)]
pub struct Ruling {
    pub action: CommentAction,
    /// Why it is rejected.
    pub reason: RejectionReason,
    /// What its author is told beside the reason.
    pub note: Option<String>,
}

impl Ruling {
    /// A decision that needs no reason.
    #[must_use]
    pub fn plain(action: CommentAction) -> Self {
        Self {
            action,
            reason: RejectionReason::default(),
            note: None,
        }
    }

    /// What comes to be done: what is rejected as spam is spam.
    #[must_use]
    pub fn action(&self) -> CommentAction {
        match (self.action, self.reason) {
            (CommentAction::Reject, RejectionReason::Spam) => CommentAction::Spam,
            (action, _) => action,
        }
    }

    /// As the decision trail says it: what it comes to, and why.
    fn told(&self) -> (CommentOutcome, &'static str) {
        match self.action {
            CommentAction::Approve => (CommentOutcome::Pass, "approved"),
            CommentAction::Restore => (CommentOutcome::Hold, "restored"),
            CommentAction::Spam => (CommentOutcome::Reject, SPAM),
            CommentAction::Reject => (CommentOutcome::Reject, self.reason.as_str()),
            CommentAction::Delete | CommentAction::Erase => (CommentOutcome::Reject, "removed"),
            CommentAction::Update => (CommentOutcome::Pass, "updated"),
        }
    }
}

/// Brings a comment where a moderator's decision leads; it answers reports and an appeal. A decision that is made already
/// changes nothing.
///
/// # Errors
/// When it is gone, stands where that is not possible, or changed in the meantime.
pub async fn decide_on_comment(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    ruling: &Ruling,
) -> Result<CommentRow> {
    let action = ruling.action();
    conn.transaction(async |conn| {
        let mut comment = open(conn, id, expected).await?;
        let before = comment.clone();
        let place = after(&comment, action)?;
        if comment.standing().changes(action, place) {
            comment.put(place);
            comment.moderated_by_id = act.user_id();
            comment.moderated_by_key_id = act.key_id();
            comment.moderated_at = Some(act.now);
            if comment.report_count > 0 {
                comment.report_count = 0;
                db::comment_reports::settle(conn, id, act.now).await?;
            }
            let (outcome, reason) = ruling.told();
            let told = (CommentRule::Moderator, outcome);
            note_decision(conn, act, (id, comment.version + 1), told, reason, ruling.note.clone()).await?;
            write(conn, act, &format!("{action}_comment"), &before, &mut comment).await?;
        }
        Ok(comment)
    })
    .await
}
