//! The verbs that decide on a comment. One that changes nothing answers 200 all the same.

use actix_web::post;
use uuid::Uuid;

use super::{DeskComment, show};
use crate::api::extract::{IfMatch, Once, Path};
use crate::api::response::Reply;
use crate::app::{App, Shared};
use crate::auth::Guard;
use crate::auth::guard::ModerateComments;
use crate::domain::comment::CommentAction;
use crate::domain::version::Expected;
use crate::error::Result;
use crate::newsroom;

/// Approve a comment
///
/// Readers see it from now on. A removed one is restored first.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "approve_comment",
    params(
        ("id" = Uuid, Path, description = "The comment's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    responses((status = 200, description = "The comment as it is now.", body = DeskComment))
)]
#[post("/comments/{id}/approve")]
pub async fn approve_comment(
    guard: Guard<ModerateComments>,
    app: Shared,
    path: Path<Uuid>,
    if_match: IfMatch,
    once: Once,
) -> Result<Reply<DeskComment>> {
    decide(&guard, &app, &once, path.0, if_match.0, CommentAction::Approve).await
}

/// Reject a comment
///
/// Readers do not see it, or see it no more. A removed one is restored first.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "reject_comment",
    params(
        ("id" = Uuid, Path, description = "The comment's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    responses((status = 200, description = "The comment as it is now.", body = DeskComment))
)]
#[post("/comments/{id}/reject")]
pub async fn reject_comment(
    guard: Guard<ModerateComments>,
    app: Shared,
    path: Path<Uuid>,
    if_match: IfMatch,
    once: Once,
) -> Result<Reply<DeskComment>> {
    decide(&guard, &app, &once, path.0, if_match.0, CommentAction::Reject).await
}

/// Restore a comment
///
/// A rejected or removed comment becomes `pending` again. What its author took away stays away: 409.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "restore_comment",
    params(
        ("id" = Uuid, Path, description = "The comment's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    responses((status = 200, description = "The comment as it is now.", body = DeskComment))
)]
#[post("/comments/{id}/restore")]
pub async fn restore_comment(
    guard: Guard<ModerateComments>,
    app: Shared,
    path: Path<Uuid>,
    if_match: IfMatch,
    once: Once,
) -> Result<Reply<DeskComment>> {
    decide(&guard, &app, &once, path.0, if_match.0, CommentAction::Restore).await
}

async fn decide(
    guard: &Guard<ModerateComments>,
    app: &App,
    once: &Once,
    id: Uuid,
    expected: Expected,
    action: CommentAction,
) -> Result<Reply<DeskComment>> {
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let row = newsroom::decide_on_comment(conn, &guard.act, id, expected, action).await?;
        show::reply(conn, app, row).await
    })
    .await
}
