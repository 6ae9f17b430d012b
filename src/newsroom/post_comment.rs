//! Post a comment, as a reader does.

use diesel_async::AsyncConnection;
use futures_util::future::try_join3;
use uuid::Uuid;

use super::comments::{Draft, add, transition};
use super::judge_comment::{Commenter, Judgement, enter, facts_of_new, judge, policy};
use super::{Refusal, Result, RuleBook};
use crate::db::Connection;
use crate::db::comments::CommentRow;
use crate::domain::actor::Act;
use crate::domain::comment::CommentAuthorKind;
use crate::domain::comment_rules::{CLOSED, Facts, HookOpinion, Remark};
use crate::domain::permission::Permission;

/// What a reader sends, its texts checked already.
#[derive(Clone, Debug, Default)]
pub struct NewComment {
    /// A new one.
    pub id: Uuid,
    pub article_id: Uuid,
    /// What it answers.
    pub parent_id: Option<Uuid>,
    /// The name to show; who is signed in writes under their own.
    pub author_name: String,
    pub commenter: Commenter,
    pub body: String,
    /// Whether a field was filled that people do not see.
    pub honeypot: bool,
    /// What a service of the paper's own said, where one is asked.
    pub hook: Option<HookOpinion>,
    /// The hash of the token with which its author may change it for a while.
    pub edit_token_hash: Option<Vec<u8>>,
}

impl NewComment {
    /// What readers will see of it.
    pub(super) fn remark<'a>(&'a self, act: &'a Act) -> Remark<'a> {
        Remark {
            author_name: act.account().map_or(&self.author_name, |account| &account.name),
            body: &self.body,
        }
    }
}

/// Adds a comment to a published article that takes comments. Where a reader's goes, the rules say; what the newsroom
/// writes is marked as theirs and shown at once.
///
/// # Errors
/// When readers do not see the article, its comments are closed, what it answers is not there, or a rule refuses it.
pub async fn post_comment(conn: &mut Connection, act: &Act, book: &RuleBook, new: NewComment) -> Result<CommentRow> {
    let author_kind = author_kind(act)?;
    conn.transaction(async |conn| {
        let judgement = match author_kind {
            CommentAuthorKind::Reader => {
                enter(conn, &new.commenter).await?;
                Some(judge_new(conn, act, book, &new).await?)
            }
            CommentAuthorKind::Staff => {
                let (_, is_open) = policy(conn, new.article_id, act.now).await?;
                if !is_open {
                    return Err(transition(CLOSED.to_owned(), Vec::new()));
                }
                None
            }
        };
        let draft = Draft {
            id: new.id,
            article_id: new.article_id,
            parent_id: new.parent_id,
            author_kind,
            author_name: act.account().map_or(new.author_name, |account| account.name.clone()),
            commenter: new.commenter,
            body: new.body,
            judgement,
            edit_token_hash: new.edit_token_hash,
        };
        add(conn, act, "post_comment", draft).await
    })
    .await
}

/// What the rules say about a new comment of a reader's. No question waits for the answer to another.
///
/// # Errors
/// When readers do not see the article, or a rule refuses the comment.
pub(super) async fn judge_new(conn: &Connection, act: &Act, book: &RuleBook, new: &NewComment) -> Result<Judgement> {
    let remark = new.remark(act);
    let ((policy, is_open), rules, facts) = try_join3(
        policy(conn, new.article_id, act.now),
        book.current(conn),
        facts_of_new(conn, act, (new.article_id, remark), &new.commenter),
    )
    .await?;
    let facts = Facts {
        policy: Some(policy),
        closed: !is_open,
        honeypot: new.honeypot,
        hook: new.hook.clone(),
        ..facts
    };
    judge(&rules, facts, remark)
}

/// On whose behalf the caller would write.
pub(super) fn author_kind(act: &Act) -> Result<CommentAuthorKind> {
    match &act.actor {
        Some(actor) if actor.may(Permission::CommentAsStaff) => Ok(CommentAuthorKind::Staff),
        Some(actor) if !actor.may(Permission::CommentAsReader) => {
            Err(Refusal::Denied("This account may not comment.".to_owned()))
        }
        _ => Ok(CommentAuthorKind::Reader),
    }
}
