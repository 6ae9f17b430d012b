//! What readers had at a moment.

use actix_web::get;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::revision::RevisionContent;
use crate::api::desk::articles::show;
use crate::api::extract::{Path, Query};
use crate::api::response::Reply;
use crate::auth::Guard;
use crate::auth::guard::ReadArticles;
use crate::db;
use crate::domain::correction::Correction;
use crate::domain::instant::Instant;
use crate::error::{Code, Error, Result};

/// What `GET /desk/articles/{id}/published` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AsOfQuery {
    /// The moment; now when left out.
    #[param(value_type = Option<DateTime<Utc>>)]
    pub as_of: Option<Instant>,
}

/// What readers had of an article, from one instant to another.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublishedVersion {
    pub revision: i32,
    pub shown_from: DateTime<Utc>,
    /// `null` while they still have it.
    #[schema(required)]
    pub shown_until: Option<DateTime<Utc>>,
    /// The date line that they saw.
    pub published_at: DateTime<Utc>,
    pub content_updated_at: DateTime<Utc>,
    /// Its section, tags and authors as they were called when it was published.
    pub content: RevisionContent,
    /// The corrections that they were told of, oldest first.
    pub corrections: Vec<Correction>,
}

/// Read what readers had
///
/// At any moment, from the publication log, under the names of that time.
#[utoipa::path(
    tag = "Desk: history",
    operation_id = "get_published_as_of",
    params(("id" = Uuid, Path, description = "The article's id."), AsOfQuery),
    responses((status = 200, description = "What they had.", body = PublishedVersion))
)]
#[get("/articles/{id}/published")]
pub async fn get_published_as_of(
    guard: Guard<ReadArticles>,
    path: Path<Uuid>,
    query: Query<AsOfQuery>,
) -> Result<Reply<PublishedVersion>> {
    let at = query.0.as_of.map_or(guard.act.now, |at| at.0);
    let mut conn = guard.connect().await?;
    show::find(&mut conn, &guard.act, path.0).await?;
    let nothing = || Error::new(Code::NotFound, "Readers had nothing of the article at that moment.");
    let (shown, until) = db::publications::at(&mut conn, path.0, at).await?.ok_or_else(nothing)?;
    let (Some(revision), Some(published_at), Some(content_updated_at)) =
        (shown.revision, shown.published_at, shown.content_updated_at)
    else {
        return Err(nothing());
    };
    let mut content = RevisionContent::from(db::revisions::find(&mut conn, path.0, revision).await?.content);
    content.section = shown.section.map(|section| section.0);
    content.tags = shown.tags.0;
    content.authors = shown.authors.0;
    let corrections = db::publications::corrections_at(&mut conn, path.0, shown.version).await?;
    Ok(Reply::ok(PublishedVersion {
        revision,
        shown_from: shown.at,
        shown_until: until,
        published_at,
        content_updated_at,
        content,
        corrections,
    }))
}
