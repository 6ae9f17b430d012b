//! The verbs on articles that take nothing but a note. Whoever may read an article is told what they may do to it instead,
//! so the newsroom asks for the permission, not the guard.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::DeskArticle;
use super::show;
use crate::api::extract::{Once, OptionalJson, Path, RequiredIfMatch};
use crate::api::response::Reply;
use crate::app::{App, Shared};
use crate::auth::Guard;
use crate::auth::guard::{ReadArticles, Requires, WriteOwnArticles};
use crate::domain::check::Check;
use crate::domain::version::Expected;
use crate::domain::workflow::ArticleVerb;
use crate::error::{Error, Result};
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
    guard: Guard<ReadArticles>,
    app: Shared,
    path: Path<Uuid>,
    if_match: RequiredIfMatch,
    once: Once,
) -> Result<Reply<DeskArticle>> {
    let mut conn = guard.connect().await?;
    newsroom::require_permission(&mut conn, &guard.act, path.0, ArticleVerb::Unpublish).await?;
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
    move_article(guard, &app, &once, path.0, if_match.0, ArticleVerb::Untrash, None).await
}

/// What the log keeps with a verb; it may be left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteInput {
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<String>,
}

impl NoteInput {
    /// The note, checked.
    ///
    /// # Errors
    /// When it is not accepted.
    pub fn check(self) -> Result<Option<String>> {
        let mut check = Check::new();
        let note = self.note.map(|note| check.block("/note", &note, 500));
        check.done().map_err(Error::invalid)?;
        Ok(note)
    }
}

/// Submit an article
///
/// Asks an editor to look at it: its newest revision becomes `submitted_revision`. Readers notice nothing.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "submit_article",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        ("If-Match" = String, Header, description = "The ETag that was read; `*` means any.", example = "*"),
    ),
    request_body(content = Option<NoteInput>, example = json!({"note": "Numbers checked with the ministry."})),
    responses((status = 200, description = "The article, in review.", body = DeskArticle))
)]
#[post("/articles/{id}/submit")]
pub async fn submit_article(
    guard: Guard<WriteOwnArticles>,
    app: Shared,
    path: Path<Uuid>,
    if_match: RequiredIfMatch,
    body: OptionalJson<NoteInput>,
    once: Once,
) -> Result<Reply<DeskArticle>> {
    let note = body.0.check()?;
    move_article(guard, &app, &once, path.0, if_match.0, ArticleVerb::Submit, note).await
}

/// Return an article
///
/// Gives a submitted article back to those who write it.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "return_article",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        ("If-Match" = String, Header, description = "The ETag that was read; `*` means any.", example = "*"),
    ),
    request_body(content = Option<NoteInput>, example = json!({"note": "Please name the second source."})),
    responses((status = 200, description = "The article, in nobody's review.", body = DeskArticle))
)]
#[post("/articles/{id}/return")]
pub async fn return_article(
    guard: Guard<ReadArticles>,
    app: Shared,
    path: Path<Uuid>,
    if_match: RequiredIfMatch,
    body: OptionalJson<NoteInput>,
    once: Once,
) -> Result<Reply<DeskArticle>> {
    let note = body.0.check()?;
    move_article(guard, &app, &once, path.0, if_match.0, ArticleVerb::Return, note).await
}

/// Brings an article where `verb` leads.
pub(super) async fn move_article<P: Requires>(
    guard: Guard<P>,
    app: &App,
    once: &Once,
    id: Uuid,
    expected: Expected,
    verb: ArticleVerb,
    note: Option<String>,
) -> Result<Reply<DeskArticle>> {
    let mut conn = guard.connect().await?;
    newsroom::require_permission(&mut conn, &guard.act, id, verb).await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let copy = newsroom::move_article(conn, &guard.act, id, expected, verb, note).await?;
        show::reply(conn, &app.config.site, &guard.act, copy).await
    })
    .await
}
