//! The verbs on articles that take no body.

use actix_web::post;
use uuid::Uuid;

use super::shapes::DeskArticle;
use super::show;
use crate::api::extract::{Once, Path, RequiredIfMatch};
use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::{PublishArticles, WriteOwnArticles};
use crate::domain::workflow::ArticleVerb;
use crate::error::Result;
use crate::newsroom;

/// Unpublish an article
///
/// Takes it away from readers: its addresses answer 404 until it is published again.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "unpublish_article",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        ("If-Match" = String, Header, description = "The ETag that was read; `*` means any.", example = "*"),
    ),
    responses((status = 200, description = "The article, unpublished.", body = DeskArticle))
)]
#[post("/articles/{id}/unpublish")]
pub async fn unpublish_article(
    guard: Guard<PublishArticles>,
    app: Shared,
    path: Path<Uuid>,
    if_match: RequiredIfMatch,
    once: Once,
) -> Result<Reply<DeskArticle>> {
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let copy = newsroom::unpublish_article(conn, &guard.act, path.0, if_match.0).await?;
        show::reply(conn, &app.config.site, &guard.act, copy).await
    })
    .await
}

/// Bring an article back
///
/// Takes it out of the trash and makes it what it was.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "untrash_article",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        ("If-Match" = String, Header, description = "The ETag that was read; `*` means any.", example = "*"),
    ),
    responses((status = 200, description = "The article, as it was.", body = DeskArticle))
)]
#[post("/articles/{id}/untrash")]
pub async fn untrash_article(
    guard: Guard<WriteOwnArticles>,
    app: Shared,
    path: Path<Uuid>,
    if_match: RequiredIfMatch,
    once: Once,
) -> Result<Reply<DeskArticle>> {
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let copy = newsroom::move_article(conn, &guard.act, path.0, if_match.0, ArticleVerb::Untrash).await?;
        show::reply(conn, &app.config.site, &guard.act, copy).await
    })
    .await
}
