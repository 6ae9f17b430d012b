//! Writing, changing and deleting comments on the desk.

use actix_web::{HttpResponse, delete, patch, post};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{DeskComment, show};
use crate::api::delivery::comments::CommentPatch;
use crate::api::extract::{IfMatch, Json, Once, Path};
use crate::api::response::{Reply, no_content};
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::{CommentAsStaff, ModerateComments};
use crate::domain::check::Check;
use crate::domain::comment::{CommentAction, MAX_BODY};
use crate::error::{Error, Result};
use crate::newsroom::{self, NewStaffComment, Ruling};

/// A new comment of the newsroom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffComment {
    /// A published article.
    pub article_id: Uuid,
    /// The approved comment that it answers; left out for a comment on the article itself.
    pub parent_id: Option<Uuid>,
    /// Plain text; line breaks are kept and addresses become links.
    #[schema(min_length = 1, max_length = 5000)]
    pub body: String,
}

/// Comment as staff
///
/// Under the name of the account, marked `staff`, and shown at once: also where comments are closed.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "create_staff_comment",
    request_body(
        content = StaffComment,
        example = json!({"article_id": "019a0000-0000-7000-8000-00000000000a", "body": "Thank you. We have mended it."})
    ),
    responses(
        (status = 201, description = "The new comment.", body = DeskComment),
        (status = 410, description = "What was written under this `Idempotency-Key` is erased."),
    )
)]
#[post("/comments")]
pub async fn create_staff_comment(
    guard: Guard<CommentAsStaff>,
    app: Shared,
    body: Json<StaffComment>,
    once: Once,
) -> Result<Reply<DeskComment>> {
    let mut check = Check::new();
    let new = NewStaffComment {
        article_id: body.0.article_id,
        parent_id: body.0.parent_id,
        body: check.block("/body", &body.0.body, MAX_BODY),
    };
    check.done().map_err(Error::invalid)?;
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let row = newsroom::post_staff_comment(conn, &guard.act, new).await?;
        let (location, version) = (format!("/api/v1/desk/comments/{}", row.id), row.version);
        let told_of = show::told_of(&row);
        let comment = show::show_one(conn, &app, row).await?;
        Ok(Reply::created(comment, location).version(version).about(told_of))
    })
    .await
}

/// Change a comment's text
///
/// Where it stands stays as it is. A removed one is restored first.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "update_desk_comment",
    params(
        ("id" = Uuid, Path, description = "The comment's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    request_body(content = CommentPatch, example = json!({"body": "The same in kinder words."})),
    responses((status = 200, description = "The comment as it is now.", body = DeskComment))
)]
#[patch("/comments/{id}")]
pub async fn update_desk_comment(
    guard: Guard<ModerateComments>,
    app: Shared,
    path: Path<Uuid>,
    if_match: IfMatch,
    body: Json<CommentPatch>,
) -> Result<Reply<DeskComment>> {
    let text = body.0.check()?;
    let mut conn = guard.connect().await?;
    let row = newsroom::edit_comment(&mut conn, &guard.act, path.0, if_match.0, text).await?;
    show::reply(&mut conn, &app, row).await
}

/// Remove a comment
///
/// Its status becomes `removed`: readers see nothing of it, or only its place while there are replies below it.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "delete_desk_comment",
    params(
        ("id" = Uuid, Path, description = "The comment's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    responses((status = 204, description = "It is removed."))
)]
#[delete("/comments/{id}")]
pub async fn delete_desk_comment(
    guard: Guard<ModerateComments>,
    path: Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse> {
    let mut conn = guard.connect().await?;
    let ruling = Ruling::plain(CommentAction::Delete);
    newsroom::decide_on_comment(&mut conn, &guard.act, path.0, if_match.0, &ruling).await?;
    Ok(no_content())
}
