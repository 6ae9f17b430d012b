//! Bring an article back.

use actix_web::post;
use uuid::Uuid;

use super::shapes::DeskArticle;
use super::show;
use crate::api::extract::{Path, RequiredIfMatch};
use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::WriteOwnArticles;
use crate::error::Result;
use crate::newsroom;

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
) -> Result<Reply<DeskArticle>> {
    let mut conn = guard.connect().await?;
    let copy = newsroom::untrash_article(&mut conn, &guard.act, path.0, if_match.0).await?;
    let version = copy.article.version;
    Ok(Reply::ok(show::whole(&mut conn, &app.config.site, &guard.act, copy).await?).version(version))
}
