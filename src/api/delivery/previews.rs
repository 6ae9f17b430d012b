//! What is not published, for those who were given a link to it. The one read of delivery that is never cached.

use actix_web::http::header::{CACHE_CONTROL, HeaderName};
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::articles::FormsQuery;
use super::articles::article::Article;
use crate::api::extract::{Path, Query};
use crate::app::Shared;
use crate::auth::guard::Newcomer;
use crate::db::published::preview;
use crate::domain::workflow::ArticleStatus;
use crate::error::{Code, Error, Result};
use crate::newsroom::{self, Refusal};

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(get_preview);
}

/// An article as readers would see it if it were published now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticlePreview {
    pub article: Article,
    pub revision: i32,
    /// What readers have of it in truth.
    pub status: ArticleStatus,
    /// When the link ends.
    pub expires_at: DateTime<Utc>,
}

/// Open a preview link
///
/// What publishing would show now, for whoever has the link. It is never cached, and each use is noted.
#[utoipa::path(
    tag = "Articles",
    operation_id = "get_preview",
    params(("token" = String, Path, description = "The token of a preview link.", example = "mhp_AZTWW3JMdQCdNk"), FormsQuery),
    responses((status = 200, description = "The article.", body = ArticlePreview))
)]
#[get("/previews/{token}")]
pub async fn get_preview(
    newcomer: Newcomer,
    app: Shared,
    path: Path<String>,
    query: Query<FormsQuery>,
) -> Result<HttpResponse> {
    let token = app.previews.read(&path.0).ok_or_else(closed)?;
    let mut conn = newcomer.connect().await?;
    let site = &app.config.site;
    let opened = newsroom::open_preview(&mut conn, &newcomer.act, &site.body_rules(), token).await;
    let opened = opened.map_err(|refusal| match refusal {
        Refusal::NotFound(_) => closed(),
        other => other.into(),
    })?;
    let revision = opened.copy.revision;
    let shown = preview::shown(&mut conn, opened.copy).await?;
    let body = ArticlePreview {
        article: Article::of(shown, query.0.formats(), site, newcomer.act.now)?,
        revision,
        status: opened.status,
        expires_at: opened.expires_at,
    };
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .insert_header((HeaderName::from_static("x-robots-tag"), "noindex"))
        .json(body))
}

/// The same for a link that never was, has ended, or leads to nothing any more.
fn closed() -> Error {
    Error::new(
        Code::NotFound,
        "This preview link is not valid, or it has expired or was revoked; the newsroom can make a new one.",
    )
}
