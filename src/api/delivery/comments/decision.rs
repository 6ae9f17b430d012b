//! Why a comment stands where it stands, and asking for another look: for its author alone.

use actix_web::{get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::thread;
use crate::api::extract::{CommentProof, Json, Once, Path};
use crate::api::response::Reply;
use crate::auth::guard::Newcomer;
use crate::db::Connection;
use crate::domain::check::Check;
use crate::domain::comment::CommentStatus;
use crate::domain::comment_rules::{Said, SaidBy, statement};
use crate::domain::id_or_slug::IdOrSlug;
use crate::domain::text_enum;
use crate::error::{Error, Result};
use crate::newsroom::{self, Own};

/// The longest appeal, in characters.
const MAX_APPEAL: usize = 1000;

text_enum! {
    /// Who decided on a comment.
    pub enum CommentDecider {
        Rules = "rules",
        Moderator = "moderator",
    }
}

/// The statement of reasons: what became of a comment, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentStatement {
    pub comment_id: Uuid,
    pub status: CommentStatus,
    /// `null` when nothing was said against it.
    #[schema(required)]
    pub decided_by: Option<CommentDecider>,
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    /// A stable word for programs.
    #[schema(required)]
    pub reason: Option<String>,
    /// A sentence for its author.
    #[schema(required)]
    pub explanation: Option<String>,
    /// What a moderator wrote to its author.
    #[schema(required)]
    pub note: Option<String>,
    /// When its author asked for another look.
    #[schema(required)]
    pub appealed_at: Option<DateTime<Utc>>,
    /// Whether they may: a rejected comment, once.
    pub may_appeal: bool,
}

/// Another look is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentAppeal {
    /// Why the comment should be shown.
    #[schema(min_length = 1, max_length = 1000)]
    pub text: String,
}

/// Read why it was decided
///
/// What became of one's own comment, and for what reason: with its token, at any time.
#[utoipa::path(
    tag = "Comments",
    operation_id = "get_comment_decision",
    params(
        ("slug" = String, Path, description = "The article's slug or id.", example = "harbour-bridge-reopens"),
        (
            "id" = Uuid,
            Path,
            description = "The comment's id.",
            example = "019a0000-0000-7000-8000-00000000000c"
        ),
        (
            "Comment-Token" = String,
            Header,
            description = "The `edit_token` that was given with the comment.",
            example = "mhc_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        ),
    ),
    responses(
        (status = 200, description = "The statement of reasons.", body = CommentStatement),
        (status = 403, description = "The token is not that of the comment."),
    )
)]
#[get("/articles/{slug}/comments/{id}/decision")]
pub async fn get_comment_decision(
    newcomer: Newcomer,
    path: Path<(IdOrSlug, Uuid)>,
    proof: CommentProof,
) -> Result<Reply<CommentStatement>> {
    let (named, id) = path.0;
    let mut conn = newcomer.connect().await?;
    let article = thread::article_or_former(&conn, &named).await?;
    Ok(Reply::ok(stated(&mut conn, proof.of(article.id, id)).await?))
}

/// Appeal against a rejection
///
/// Once for a comment, by its author, with its token: a moderator looks at it again. It stays rejected until then. A
/// comment that is not rejected, or was appealed before, answers 409 with the code `invalid_state_transition`.
#[utoipa::path(
    tag = "Comments",
    operation_id = "appeal_comment",
    params(
        ("slug" = String, Path, description = "The article's slug or id.", example = "harbour-bridge-reopens"),
        (
            "id" = Uuid,
            Path,
            description = "The comment's id.",
            example = "019a0000-0000-7000-8000-00000000000c"
        ),
        (
            "Comment-Token" = String,
            Header,
            description = "The `edit_token` that was given with the comment.",
            example = "mhc_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        ),
    ),
    request_body(content = CommentAppeal, example = json!({"text": "I quoted the minister; these are not my words."})),
    responses(
        (status = 200, description = "The statement of reasons, as it is now.", body = CommentStatement),
        (status = 403, description = "The token is not that of the comment."),
        (status = 409, description = "It cannot be appealed, or no more."),
    )
)]
#[post("/articles/{slug}/comments/{id}/appeal")]
pub async fn appeal_comment(
    newcomer: Newcomer,
    path: Path<(IdOrSlug, Uuid)>,
    proof: CommentProof,
    body: Json<CommentAppeal>,
    once: Once,
) -> Result<Reply<CommentStatement>> {
    let (named, id) = path.0;
    let mut check = Check::new();
    let text = check.block("/text", &body.0.text, MAX_APPEAL);
    check.done().map_err(Error::invalid)?;
    let mut conn = newcomer.connect().await?;
    let article = thread::article_or_former(&conn, &named).await?;
    let own = proof.of(article.id, id);
    // Before an answer that was kept is given again: a stranger gets none.
    newsroom::read_own_comment(&mut conn, own).await?;
    once.answer(&mut conn, &newcomer.act, async |conn| {
        newsroom::appeal_comment(conn, &newcomer.act, own, text).await?;
        Ok(Reply::ok(stated(conn, own).await?).about([id]))
    })
    .await
}

async fn stated(conn: &mut Connection, own: Own<'_>) -> Result<CommentStatement> {
    let (comment, trail) = newsroom::read_own_comment(conn, own).await?;
    let said = trail.iter().map(|row| Said {
        at: row.at,
        decisions: &row.decisions.0,
    });
    let statement = statement(&said.collect::<Vec<_>>());
    let decider = |by: SaidBy| match by {
        SaidBy::Moderator => CommentDecider::Moderator,
        SaidBy::Rules | SaidBy::Author => CommentDecider::Rules,
    };
    Ok(CommentStatement {
        comment_id: comment.id,
        status: comment.status,
        decided_by: statement.as_ref().map(|statement| decider(statement.by)),
        decided_at: statement.as_ref().map(|statement| statement.at),
        reason: statement.as_ref().map(|statement| statement.reason.clone()),
        explanation: statement.as_ref().map(|statement| statement.explanation.clone()),
        note: statement.and_then(|statement| statement.note),
        appealed_at: comment.appealed_at,
        may_appeal: comment.status == CommentStatus::Rejected && comment.appealed_at.is_none(),
    })
}
