//! The advisory lock on an article.

use actix_web::{HttpResponse, delete, put};
use chrono::TimeDelta;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::EditLock;
use crate::api::extract::{OptionalJson, Path};
use crate::api::response::{Reply, no_content};
use crate::auth::Guard;
use crate::auth::guard::{ByPerson, WriteOwnArticles};
use crate::domain::check::Check;
use crate::error::{Error, Result};
use crate::newsroom;

/// How long a lock lasts when nothing is said, in seconds.
const LASTING: i32 = 300;

/// What lock is wanted; without it one of five minutes.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LockInput {
    /// How long it lasts, in seconds; 300 when left out. Asked for again it starts anew.
    #[schema(minimum = 30, maximum = 3600)]
    pub expires_in: Option<i32>,
    /// Whether to take it from somebody else.
    #[serde(default)]
    pub takeover: bool,
}

/// Lock an article
///
/// Tells others that the caller is editing: the lock is shown with the article and stops nobody. It expires by itself;
/// asked for again by its owner it lasts longer.
#[utoipa::path(
    tag = "Desk: articles",
    operation_id = "lock_article",
    params(("id" = Uuid, Path, description = "The article's id.")),
    request_body(content = Option<LockInput>, example = json!({"takeover": true})),
    responses((status = 200, description = "The lock.", body = EditLock))
)]
#[put("/articles/{id}/lock")]
pub async fn lock_article(
    guard: Guard<ByPerson<WriteOwnArticles>>,
    path: Path<Uuid>,
    body: OptionalJson<LockInput>,
) -> Result<Reply<EditLock>> {
    let mut check = Check::new();
    let lasting = body
        .0
        .expires_in
        .map_or(LASTING, |seconds| check.range("/expires_in", seconds, 30, 3600));
    check.done().map_err(Error::invalid)?;
    let mut conn = guard.connect().await?;
    let lasting = TimeDelta::seconds(lasting.into());
    let held = newsroom::lock_article(&mut conn, &guard.act, &guard.actor, path.0, lasting, body.0.takeover).await?;
    Ok(Reply::ok(EditLock::from(held)))
}

/// Unlock an article
///
/// Takes the caller's own lock away. Without a lock there is nothing to do.
#[utoipa::path(
    tag = "Desk: articles",
    operation_id = "unlock_article",
    params(("id" = Uuid, Path, description = "The article's id.")),
    responses((status = 204, description = "The caller has no lock on it."))
)]
#[delete("/articles/{id}/lock")]
pub async fn unlock_article(guard: Guard<ByPerson<WriteOwnArticles>>, path: Path<Uuid>) -> Result<HttpResponse> {
    let mut conn = guard.connect().await?;
    newsroom::unlock_article(&mut conn, &guard.act, path.0).await?;
    Ok(no_content())
}
