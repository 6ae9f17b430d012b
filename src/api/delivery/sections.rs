//! Sections, as readers see them.

mod latest;

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, Responder, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use self::latest::{cache_tags, last_change, latest, rows, show_latest, untold};
use super::cards::ArticleCard;
use super::{Moved, nobody};
use crate::api::extract::{Path, Query};
use crate::api::page::Page;
use crate::api::prefix::prefix;
use crate::api::response::{NewPlace, Public, moved};
use crate::app::Shared;
use crate::auth::guard::Anyone;
use crate::config::SiteConfig;
use crate::db;
use crate::db::sections::CountedSection;
use crate::domain::content::{Image, Seo};
use crate::domain::id_or_slug::IdOrSlug;
use crate::domain::section_tree::{Node, arrange};
use crate::domain::taxonomy::Taxonomy;
use crate::error::Result;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_sections).service(get_section);
}

/// A department of the paper.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Section {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    #[schema(required)]
    pub description: Option<String>,
    /// The slug of the section above, `null` for a root section.
    #[schema(required)]
    pub parent: Option<String>,
    /// 1 for a root section.
    pub depth: i32,
    /// Its rank among its siblings, smallest first.
    pub position: i32,
    /// The slugs from the root section down, joined by slashes.
    pub path: String,
    /// Its page on the front end.
    #[schema(format = "uri")]
    pub url: String,
    /// Published articles in it and below it.
    pub article_count: i32,
    #[schema(required)]
    pub image: Option<Image>,
    pub seo: Seo,
    /// Its newest articles, at most as many as `latest` asked for.
    pub latest: Vec<ArticleCard>,
}

/// All sections.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionList {
    pub data: Vec<Section>,
    pub page: Page,
}

impl Section {
    /// Shows rows in tree order.
    #[must_use]
    pub fn tree(rows: Vec<CountedSection>, site: &SiteConfig) -> Vec<Self> {
        let nodes: Vec<Node> = rows.iter().map(|row| row.section.node()).collect();
        let mut by_id: HashMap<Uuid, CountedSection> = rows.into_iter().map(|row| (row.section.id, row)).collect();
        let slugs: HashMap<Uuid, String> = by_id
            .values()
            .map(|row| (row.section.id, row.section.slug.clone()))
            .collect();
        // What is stored is a tree: it was arranged before it was written.
        let placed = arrange(&nodes).unwrap_or_default();
        let rows = placed.iter().filter_map(|place| by_id.remove(&place.id));
        rows.map(|row| Self::of(row, &slugs, site)).collect()
    }

    fn of(row: CountedSection, slugs: &HashMap<Uuid, String>, site: &SiteConfig) -> Self {
        let CountedSection { section, article_count } = row;
        Self {
            id: section.id,
            slug: section.slug,
            name: section.name,
            description: section.description,
            parent: section.parent_id.and_then(|id| slugs.get(&id).cloned()),
            depth: section.depth,
            position: section.position,
            url: site.url.join(&format!("/{}", section.path)),
            path: section.path,
            article_count: article_count.unwrap_or(0),
            image: section.image.map(|image| image.0),
            seo: section.seo.0,
            latest: Vec::new(),
        }
    }
}

/// What `GET /desk/sections` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SectionQuery {
    /// Names or slugs that begin like this.
    #[param(max_length = 100)]
    pub q: Option<String>,
}

impl SectionQuery {
    /// Leaves out what the query does not ask for.
    ///
    /// # Errors
    /// 400 when `q` is longer than any name.
    pub fn filter(&self, mut sections: Vec<Section>) -> Result<Vec<Section>> {
        if let Some(q) = prefix(self.q.as_deref())?.map(|q| q.to_lowercase()) {
            sections.retain(|section| section.name.to_lowercase().starts_with(&q) || section.slug.starts_with(&q));
        }
        Ok(sections)
    }
}

