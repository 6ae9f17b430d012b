//! Restore a revision.

use actix_web::post;
use uuid::Uuid;

use super::{RevisionName, load};
use crate::api::desk::articles::shapes::DeskArticle;
use crate::api::desk::articles::show;
use crate::api::desk::articles::verbs::NoteInput;
use crate::api::extract::{Once, OptionalJson, Path, RequiredIfMatch};
use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::WriteOwnArticles;
use crate::error::{Error, Result};
use crate::newsroom;

/// Restore a revision
///
/// Its content becomes the newest revision's; nothing is lost. Sections, tags and authors that are gone by now stay away,
/// and a slug that another article has got.
#[utoipa::path(
    tag = "Desk: history",
    operation_id = "restore_revision",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        ("number" = String, Path, description = "A number, `published` or `head`.", example = "head"),
        ("If-Match" = String, Header, description = "The ETag that was read; `*` means any.", example = "*"),
    ),
    request_body(content = Option<NoteInput>, example = json!({"note": "Back to what was checked."})),
    responses((status = 200, description = "The article as it is now.", body = DeskArticle))
)]
#[post("/articles/{id}/revisions/{number}/restore")]
pub async fn restore_revision(
    guard: Guard<WriteOwnArticles>,
    app: Shared,
    path: Path<(Uuid, RevisionName)>,
    if_match: RequiredIfMatch,
    body: OptionalJson<NoteInput>,
    once: Once,
) -> Result<Reply<DeskArticle>> {
    let note = body.0.check()?;
    let (id, name) = path.0;
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let (_, mut found) = load(conn, &guard.act, id, &[name]).await?;
        let number = found.pop().ok_or_else(|| Error::not_found("revision"))?.number;
        let copy = newsroom::restore_revision(conn, &guard.act, id, if_match.0, number, note).await?;
        show::reply(conn, &app.config.site, &guard.act, copy).await
    })
    .await
}
