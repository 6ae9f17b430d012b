//! Hand out a link to what is not published, and end it.

use chrono::TimeDelta;
use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::articles::visible;
use super::{Refusal, Result};
use crate::clock::new_id;
use crate::db::articles::ArticleRow;
use crate::db::preview_tokens::PreviewTokenRow;
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;
use crate::domain::check::FieldError;
use crate::domain::permission::Permission;
use crate::domain::workflow::{ArticleStatus, Needs};

/// Makes a link to one revision of an article, or to whatever its newest is when the link is opened.
///
/// # Errors
/// When the article is gone, not for whoever acts, or withdrawn for good, or has no such revision.
pub async fn create_preview_token(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    revision: Option<i32>,
    lasting: TimeDelta,
) -> Result<PreviewTokenRow> {
    conn.transaction(async |conn| {
        let article = writable(conn, act, id).await?;
        if matches!(article.status, ArticleStatus::Killed | ArticleStatus::Trashed) {
            return Err(Refusal::Conflict(format!(
                "The article is {}; there is nothing to preview.",
                article.status
            )));
        }
        if let Some(number) = revision
            && db::revisions::numbered(conn, id, &[number]).await?.is_empty()
        {
            let message = format!(
                "the article has no revision {number}, its newest is {}",
                article.revision
            );
            return Err(vec![FieldError::field("/revision", "unknown_reference", message)].into());
        }
        let token = PreviewTokenRow {
            id: new_id(act.now),
            article_id: id,
            revision,
            created_by_id: act.user_id(),
            created_at: act.now,
            expires_at: act.now + lasting,
            revoked_at: None,
        };
        db::preview_tokens::insert(conn, &token).await?;
        let details = json!({"token": token.id, "revision": revision, "expires_at": token.expires_at});
        let change = Change::created(&token);
        db::audit::record(conn, act, "create_preview_token", "preview_token", id, change, details).await?;
        Ok(token)
    })
    .await
}

/// Ends a link at once.
///
/// # Errors
/// When the article or the link is gone, or the article is not for whoever acts.
pub async fn revoke_preview_token(conn: &mut Connection, act: &Act, id: Uuid, token: Uuid) -> Result<()> {
    conn.transaction(async |conn| {
        writable(conn, act, id).await?;
        let revoked = db::preview_tokens::revoke(conn, id, token, act.now).await?;
        let revoked = revoked.ok_or(Refusal::NotFound("preview token"))?;
        let before = PreviewTokenRow {
            revoked_at: None,
            ..revoked.clone()
        };
        let (change, details) = (
            Change::from(Fingerprint::of(&before), &revoked),
            json!({"token": token}),
        );
        db::audit::record(conn, act, "revoke_preview_token", "preview_token", id, change, details).await?;
        Ok(())
    })
    .await
}

async fn writable(conn: &mut Connection, act: &Act, id: Uuid) -> Result<ArticleRow> {
    let article = visible(act, db::articles::lock(conn, id).await?)?;
    if article.owners().permit(act, Needs::Writing) {
        return Ok(article);
    }
    let permission = Permission::WriteAnyArticle;
    Err(Refusal::Denied(format!(
        "It is somebody else's article: a preview of it needs the permission `{permission}`."
    )))
}