/// What `GET /sections` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PublicSectionQuery {
    /// Names or slugs that begin like this.
    #[param(max_length = 100)]
    q: Option<String>,
    /// How many of its newest articles each section shows at most; none unless given.
    #[param(minimum = 0, maximum = 20)]
    latest: Option<u32>,
}

/// What `GET /sections/{slug}` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LatestQuery {
    /// How many of its newest articles it shows; none unless given.
    #[param(minimum = 0, maximum = 20)]
    latest: Option<u32>,
}

/// List all sections
///
/// One flat list in tree order, without pages. With `latest=5` each shows its newest articles, those of sections below
/// it included: a home page in two calls. Where that would be over 1,000 in all, each shows fewer,
/// but at least one.
#[utoipa::path(
    tag = "Sections",
    operation_id = "list_sections",
    params(PublicSectionQuery),
    responses((status = 200, description = "Every section.", body = SectionList))
)]
#[get("/sections")]
pub async fn list_sections(
    anyone: Anyone,
    app: Shared,
    query: Query<PublicSectionQuery>,
) -> Result<Public<SectionList>> {
    let PublicSectionQuery { q, latest: given } = query.0;
    let wanted = latest(given)?;
    let conn = anyone.connect().await?;
    let (rows, newest) = rows(&conn, None, wanted).await?;
    let modified = rows.iter().map(|row| row.section.updated_at).max();
    let mut data = SectionQuery { q }.filter(Section::tree(rows, &app.config.site))?;
    let until = show_latest(&conn, &mut data, &newest, &app).await?;
    let modified = last_change(modified, &data);
    let (tags, untold) = (cache_tags(&data), untold(&data));
    let page = Page::whole(data.len());
    Ok(Public::new(SectionList { data, page }, tags)
        .untold(untold)
        .modified(modified)
        .until(until))
}

/// Read one section
///
/// By slug or id. A slug that it had before answers 301.
#[utoipa::path(
    tag = "Sections",
    operation_id = "get_section",
    params(("slug" = String, Path, description = "Slug or id.", example = "world"), LatestQuery),
    responses(
        (status = 200, description = "The section.", body = Section),
        (status = 301, description = "It has another slug now.", body = Moved),
    )
)]
#[get("/sections/{slug}")]
pub async fn get_section(
    request: HttpRequest,
    anyone: Anyone,
    app: Shared,
    path: Path<IdOrSlug>,
    query: Query<LatestQuery>,
) -> Result<HttpResponse> {
    let wanted = latest(query.0.latest)?;
    let mut conn = anyone.connect().await?;
    let (rows, newest) = rows(&conn, Some(&path.0), wanted).await?;
    let retired = match &path.0 {
        IdOrSlug::Slug(slug) if !rows.iter().any(|row| row.section.slug == *slug) => {
            db::retired_slugs::follow(&mut conn, Taxonomy::Section, slug).await?
        }
        _ => None,
    };
    let modified = rows.iter().map(|row| row.section.updated_at).max();
    let sections = Section::tree(rows, &app.config.site);
    let found = sections.into_iter().find(|section| match &path.0 {
        IdOrSlug::Id(id) => section.id == *id,
        IdOrSlug::Slug(slug) => section.slug == *slug || Some(section.id) == retired,
    });
    let mut section = found.ok_or_else(|| nobody("section", &path.0))?;
    if retired.is_some() {
        let to = NewPlace {
            resource: "sections",
            id: section.id,
            below: "",
            named: &path.0,
        };
        let body = Moved {
            path: format!("/{}", section.path),
            slug: section.slug,
            url: section.url,
        };
        return Ok(moved(&request, &to, &body));
    }
    let until = show_latest(&conn, std::slice::from_mut(&mut section), &newest, &app).await?;
    let modified = last_change(modified, std::slice::from_ref(&section));
    let shown = std::slice::from_ref(&section);
    let (tags, untold) = (cache_tags(shown), untold(shown));
    Ok(Public::new(section, tags)
        .untold(untold)
        .modified(modified)
        .until(until)
        .respond_to(&request))
}
