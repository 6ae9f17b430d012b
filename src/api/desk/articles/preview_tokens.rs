//! Links to what is not published.

use actix_web::{HttpResponse, delete, get, post};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::show;
use crate::api::extract::{Once, OptionalJson, Path};
use crate::api::page::Page;
use crate::api::response::{Reply, no_content};
use crate::app::{App, Shared};
use crate::auth::Guard;
use crate::auth::guard::{ReadArticles, WriteOwnArticles};
use crate::db;
use crate::domain::check::Check;
use crate::error::{Error, Result};
use crate::newsroom;

/// A day, in seconds.
const DAY: i32 = 86_400;
/// How many links a list shows at most: the oldest.
const MAX_LISTED: i64 = 100;

/// What link is wanted; without it one to the newest revision, for a day.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPreviewToken {
    /// The revision; when left out, whatever is the newest when the link is opened.
    #[schema(minimum = 1)]
    pub revision: Option<i32>,
    /// How long it can be opened, in seconds; a day when left out, thirty days at most.
    #[schema(minimum = 60, maximum = 2592000)]
    pub expires_in: Option<i32>,
}

/// A new preview link. Whoever has it can open it until it expires or is revoked.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedPreviewToken {
    pub id: Uuid,
    /// What `GET /previews/{token}` takes. Shown this once: `null` when the same request is answered again.
    #[schema(required)]
    pub token: Option<String>,
    /// Where the front end shows it. Shown this once: `null` when the same request is answered again.
    #[schema(required, format = "uri")]
    pub url: Option<String>,
    /// `null` for whatever is the newest.
    #[schema(required)]
    pub revision: Option<i32>,
    pub expires_at: DateTime<Utc>,
}

/// A preview link that can be opened, without its token.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewToken {
    pub id: Uuid,
    #[schema(required)]
    pub revision: Option<i32>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// How often it was opened.
    #[schema(minimum = 0)]
    pub use_count: i64,
    #[schema(required)]
    pub last_used_at: Option<DateTime<Utc>>,
}

/// The links to an article.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewTokenList {
    pub data: Vec<PreviewToken>,
    pub page: Page,
}

/// List an article's preview links
///
/// Those that can be opened now, oldest first, a hundred at most, with how often they were.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "list_preview_tokens",
    params(("id" = Uuid, Path, description = "The article's id.")),
    responses((status = 200, description = "The links.", body = PreviewTokenList))
)]
#[get("/articles/{id}/preview-tokens")]
pub async fn list_preview_tokens(guard: Guard<ReadArticles>, path: Path<Uuid>) -> Result<Reply<PreviewTokenList>> {
    let mut conn = guard.connect().await?;
    show::find(&mut conn, &guard.act, path.0).await?;
    let found = db::preview_tokens::open(&mut conn, path.0, guard.act.now, MAX_LISTED).await?;
    let data = found.into_iter().map(|(token, use_count, last_used_at)| PreviewToken {
        id: token.id,
        revision: token.revision,
        created_at: token.created_at,
        expires_at: token.expires_at,
        use_count,
        last_used_at,
    });
    let data: Vec<PreviewToken> = data.collect();
    let page = Page::whole(data.len());
    Ok(Reply::ok(PreviewTokenList { data, page }))
}

/// Make a preview link
///
/// For somebody without an account: it shows what readers would see if the revision were published now.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "create_preview_token",
    params(("id" = Uuid, Path, description = "The article's id.", example = "019a0000-0000-7000-8000-00000000000a")),
    request_body(content = Option<NewPreviewToken>, example = json!({"expires_in": 3600})),
    responses((status = 201, description = "The link.", body = CreatedPreviewToken))
)]
#[post("/articles/{id}/preview-tokens")]
pub async fn create_preview_token(
    guard: Guard<WriteOwnArticles>,
    app: Shared,
    path: Path<Uuid>,
    body: OptionalJson<NewPreviewToken>,
    once: Once,
) -> Result<Reply<CreatedPreviewToken>> {
    let mut check = Check::new();
    let revision = body
        .0
        .revision
        .map(|revision| check.range("/revision", revision, 1, i32::MAX));
    let lasting = body
        .0
        .expires_in
        .map_or(DAY, |seconds| check.range("/expires_in", seconds, 60, 30 * DAY));
    check.done().map_err(Error::invalid)?;
    let mut conn = guard.connect().await?;
    once.answer_hiding(&["token", "url"], &mut conn, &guard.act, async |conn| {
        let lasting = TimeDelta::seconds(lasting.into());
        let row = newsroom::create_preview_token(conn, &guard.act, path.0, revision, lasting).await?;
        let token = app.previews.sign(row.id).expose_secret().to_owned();
        let location = format!("/api/v1/desk/articles/{}/preview-tokens/{}", row.article_id, row.id);
        let created = CreatedPreviewToken {
            id: row.id,
            url: Some(address(&app, &token)),
            token: Some(token),
            revision: row.revision,
            expires_at: row.expires_at,
        };
        Ok(Reply::created(created, location))
    })
    .await
}

fn address(app: &App, token: &str) -> String {
    match &app.config.site.preview_url {
        Some(template) => template.replace("{token}", token),
        None => app.config.http.public_url.join(&format!("/api/v1/previews/{token}")),
    }
}

/// Revoke a preview link
///
/// It opens nothing from now on.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "revoke_preview_token",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        ("token_id" = Uuid, Path, description = "The link's id."),
    ),
    responses((status = 204, description = "It is revoked."))
)]
#[delete("/articles/{id}/preview-tokens/{token_id}")]
pub async fn revoke_preview_token(guard: Guard<WriteOwnArticles>, path: Path<(Uuid, Uuid)>) -> Result<HttpResponse> {
    let (id, token) = path.0;
    let mut conn = guard.connect().await?;
    newsroom::revoke_preview_token(&mut conn, &guard.act, id, token).await?;
    Ok(no_content())
}
