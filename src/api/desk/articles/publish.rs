//! Publish an article.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::DeskArticle;
use super::show;
use crate::api::extract::{Once, OptionalJson, Path, RequiredIfMatch};
use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::ReadArticles;
use crate::domain::check::Check;
use crate::domain::instant::Instant;
use crate::domain::workflow::ArticleVerb;
use crate::error::{Error, Result};
use crate::newsroom::{self, Publication};

/// What is to be published; without it the newest revision.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishInput {
    /// The revision; the newest when left out.
    #[schema(minimum = 1)]
    pub revision: Option<i32>,
    /// The date line, not later than now. When left out it is kept, or is now at the first publication.
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub published_at: Option<Instant>,
}

/// Publish an article
///
/// Puts one revision before readers, exactly as it was saved. What preflight finds may block it.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "publish_article",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        ("If-Match" = String, Header, description = "The ETag that was read; `*` means any.", example = "*"),
    ),
    request_body(content = Option<PublishInput>, example = json!({})),
    responses((status = 200, description = "The published article.", body = DeskArticle))
)]
#[post("/articles/{id}/publish")]
pub async fn publish_article(
    guard: Guard<ReadArticles>,
    app: Shared,
    path: Path<Uuid>,
    if_match: RequiredIfMatch,
    body: OptionalJson<PublishInput>,
    once: Once,
) -> Result<Reply<DeskArticle>> {
    let mut check = Check::new();
    let publication = Publication {
        revision: body
            .0
            .revision
            .map(|revision| check.range("/revision", revision, 1, i32::MAX)),
        published_at: body.0.published_at.map(|at| at.0),
    };
    check.done().map_err(Error::invalid)?;
    let mut conn = guard.connect().await?;
    newsroom::require_permission(&mut conn, &guard.act, path.0, ArticleVerb::Publish).await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let (site, act) = (&app.config.site, &guard.act);
        let copy = newsroom::publish_article(conn, act, &site.body_rules(), path.0, if_match.0, publication).await?;
        show::reply(conn, site, act, copy).await
    })
    .await
}
