//! Post a comment, as a reader does.

use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::comments::{Draft, add, transition};
use super::{Refusal, Result};
use crate::db::comments::CommentRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::comment::{CommentAuthorKind, CommentStatus};
use crate::domain::permission::Permission;

/// What a reader sends, its texts checked already.
#[derive(Clone, Debug)]
pub struct NewComment {
    /// A new one.
    pub id: Uuid,
    pub article_id: Uuid,
    /// What it answers.
    pub parent_id: Option<Uuid>,
    /// The name to show; who is signed in writes under their own.
    pub author_name: String,
    /// The keyed hash of an e-mail address.
    pub author_email_hash: Option<Vec<u8>>,
    pub body: String,
    /// The hash of the token with which its author may change it for a while.
    pub edit_token_hash: Option<Vec<u8>>,
}

/// Adds a comment to a published article that takes comments. A reader's waits for a moderator, whatever policy says
/// that readers must wait no more; what the newsroom writes is marked as theirs and shown at once.
///
/// # Errors
/// When readers do not see the article, its comments are closed, or what it answers is not there.
pub async fn post_comment(conn: &mut Connection, act: &Act, new: NewComment) -> Result<CommentRow> {
    let (author_kind, status) = match &act.actor {
        Some(actor) if actor.may(Permission::CommentAsStaff) => (CommentAuthorKind::Staff, CommentStatus::Approved),
        Some(actor) if !actor.may(Permission::CommentAsReader) => {
            return Err(Refusal::Denied("This account may not comment.".to_owned()));
        }
        _ => (CommentAuthorKind::Reader, CommentStatus::Pending),
    };
    conn.transaction(async |conn| {
        let article = db::comment_threads::article(conn, new.article_id).await?;
        let article = article.ok_or(Refusal::NotFound("article"))?;
        let site = db::site::load(conn).await?;
        let (policy, days) = (site.comments_policy, site.comments_close_after_days);
        let open = article
            .comments_policy
            .is_open(policy, days, article.published_at, act.now);
        if !open {
            return Err(transition(
                "Comments on this article are closed.".to_owned(),
                Vec::new(),
            ));
        }
        let draft = Draft {
            id: new.id,
            article_id: article.id,
            parent_id: new.parent_id,
            author_kind,
            author_name: act.actor.as_ref().map_or(new.author_name, |actor| actor.name.clone()),
            author_email_hash: new.author_email_hash,
            body: new.body,
            status,
            edit_token_hash: new.edit_token_hash,
        };
        add(conn, act, "post_comment", draft).await
    })
    .await
}
