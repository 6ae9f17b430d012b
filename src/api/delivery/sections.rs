//! Sections, as readers see them.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, Responder, get};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::Moved;
use super::cards::ArticleCard;
use crate::api::extract::{IdOrSlug, Path, Query};
use crate::api::page::Page;
use crate::api::prefix::prefix;
use crate::api::response::{NewPlace, Public, moved};
use crate::app::Shared;
use crate::auth::guard::Anyone;
use crate::config::SiteConfig;
use crate::db::sections::CountedSection;
use crate::db::{self, Connection};
use crate::domain::check::FieldError;
use crate::domain::content::{Image, Seo};
use crate::domain::section_tree::{Node, arrange};
use crate::domain::taxonomy::Taxonomy;
use crate::error::{Code, Error, Result};

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
    /// Its newest articles, as many as `latest` asked for.
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
    /// How many of its newest articles each section shows; none unless given.
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

/// The most articles that a section shows.
const MAX_LATEST: u32 = 20;

fn latest(given: Option<u32>) -> Result<u32> {
    let latest = given.unwrap_or(0);
    if latest > MAX_LATEST {
        let problem = FieldError::parameter("latest", "out_of_range", format!("must be 0 to {MAX_LATEST}"));
        return Err(Error::parameter(Code::InvalidParameter, problem));
    }
    Ok(latest)
}

/// Gives each section its `latest` newest articles.
async fn show_latest(conn: &Connection, sections: &mut [Section], latest: u32, app: &Shared) -> Result<()> {
    if latest == 0 {
        return Ok(());
    }
    let ids: Vec<Uuid> = sections.iter().map(|section| section.id).collect();
    let newest = db::published::lists::newest_of_sections(conn, &ids, latest).await?;
    let mut wanted: Vec<Uuid> = newest.values().flatten().copied().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let cards = db::published::cards::load(conn, &wanted, &[]).await?;
    let cards = ArticleCard::all(cards, &app.config.site, app.clock.now());
    let cards: HashMap<Uuid, ArticleCard> = cards.into_iter().map(|card| (card.id, card)).collect();
    for section in sections {
        let newest = newest.get(&section.id).into_iter().flatten();
        section.latest = newest.filter_map(|id| cards.get(id).cloned()).collect();
    }
    Ok(())
}

/// When one of these sections or of the articles they show last changed.
fn last_change(changed: Option<DateTime<Utc>>, sections: &[Section]) -> Option<DateTime<Utc>> {
    let cards = sections.iter().flat_map(|section| &section.latest);
    cards.map(|card| card.content_updated_at).chain(changed).max()
}

/// What an answer that shows these sections depends on.
fn cache_tags(sections: &[Section]) -> Vec<String> {
    let cards = sections.iter().flat_map(|section| &section.latest);
    let cards = cards.map(|card| format!("article:{}", card.id));
    sections
        .iter()
        .map(|section| format!("section:{}", section.id))
        .chain(cards)
        .collect()
}

/// List all sections
///
/// One flat list in tree order, without pages. With `latest=5` each shows its newest articles, those of sections below
/// it included: a home page in two calls.
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
    let mut conn = anyone.connect().await?;
    let rows = db::sections::all(&mut conn).await?;
    let modified = rows.iter().map(|row| row.section.updated_at).max();
    let mut data = SectionQuery { q }.filter(Section::tree(rows, &app.config.site))?;
    show_latest(&conn, &mut data, wanted, &app).await?;
    let modified = last_change(modified, &data);
    let tags = std::iter::once("articles".to_owned()).chain(cache_tags(&data));
    let tags: Vec<String> = tags.collect();
    let page = Page::whole(data.len());
    Ok(Public::new(SectionList { data, page }, tags).modified(modified))
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
    let rows = db::sections::all(&mut conn).await?;
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
    let mut section = found.ok_or_else(|| Error::not_found("section"))?;
    if retired.is_some() {
        let to = NewPlace {
            resource: "sections",
            id: section.id,
            below: "",
        };
        let body = Moved {
            path: format!("/{}", section.path),
            slug: section.slug,
            url: section.url,
        };
        return Ok(moved(&request, &to, &body));
    }
    show_latest(&conn, std::slice::from_mut(&mut section), wanted, &app).await?;
    let modified = last_change(modified, std::slice::from_ref(&section));
    let tags = cache_tags(std::slice::from_ref(&section));
    Ok(Public::new(section, tags).modified(modified).respond_to(&request))
}
