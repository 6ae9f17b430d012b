//! Tags, as readers see them: those that a published article names.

use actix_web::{HttpRequest, HttpResponse, Responder, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{Moved, nobody};
use crate::api::extract::{Path, Query};
use crate::api::page::{Cursors, MAX_TOTAL, Page, Window, next_link};
use crate::api::prefix::prefix;
use crate::api::response::{NewPlace, Public, moved};
use crate::app::Shared;
use crate::auth::guard::Anyone;
use crate::config::SiteConfig;
use crate::db::tags::{CountedTag, TagFilter};
use crate::db::{self, Connection};
use crate::domain::id_or_slug::IdOrSlug;
use crate::domain::taxonomy::{NameSort, TagKind};
use crate::error::Result;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_tags).service(get_tag);
}

/// What articles are about: a topic, a person, a place or an organisation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Tag {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub kind: TagKind,
    #[schema(required)]
    pub description: Option<String>,
    /// Its page on the front end.
    #[schema(format = "uri")]
    pub url: String,
    /// Published articles that name it.
    pub article_count: i32,
    /// The slug of the tag that it was merged into; only the desk still shows such a one.
    #[schema(required)]
    pub merged_into: Option<String>,
}

/// A page of tags.
#[derive(Debug, Serialize, ToSchema)]
pub struct TagList {
    pub data: Vec<Tag>,
    pub page: Page,
}

impl Tag {
    /// Shows a row. `merged_into` is the slug of the tag that it was merged into.
    #[must_use]
    pub fn of(row: CountedTag, merged_into: Option<String>, site: &SiteConfig) -> Self {
        let tag = row.tag;
        Self {
            id: tag.id,
            url: site.url.join(&page_of(&tag.slug)),
            slug: tag.slug,
            name: tag.name,
            kind: tag.kind,
            description: tag.description,
            article_count: row.article_count,
            merged_into,
        }
    }
}

/// The path of a tag's page on the front end.
fn page_of(slug: &str) -> String {
    format!("/tags/{slug}")
}

/// What `GET /tags` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TagQuery {
    /// Names or slugs that begin like this.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Only tags of this kind.
    #[param(inline)]
    pub kind: Option<TagKind>,
    /// By name, or those with most articles first.
    #[param(inline)]
    pub sort: Option<NameSort>,
    /// Entries on a page.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Also count, to 10,000.
    pub with_total: Option<bool>,
}

/// List tags
///
/// Tags that at least one published article names.
#[utoipa::path(
    tag = "Tags",
    operation_id = "list_tags",
    params(TagQuery),
    responses((status = 200, description = "A page of tags.", body = TagList))
)]
#[get("/tags")]
pub async fn list_tags(
    request: HttpRequest,
    anyone: Anyone,
    app: Shared,
    cursors: web::Data<Cursors>,
    query: Query<TagQuery>,
) -> Result<Public<TagList>> {
    let query = query.0;
    let filter = TagFilter {
        q: prefix(query.q.as_deref())?,
        kind: query.kind,
        used: true,
    };
    let sort = query.sort.unwrap_or(NameSort::Name).into();
    let scope = format!("list_tags {sort} {filter:?}");
    let window = Window::read(&cursors, scope, query.limit, query.cursor.as_deref())?;
    let mut conn = anyone.connect().await?;
    let mut rows = db::tags::list(&mut conn, &filter, sort, window.after.clone(), window.fetch()).await?;
    let page = window.close(&cursors, &mut rows, |row| row.position(sort));
    let total = match query.with_total {
        Some(true) => Some(db::tags::count(&mut conn, &filter, MAX_TOTAL + 1).await?),
        _ => None,
    };
    let page = page.with_total(total);
    let modified = rows.iter().map(|row| row.tag.updated_at).max();
    let data: Vec<Tag> = rows
        .into_iter()
        .map(|row| Tag::of(row, None, &app.config.site))
        .collect();
    let tags = std::iter::once("tags".to_owned()).chain(data.iter().map(|tag| format!("tag:{}", tag.id)));
    let tags: Vec<String> = tags.collect();
    let next = next_link(&request, &page);
    Ok(Public::new(TagList { data, page }, tags).modified(modified).next(next))
}

/// Read one tag
///
/// By slug or id. A slug that it had before, or that of a tag merged into it, answers 301.
#[utoipa::path(
    tag = "Tags",
    operation_id = "get_tag",
    params(("slug" = String, Path, description = "Slug or id.", example = "harbour")),
    responses(
        (status = 200, description = "The tag.", body = Tag),
        (status = 301, description = "It has another slug now.", body = Moved),
    )
)]
#[get("/tags/{slug}")]
pub async fn get_tag(request: HttpRequest, anyone: Anyone, app: Shared, path: Path<IdOrSlug>) -> Result<HttpResponse> {
    let mut conn = anyone.connect().await?;
    let found = find(&mut conn, &path.0).await?;
    let (row, is_moved) = found.ok_or_else(|| nobody("tag", &path.0))?;
    let modified = row.tag.updated_at;
    let tag = Tag::of(row, None, &app.config.site);
    if is_moved {
        let to = NewPlace {
            resource: "tags",
            id: tag.id,
            below: "",
            named: &path.0,
        };
        let body = Moved {
            path: page_of(&tag.slug),
            slug: tag.slug,
            url: tag.url,
        };
        return Ok(moved(&request, &to, &body));
    }
    let tags = vec![format!("tag:{}", tag.id)];
    Ok(Public::new(tag, tags).modified(Some(modified)).respond_to(&request))
}

/// The tag that readers find under this name, and whether it has another name now.
async fn find(conn: &mut Connection, name: &IdOrSlug) -> Result<Option<(CountedTag, bool)>> {
    let (mut found, mut is_moved) = match name {
        IdOrSlug::Id(id) => (db::tags::find(conn, *id).await?, false),
        IdOrSlug::Slug(slug) => match db::tags::find_by_slug(conn, slug).await? {
            Some(row) => (Some(row), false),
            None => (db::tags::find_by_former_slug(conn, slug).await?, true),
        },
    };
    if let Some(into) = found.as_ref().and_then(|row| row.tag.merged_into_id) {
        (found, is_moved) = (db::tags::find(conn, into).await?, true);
    }
    Ok(found.filter(|row| row.article_count > 0).map(|row| (row, is_moved)))
}
