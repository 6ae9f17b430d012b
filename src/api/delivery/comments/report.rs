//! Reporting a comment.

use actix_web::post;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::commenter::{Known, commenter, reporter};
use super::thread;
use crate::api::extract::{CallerAddress, Json, Once, Path};
use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::guard::MaybeSignedIn;
use crate::domain::check::Check;
use crate::domain::comment::ReportReason;
use crate::domain::id_or_slug::IdOrSlug;
use crate::error::{Error, Result};
use crate::newsroom::{self, NewReport};

/// The longest note, in characters.
const MAX_NOTE: usize = 500;

/// What is wrong with a comment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCommentReport {
    pub reason: ReportReason,
    /// What a moderator should know.
    #[schema(max_length = 500)]
    pub note: Option<String>,
}

/// A report, as it was sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentReport {
    pub comment_id: Uuid,
    pub reason: ReportReason,
    #[schema(required)]
    pub note: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// Report a comment
///
/// A moderator will look at it; once enough readers reported it, it is hidden until then. Each reader counts once for a
/// comment, by their account when they are signed in, and else by where they are: the next report is answered like the
/// first, and changes nothing. What somebody reports who is banned is taken, and not counted.
#[utoipa::path(
    tag = "Comments",
    operation_id = "report_comment",
    security((), ("bearer" = [])),
    params(
        ("slug" = String, Path, description = "The article's slug or id.", example = "harbour-bridge-reopens"),
        (
            "id" = Uuid,
            Path,
            description = "The comment's id.",
            example = "019a0000-0000-7000-8000-00000000000c"
        ),
    ),
    request_body(content = NewCommentReport, example = json!({"reason": "abuse", "note": "It insults the driver."})),
    responses((status = 200, description = "The report.", body = CommentReport))
)]
#[post("/articles/{slug}/comments/{id}/reports")]
pub async fn report_comment(
    guard: MaybeSignedIn,
    app: Shared,
    address: CallerAddress,
    path: Path<(IdOrSlug, Uuid)>,
    body: Json<NewCommentReport>,
    once: Once,
) -> Result<Reply<CommentReport>> {
    let (named, comment) = path.0;
    let mut check = Check::new();
    let note = check.optional_block("/note", body.0.note.as_deref(), MAX_NOTE);
    check.done().map_err(Error::invalid)?;
    let reason = body.0.reason;
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let article = thread::article_or_former(conn, &named).await?;
        let account = guard.act.account();
        let known = account.map_or(Known::Claimed(None), |account| {
            Known::SignedIn(account.user_id, Some(&account.email))
        });
        let commenter = commenter(conn, &app, known, address.0).await?;
        let new = NewReport {
            article: article.id,
            comment,
            reporter: reporter(&app, guard.act.user_id(), &commenter),
            bannable: commenter.bannable(),
            reason,
            note: note.clone(),
        };
        newsroom::report_comment(conn, &guard.act, &app.rule_book, new).await?;
        // What was sent, not what is on record: that may be somebody else's at the same address.
        let report = CommentReport {
            comment_id: comment,
            reason,
            note,
            created_at: guard.act.now,
        };
        Ok(Reply::ok(report).about([comment]))
    })
    .await
}
