//! Who may not comment.

mod input;

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::user_ref::UserRef;
use crate::api::extract::{Json, Once, Path, Query};
use crate::api::page::{Cursors, Page, Window, next_link};
use crate::api::response::{Reply, no_content};
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::ModerateComments;
use crate::db;
use crate::db::comment_bans::BanRow;
use crate::domain::comment_rules::BanKind;
use crate::error::{Error, Result};
use crate::newsroom;
use input::NewCommentBan;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_comment_bans)
        .service(create_comment_ban)
        .service(delete_comment_ban);
}

/// Somebody may not comment. By whom it is known is kept as a hash alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentBan {
    pub id: Uuid,
    pub kind: BanKind,
    /// Why, for moderators.
    #[schema(required)]
    pub note: Option<String>,
    pub created_at: DateTime<Utc>,
    #[schema(required)]
    pub created_by: Option<UserRef>,
    /// `null` when it does not end by itself.
    #[schema(required)]
    pub expires_at: Option<DateTime<Utc>>,
}

impl CommentBan {
    fn new((row, by): (BanRow, Option<String>)) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            note: row.note,
            created_at: row.created_at,
            created_by: row.created_by_id.zip(by).map(|(id, name)| UserRef { id, name }),
            expires_at: row.expires_at,
        }
    }
}

/// Bans, a page of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentBanList {
    pub data: Vec<CommentBan>,
    pub page: Page,
}

/// What `GET /desk/comment-bans` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CommentBanQuery {
    /// Bans on a page; 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// List bans
///
/// Those that hold, newest first.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "list_comment_bans",
    params(CommentBanQuery),
    responses((status = 200, description = "A page of bans.", body = CommentBanList))
)]
#[get("/comment-bans")]
pub async fn list_comment_bans(
    request: HttpRequest,
    guard: Guard<ModerateComments>,
    cursors: web::Data<Cursors>,
    query: Query<CommentBanQuery>,
) -> Result<Reply<CommentBanList>> {
    let scope = "desk/comment-bans".to_owned();
    let window = Window::read(&cursors, scope, query.0.limit, query.0.cursor.as_deref())?;
    let mut conn = guard.connect().await?;
    let mut rows = db::comment_bans::list(&mut conn, guard.act.now, window.after, window.fetch()).await?;
    let page = window.close(&cursors, &mut rows, |(row, _)| (row.created_at, row.id));
    let next = next_link(&request, &page);
    let data = rows.into_iter().map(CommentBan::new).collect();
    Ok(Reply::ok(CommentBanList { data, page }).next(next))
}

/// Ban somebody from commenting
///
/// The author of a comment, by what it is known by; or an e-mail address, an address or a range of addresses. Kept as a
/// hash alone. What they wrote stays as it is.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "create_comment_ban",
    request_body(
        content = NewCommentBan,
        example = json!({"email": "toll.pass@reader.example", "note": "Sells toll passes.", "expires_at": "2099-01-01T00:00:00Z"})
    ),
    responses((status = 201, description = "The ban.", body = CommentBan))
)]
#[post("/comment-bans")]
pub async fn create_comment_ban(
    guard: Guard<ModerateComments>,
    app: Shared,
    body: Json<NewCommentBan>,
    once: Once,
) -> Result<Reply<CommentBan>> {
    let new = body.0.check(&app, guard.act.now)?;
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let row = newsroom::create_comment_ban(conn, &guard.act, new).await?;
        let found = db::comment_bans::find(conn, row.id).await?;
        let ban = found.map(CommentBan::new).ok_or_else(|| Error::not_found("ban"))?;
        let location = format!("/api/v1/desk/comment-bans/{}", ban.id);
        Ok(Reply::created(ban, location))
    })
    .await
}

/// Lift a ban
///
/// They may comment from now on.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "delete_comment_ban",
    params(("id" = Uuid, Path, description = "The ban's id.")),
    responses((status = 204, description = "It is lifted."))
)]
#[delete("/comment-bans/{id}")]
pub async fn delete_comment_ban(guard: Guard<ModerateComments>, path: Path<Uuid>) -> Result<HttpResponse> {
    let mut conn = guard.connect().await?;
    newsroom::delete_comment_ban(&mut conn, &guard.act, path.0).await?;
    Ok(no_content())
}
