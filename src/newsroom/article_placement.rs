//! What acts at once and is no content: placement, and who works on the article.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::articles::ArticleChange;
use super::{Refusal, Result};
use crate::db::articles::ArticleRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::check::{Check, FieldError};
use crate::domain::patch::Patch;
use crate::domain::permission::Permission;
use crate::domain::plan::PlannedAction;
use crate::domain::workflow::ArticleStatus;

/// Places the article as `change` says. Answers the fields that changed.
pub(super) fn place(act: &Act, article: &mut ArticleRow, change: &ArticleChange) -> Result<Vec<&'static str>> {
    let breaking_until = change.breaking_until.clone().apply(article.breaking_until);
    let featured = change
        .featured
        .clone()
        .apply(Some(article.featured))
        .unwrap_or_default();
    let comments_policy = change
        .comments_policy
        .clone()
        .apply(Some(article.comments_policy))
        .unwrap_or_default();
    let changed: Vec<&str> = [
        ("breaking_until", breaking_until != article.breaking_until),
        ("featured", featured != article.featured),
        ("comments_policy", comments_policy != article.comments_policy),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect();
    if !changed.is_empty() && !act.may(Permission::PublishArticles) {
        let permission = Permission::PublishArticles;
        let detail = format!(
            "{} act at once, also on published articles: that needs the permission `{permission}`.",
            changed.join(", ")
        );
        return Err(match act.key_id() {
            Some(_) => Refusal::ScopeMissing(detail),
            None => Refusal::Denied(detail),
        });
    }
    article.breaking_until = breaking_until;
    article.featured = featured;
    article.comments_policy = comments_policy;
    Ok(changed)
}

/// Gives the article to whom `change` names. Answers whether that is somebody else.
pub(super) async fn assign(
    conn: &mut Connection,
    check: &mut Check,
    article: &mut ArticleRow,
    change: &Patch<Uuid>,
) -> Result<bool> {
    let before = article.assignee_id;
    match change {
        Patch::Absent => {}
        Patch::Clear => article.assignee_id = None,
        Patch::Set(id) if Some(*id) == before => {}
        Patch::Set(id) => {
            let user = db::users::find(conn, *id).await?;
            match user.filter(|user| user.disabled_at.is_none() && user.role.may(Permission::WriteOwnArticles)) {
                Some(user) => article.assignee_id = Some(user.id),
                None => {
                    let message = "must be the id of an account that may write articles and is not disabled";
                    check.refuse(FieldError::field("/assignee", "unknown_reference", message));
                }
            }
        }
    }
    Ok(article.assignee_id != before)
}

/// Sets how long readers must wait, as `change` says; a publication planned for earlier waits as well. Answers whether
/// that is another time.
pub(super) async fn embargo(
    conn: &mut Connection,
    act: &Act,
    check: &mut Check,
    article: &mut ArticleRow,
    change: &Patch<DateTime<Utc>>,
) -> Result<bool> {
    let until = change.clone().apply(article.embargo_until);
    if until == article.embargo_until {
        return Ok(false);
    }
    if article.status == ArticleStatus::Published && until.is_some_and(|until| until > act.now) {
        let message = "readers have the article already; unpublish it first";
        check.refuse(FieldError::field("/embargo_until", "already_public", message));
    }
    if let (Some(until), Some(planned)) = (until, article.publish_at)
        && planned < until
    {
        article.publish_at = Some(until);
        db::schedule::postpone(conn, article.id, PlannedAction::Publish, until).await?;
    }
    article.embargo_until = until;
    Ok(true)
}
