//! Kill an article, and take that back.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::DeskArticle;
use super::show;
use crate::api::extract::{Json, Once, Path, RequiredIfMatch};
use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::ReadArticles;
use crate::domain::check::Check;
use crate::domain::workflow::ArticleVerb;
use crate::error::{Error, Result};
use crate::newsroom::{self, Killing};

/// Why an article is killed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KillInput {
    /// For the desk alone.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
    /// What readers are told in its place.
    #[schema(min_length = 1, max_length = 2000)]
    pub notice: String,
}

/// Kill an article
///
/// Withdraws it for good: off every list, search and count at once, and every address it ever had answers 410 with the
/// notice. Publishing cannot undo it, only reinstating.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "kill_article",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        ("If-Match" = String, Header, description = "The ETag that was read; `*` means any.", example = "*"),
    ),
    request_body(
        content = KillInput,
        example = json!({"reason": "The source withdrew.", "notice": "We have withdrawn this article: its facts were wrong."})
    ),
    responses((status = 200, description = "The article, killed.", body = DeskArticle))
)]
#[post("/articles/{id}/kill")]
pub async fn kill_article(
    guard: Guard<ReadArticles>,
    app: Shared,
    path: Path<Uuid>,
    if_match: RequiredIfMatch,
    body: Json<KillInput>,
    once: Once,
) -> Result<Reply<DeskArticle>> {
    let mut check = Check::new();
    let killing = Killing {
        reason: check.block("/reason", &body.0.reason, 2000),
        notice: check.block("/notice", &body.0.notice, 2000),
    };
    check.done().map_err(Error::invalid)?;
    let mut conn = guard.connect().await?;
    newsroom::require_permission(&mut conn, &guard.act, path.0, ArticleVerb::Kill).await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let copy = newsroom::kill_article(conn, &guard.act, path.0, if_match.0, killing).await?;
        show::reply(conn, &app.config.site, &guard.act, copy).await
    })
    .await
}

/// Reinstate an article
///
/// Takes a kill back: it is unpublished then, and can be published again.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "reinstate_article",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        ("If-Match" = String, Header, description = "The ETag that was read; `*` means any.", example = "*"),
    ),
    responses((status = 200, description = "The article, unpublished.", body = DeskArticle))
)]
#[post("/articles/{id}/reinstate")]
pub async fn reinstate_article(
    guard: Guard<ReadArticles>,
    app: Shared,
    path: Path<Uuid>,
    if_match: RequiredIfMatch,
    once: Once,
) -> Result<Reply<DeskArticle>> {
    let mut conn = guard.connect().await?;
    newsroom::require_permission(&mut conn, &guard.act, path.0, ArticleVerb::Reinstate).await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let copy = newsroom::reinstate_article(conn, &guard.act, path.0, if_match.0).await?;
        show::reply(conn, &app.config.site, &guard.act, copy).await
    })
    .await
}
