//! The verbs that decide on a comment. One that changes nothing answers 200 all the same.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{DeskComment, show};
use crate::api::extract::{IfMatch, Once, OptionalJson, Path};
use crate::api::response::Reply;
use crate::app::{App, Shared};
use crate::auth::Guard;
use crate::auth::guard::ModerateComments;
use crate::domain::check::Check;
use crate::domain::comment::{CommentAction, RejectionReason};
use crate::domain::version::Expected;
use crate::error::{Error, Result};
use crate::newsroom::{self, Ruling};

/// The longest note, in characters.
pub const MAX_NOTE: usize = 1000;

/// Why a comment is rejected.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentRejection {
    /// `rules` (of the house) when left out.
    #[serde(default)]
    pub reason: RejectionReason,
    /// What its author is told beside the reason.
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

impl CommentRejection {
    /// The decision, checked.
    ///
    /// # Errors
    /// When the note is not accepted.
    pub fn check(self, action: CommentAction) -> Result<Ruling> {
        let mut check = Check::new();
        let ruling = self.read(&mut check, action);
        check.done().map_err(Error::invalid)?;
        Ok(ruling)
    }

    /// The decision; what is not accepted is noted.
    pub fn read(self, check: &mut Check, action: CommentAction) -> Ruling {
        Ruling {
            action,
            reason: self.reason,
            note: check.optional_block("/note", self.note.as_deref(), MAX_NOTE),
        }
    }
}

/// Approve a comment
///
/// Readers see it from now on. It answers reports and an appeal. A removed one is restored first.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "approve_comment",
    params(
        ("id" = Uuid, Path, description = "The comment's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    responses(
        (status = 200, description = "The comment as it is now.", body = DeskComment),
        (status = 410, description = "It was done under this `Idempotency-Key`, and the comment is erased since."),
    )
)]
#[post("/comments/{id}/approve")]
pub async fn approve_comment(
    guard: Guard<ModerateComments>,
    app: Shared,
    path: Path<Uuid>,
    if_match: IfMatch,
    once: Once,
) -> Result<Reply<DeskComment>> {
    let ruling = Ruling::plain(CommentAction::Approve);
    decide(&guard, &app, &once, path.0, if_match.0, &ruling).await
}

/// Reject a comment
///
/// Readers do not see it, or see it no more; its author may read the reason and the note, and appeal once. A removed one
/// is restored first.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "reject_comment",
    params(
        ("id" = Uuid, Path, description = "The comment's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    request_body(
        content = CommentRejection,
        example = json!({"reason": "off_topic", "note": "Please write below the article on the budget."})
    ),
    responses(
        (status = 200, description = "The comment as it is now.", body = DeskComment),
        (status = 410, description = "It was done under this `Idempotency-Key`, and the comment is erased since."),
    )
)]
#[post("/comments/{id}/reject")]
pub async fn reject_comment(
    guard: Guard<ModerateComments>,
    app: Shared,
    path: Path<Uuid>,
    if_match: IfMatch,
    body: OptionalJson<CommentRejection>,
    once: Once,
) -> Result<Reply<DeskComment>> {
    let ruling = body.0.check(CommentAction::Reject)?;
    decide(&guard, &app, &once, path.0, if_match.0, &ruling).await
}

/// Reject a comment as spam
///
/// Readers do not see it; it lies in the `spam` queue.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "spam_comment",
    params(
        ("id" = Uuid, Path, description = "The comment's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    responses(
        (status = 200, description = "The comment as it is now.", body = DeskComment),
        (status = 410, description = "It was done under this `Idempotency-Key`, and the comment is erased since."),
    )
)]
#[post("/comments/{id}/spam")]
pub async fn spam_comment(
    guard: Guard<ModerateComments>,
    app: Shared,
    path: Path<Uuid>,
    if_match: IfMatch,
    once: Once,
) -> Result<Reply<DeskComment>> {
    let ruling = Ruling::plain(CommentAction::Spam);
    decide(&guard, &app, &once, path.0, if_match.0, &ruling).await
}

/// Restore a comment
///
/// A rejected or removed comment becomes `pending` again. What its author took away stays away, and what is erased is
/// gone: 409.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "restore_comment",
    params(
        ("id" = Uuid, Path, description = "The comment's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    responses(
        (status = 200, description = "The comment as it is now.", body = DeskComment),
        (status = 410, description = "It was done under this `Idempotency-Key`, and the comment is erased since."),
    )
)]
#[post("/comments/{id}/restore")]
pub async fn restore_comment(
    guard: Guard<ModerateComments>,
    app: Shared,
    path: Path<Uuid>,
    if_match: IfMatch,
    once: Once,
) -> Result<Reply<DeskComment>> {
    let ruling = Ruling::plain(CommentAction::Restore);
    decide(&guard, &app, &once, path.0, if_match.0, &ruling).await
}

/// Erase a comment
///
/// A person's right: its text, also from before edits, and its author's name, e-mail address and address are taken away
/// for good, and what the decision trail, reports and kept answers quote. Its place above replies stays. There is no way
/// back: a request sent again under its `Idempotency-Key` answers 410 once the comment it told of is erased.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "erase_comment",
    params(
        ("id" = Uuid, Path, description = "The comment's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    responses(
        (status = 200, description = "What is left of it.", body = DeskComment),
        (status = 410, description = "It was done under this `Idempotency-Key`, and what it answered is erased since."),
    )
)]
#[post("/comments/{id}/erase")]
pub async fn erase_comment(
    guard: Guard<ModerateComments>,
    app: Shared,
    path: Path<Uuid>,
    if_match: IfMatch,
    once: Once,
) -> Result<Reply<DeskComment>> {
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let row = newsroom::erase_comment(conn, &guard.act, path.0, if_match.0).await?;
        show::reply(conn, &app, row).await
    })
    .await
}

async fn decide(
    guard: &Guard<ModerateComments>,
    app: &App,
    once: &Once,
    id: Uuid,
    expected: Expected,
    ruling: &Ruling,
) -> Result<Reply<DeskComment>> {
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let row = newsroom::decide_on_comment(conn, &guard.act, id, expected, ruling).await?;
        show::reply(conn, app, row).await
    })
    .await
}
