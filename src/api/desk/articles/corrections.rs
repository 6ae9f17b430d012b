//! Public notes that say what was wrong with an article.

use actix_web::{HttpResponse, delete, get, patch, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::inputs::ArticlePatch;
use super::show;
use crate::api::delivery::corrections::CorrectionList;
use crate::api::extract::{Json, Once, Path, RequiredIfMatch};
use crate::api::page::Page;
use crate::api::response::{Reply, no_content};
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::ReadArticles;
use crate::db;
use crate::domain::check::{Check, FieldError};
use crate::domain::correction::{Correction, CorrectionKind};
use crate::domain::patch::{Patch, given};
use crate::domain::workflow::ArticleVerb;
use crate::error::{Error, Result};
use crate::newsroom::{self, ArticleChange, Corrected, CorrectionChange};

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_desk_corrections)
        .service(create_correction)
        .service(update_correction)
        .service(delete_correction);
}

/// The longest note, in characters.
const MAX_TEXT: usize = 2000;

/// What was wrong, and what mends it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCorrection {
    pub kind: CorrectionKind,
    /// What readers are told.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
    /// What changes in the text, content only: brought into what readers have and into the working copy.
    pub patch: Option<ArticlePatch>,
}

/// What changes about a correction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = CorrectionKind)]
    pub kind: Option<CorrectionKind>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, min_length = 1, max_length = 2000)]
    pub text: Option<String>,
}

/// A new correction, and what became of the article.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedCorrection {
    pub id: Uuid,
    pub kind: CorrectionKind,
    pub text: String,
    pub published_at: DateTime<Utc>,
    /// The article's version now.
    pub version: i32,
    /// The article's newest revision now.
    pub revision: i32,
    /// The revision that readers have now.
    #[schema(required)]
    pub published_revision: Option<i32>,
    /// Fields of the patch that the working copy keeps as they are, because they had been changed there too. Readers got
    /// them all.
    pub not_applied: Vec<String>,
    /// A revision that was submitted or scheduled before the newest one, and lacks the patch: submit or schedule another.
    #[schema(required)]
    pub unpatched_revision: Option<i32>,
}

impl From<Corrected> for CreatedCorrection {
    fn from(corrected: Corrected) -> Self {
        let Corrected {
            correction,
            article,
            not_applied,
            unpatched_revision,
        } = corrected;
        Self {
            id: correction.id,
            kind: correction.kind,
            text: correction.text,
            published_at: correction.published_at,
            version: article.version,
            revision: article.revision,
            published_revision: article.published_revision,
            not_applied: not_applied.into_iter().map(str::to_owned).collect(),
            unpatched_revision,
        }
    }
}

/// List an article's corrections
///
/// Oldest first, whether readers have the article or not.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "list_desk_corrections",
    params(("id" = Uuid, Path, description = "The article's id.")),
    responses((status = 200, description = "The corrections.", body = CorrectionList))
)]
#[get("/articles/{id}/corrections")]
pub async fn list_desk_corrections(guard: Guard<ReadArticles>, path: Path<Uuid>) -> Result<Reply<CorrectionList>> {
    let mut conn = guard.connect().await?;
    show::find(&mut conn, &guard.act, path.0).await?;
    let found = db::corrections::of_article(&conn, path.0).await?;
    let data: Vec<Correction> = found.into_iter().map(Correction::from).collect();
    let page = Page::whole(data.len());
    Ok(Reply::ok(CorrectionList { data, page }))
}

