//! What was wrong in the paper, told to its readers.

use actix_web::{HttpRequest, HttpResponse, Responder, get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::Moved;
use super::articles::elsewhere;
use super::cards::front_end_path;
use crate::api::extract::{Path, Query};
use crate::api::page::{Cursors, Page, Window, next_link};
use crate::api::response::Public;
use crate::app::Shared;
use crate::auth::guard::Anyone;
use crate::config::SiteConfig;
use crate::db;
use crate::db::corrections::{CorrectionFilter, Position, PublicCorrection};
use crate::db::published::detail;
use crate::domain::article_path::Addressed;
use crate::domain::correction::{Correction, CorrectionKind};
use crate::domain::id_or_slug::IdOrSlug;
use crate::domain::instant::Instant;
use crate::error::Result;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_corrections).service(list_article_corrections);
}

/// The corrections of an article.
#[derive(Debug, Serialize, ToSchema)]
pub struct CorrectionList {
    pub data: Vec<Correction>,
    pub page: Page,
}

/// An article, as what belongs to it refers to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleRef {
    pub id: Uuid,
    pub slug: String,
    pub title: String,
    /// The path on the front end.
    pub path: String,
    /// The address on the front end.
    #[schema(format = "uri")]
    pub url: String,
}

/// A correction with its article.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedCorrection {
    pub id: Uuid,
    pub kind: CorrectionKind,
    pub text: String,
    pub published_at: DateTime<Utc>,
    pub article: ArticleRef,
}

impl ListedCorrection {
    fn of(row: PublicCorrection, site: &SiteConfig) -> Self {
        let whereabouts = Addressed {
            id: row.correction.article_id,
            slug: &row.slug,
            section: row
                .section
                .as_ref()
                .map(|section| (section.slug.as_str(), section.path.as_str())),
            published_at: row.published_at,
        };
        let path = front_end_path(site, row.timezone.as_deref(), &whereabouts);
        let article = ArticleRef {
            id: row.correction.article_id,
            url: site.url.join(&path),
            path,
            slug: row.slug,
            title: row.title,
        };
        let note = Correction::from(row.correction);
        Self {
            id: note.id,
            kind: note.kind,
            text: note.text,
            published_at: note.published_at,
            article,
        }
    }
}

/// A page of corrections.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedCorrectionList {
    pub data: Vec<ListedCorrection>,
    pub page: Page,
}

/// What `GET /corrections` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CorrectionQuery {
    /// Only notes of this kind.
    #[param(inline)]
    pub kind: Option<CorrectionKind>,
    /// From this instant on.
    #[param(value_type = Option<DateTime<Utc>>)]
    pub published_after: Option<Instant>,
    /// Before this instant.
    #[param(value_type = Option<DateTime<Utc>>)]
    pub published_before: Option<Instant>,
    /// Entries on a page.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// List all corrections
///
/// Of every published article, newest first: what a page on the paper's own mistakes shows.
#[utoipa::path(
    tag = "Articles",
    operation_id = "list_corrections",
    params(CorrectionQuery),
    responses((status = 200, description = "A page of corrections.", body = ListedCorrectionList))
)]
#[get("/corrections")]
pub async fn list_corrections(
    request: HttpRequest,
    anyone: Anyone,
    app: Shared,
    cursors: web::Data<Cursors>,
    query: Query<CorrectionQuery>,
) -> Result<Public<ListedCorrectionList>> {
    let query = query.0;
    let filter = CorrectionFilter {
        kind: query.kind,
        published_after: query.published_after.map(|at| at.0),
        published_before: query.published_before.map(|at| at.0),
    };
    let scope = format!("corrections {filter:?}");
    let window = Window::<Position>::read(&cursors, scope, query.limit, query.cursor.as_deref())?;
    let conn = anyone.connect().await?;
    let mut rows = db::corrections::public(&conn, &filter, window.after.as_ref(), window.fetch()).await?;
    let page = window.close(&cursors, &mut rows, |row| {
        (row.correction.published_at, row.correction.id)
    });
    let modified = rows.iter().map(|row| row.correction.updated_at).max();
    let site = &app.config.site;
    let data: Vec<ListedCorrection> = rows.into_iter().map(|row| ListedCorrection::of(row, site)).collect();
    let articles = data.iter().map(|note| format!("article:{}", note.article.id));
    let mut tags: Vec<String> = articles.collect();
    tags.dedup();
    tags.extend(["articles", "corrections", "names"].map(str::to_owned));
    let next = next_link(&request, &page);
    Ok(Public::new(ListedCorrectionList { data, page }, tags)
        .modified(modified)
        .next(next))
}

/// List an article's corrections for readers
///
/// All of them, oldest first, as the article itself shows them.
#[utoipa::path(
    tag = "Articles",
    operation_id = "list_article_corrections",
    params(("slug" = String, Path, description = "Slug or id.", example = "harbour-bridge-reopens")),
    responses(
        (status = 200, description = "All its corrections.", body = CorrectionList),
        (status = 301, description = "The article has another slug now.", body = Moved),
    )
)]
#[get("/articles/{slug}/corrections")]
pub async fn list_article_corrections(
    request: HttpRequest,
    anyone: Anyone,
    app: Shared,
    path: Path<IdOrSlug>,
) -> Result<HttpResponse> {
    let conn = anyone.connect().await?;
    let Some((id, modified, data)) = detail::corrections(&conn, &path.0).await? else {
        return elsewhere(&request, &conn, &path.0, &app.config.site, "/corrections").await;
    };
    let page = Page::whole(data.len());
    let tags = vec![format!("article:{id}")];
    Ok(Public::new(CorrectionList { data, page }, tags)
        .modified(Some(modified))
        .respond_to(&request))
}
