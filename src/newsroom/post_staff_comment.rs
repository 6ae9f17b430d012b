//! Post a comment on behalf of the newsroom.

use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::comments::{Addition, Draft, add};
use super::judge_comment::Commenter;
use super::{Refusal, Result};
use crate::clock::new_id;
use crate::db::comments::CommentRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::check::FieldError;
use crate::domain::comment::CommentAuthorKind;

/// What somebody of the newsroom writes, its text checked already.
#[derive(Clone, Debug)]
pub struct NewStaffComment {
    pub article_id: Uuid,
    /// What it answers.
    pub parent_id: Option<Uuid>,
    pub body: String,
}

/// Adds a comment to a published article, shown at once: also where comments are closed, to say why for one.
///
/// # Errors
/// When readers do not see the article, or what it answers is not there.
pub async fn post_staff_comment(conn: &mut Connection, act: &Act, new: NewStaffComment) -> Result<CommentRow> {
    let author_name = act.account().map(|account| account.name.clone());
    let author_name = author_name.ok_or_else(|| Refusal::Denied("A staff comment needs an account.".to_owned()))?;
    conn.transaction(async |conn| {
        let article = db::comment_threads::article(conn, new.article_id).await?;
        let article = article.ok_or_else(|| {
            let message = "must be the id of a published article";
            vec![FieldError::field("/article_id", "unknown_reference", message)]
        })?;
        let draft = Draft {
            id: new_id(act.now),
            article_id: article.id,
            parent_id: new.parent_id,
            author_kind: CommentAuthorKind::Staff,
            author_name,
            commenter: Commenter::default(),
            body: new.body,
            judgement: None,
            edit_token_hash: None,
        };
        let addition = Addition::new(conn, act, "post_staff_comment", draft).await?;
        add(conn, std::slice::from_ref(&addition)).await?;
        Ok(addition.into_comment())
    })
    .await
}