/// Correct a published article
///
/// Tells readers what was wrong. With a `patch`, readers get what they have and the patch, nothing else of the working
/// copy; the working copy gets the patch too, but for fields that it had changed itself: `not_applied` names them.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "create_correction",
    params(
        ("id" = Uuid, Path, description = "The article's id.", example = "019a0000-0000-7000-8000-00000000000a"),
        ("If-Match" = String, Header, description = "The article's ETag that was read; `*` means any.", example = "*"),
    ),
    request_body(
        content = NewCorrection,
        example = json!({"kind": "correction", "text": "An earlier version gave the wrong date of the vote."})
    ),
    responses((status = 201, description = "The correction, published.", body = CreatedCorrection))
)]
#[post("/articles/{id}/corrections")]
pub async fn create_correction(
    guard: Guard<ReadArticles>,
    app: Shared,
    path: Path<Uuid>,
    if_match: RequiredIfMatch,
    body: Json<NewCorrection>,
    once: Once,
) -> Result<Reply<CreatedCorrection>> {
    let mut check = Check::new();
    let text = check.block("/text", &body.0.text, MAX_TEXT);
    let patch = body.0.patch.map(|patch| content_only(&mut check, patch));
    check.done().map_err(Error::invalid)?;
    let kind = body.0.kind;
    let mut conn = guard.connect().await?;
    newsroom::require_permission(&mut conn, &guard.act, path.0, ArticleVerb::Correct).await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let rules = app.config.site.body_rules();
        let new = newsroom::NewCorrection { kind, text, patch };
        let corrected = newsroom::correct_article(conn, &guard.act, &rules, path.0, if_match.0, new).await?;
        let created = CreatedCorrection::from(corrected);
        let location = format!("/api/v1/desk/articles/{}/corrections/{}", path.0, created.id);
        let version = created.version;
        Ok(Reply::created(created, location).version(version))
    })
    .await
}

/// The patch, without what acts on the article and not on its text: that is refused.
fn content_only(check: &mut Check, patch: ArticlePatch) -> ArticleChange {
    let misplaced = [
        ("breaking_until", patch.breaking_until != Patch::Absent),
        ("featured", patch.featured != Patch::Absent),
        ("comments_policy", patch.comments_policy != Patch::Absent),
        ("assignee", patch.assignee != Patch::Absent),
        ("embargo_until", patch.embargo_until != Patch::Absent),
        ("autosave", patch.autosave),
    ];
    for (field, _) in misplaced.into_iter().filter(|(_, given)| *given) {
        let message = "is no content, so it is not corrected; save the article with it";
        check.refuse(FieldError::field(format!("/patch/{field}"), "not_content", message));
    }
    patch.check()
}

/// Change a correction
///
/// Its date stays. The old wording remains in the publication log.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "update_correction",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        ("correction_id" = Uuid, Path, description = "The correction's id."),
        ("If-Match" = String, Header, description = "The article's ETag that was read; `*` means any.", example = "*"),
    ),
    request_body(content = CorrectionPatch, example = json!({"kind": "clarification"})),
    responses((status = 200, description = "The correction as it is now.", body = Correction))
)]
#[patch("/articles/{id}/corrections/{correction_id}")]
pub async fn update_correction(
    guard: Guard<ReadArticles>,
    path: Path<(Uuid, Uuid)>,
    if_match: RequiredIfMatch,
    body: Json<CorrectionPatch>,
) -> Result<Reply<Correction>> {
    let mut check = Check::new();
    let text = body.0.text.map(|text| check.block("/text", &text, MAX_TEXT));
    check.done().map_err(Error::invalid)?;
    let (id, correction) = path.0;
    let mut conn = guard.connect().await?;
    let kind = body.0.kind;
    let change = CorrectionChange { kind, text };
    let (correction, article) =
        newsroom::update_correction(&mut conn, &guard.act, id, if_match.0, correction, change).await?;
    Ok(Reply::ok(correction).version(article.version))
}

/// Delete a correction
///
/// Readers are not told of it any more; what it mended stays mended.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "delete_correction",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        ("correction_id" = Uuid, Path, description = "The correction's id."),
        ("If-Match" = String, Header, description = "The article's ETag that was read; `*` means any.", example = "*"),
    ),
    responses((status = 204, description = "It is gone."))
)]
#[delete("/articles/{id}/corrections/{correction_id}")]
pub async fn delete_correction(
    guard: Guard<ReadArticles>,
    path: Path<(Uuid, Uuid)>,
    if_match: RequiredIfMatch,
) -> Result<HttpResponse> {
    let (id, correction) = path.0;
    let mut conn = guard.connect().await?;
    newsroom::delete_correction(&mut conn, &guard.act, id, if_match.0, correction).await?;
    Ok(no_content())
}
