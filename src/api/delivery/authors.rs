//! Authors, as readers see them: those that a published article names.

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
use crate::db::authors::{AuthorFilter, CountedAuthor};
use crate::db::{self, Connection};
use crate::domain::content::{Image, Link};
use crate::domain::id_or_slug::IdOrSlug;
use crate::domain::taxonomy::{AuthorKind, NameSort};
use crate::error::Result;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_authors).service(get_author);
}

/// A person or agency in bylines.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Author {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub kind: AuthorKind,
    #[schema(required)]
    pub bio: Option<String>,
    #[schema(required)]
    pub avatar: Option<Image>,
    /// Where else they are found.
    pub links: Vec<Link>,
    /// Their page on the front end.
    #[schema(format = "uri")]
    pub url: String,
    /// Published articles that name them.
    pub article_count: i32,
}

/// A page of authors.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorList {
    pub data: Vec<Author>,
    pub page: Page,
}

impl Author {
    /// Shows a row.
    #[must_use]
    pub fn of(row: CountedAuthor, site: &SiteConfig) -> Self {
        let author = row.author;
        Self {
            id: author.id,
            url: site.url.join(&page_of(&author.slug)),
            slug: author.slug,
            name: author.name,
            kind: author.kind,
            bio: author.bio,
            avatar: author.avatar.map(|avatar| avatar.0),
            links: author.links.0,
            article_count: row.article_count,
        }
    }
}

/// The path of an author's page on the front end.
fn page_of(slug: &str) -> String {
    format!("/authors/{slug}")
}

/// What `GET /authors` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuthorQuery {
    /// Names or slugs that begin like this.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Only authors of this kind.
    #[param(inline)]
    pub kind: Option<AuthorKind>,
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

/// List authors
///
/// Authors whom at least one published article names.
#[utoipa::path(
    tag = "Authors",
    operation_id = "list_authors",
    params(AuthorQuery),
    responses((status = 200, description = "A page of authors.", body = AuthorList))
)]
#[get("/authors")]
pub async fn list_authors(
    request: HttpRequest,
    anyone: Anyone,
    app: Shared,
    cursors: web::Data<Cursors>,
    query: Query<AuthorQuery>,
) -> Result<Public<AuthorList>> {
    let query = query.0;
    let filter = AuthorFilter {
        q: prefix(query.q.as_deref())?,
        kind: query.kind,
        used: true,
    };
    let sort = query.sort.unwrap_or(NameSort::Name).into();
    let scope = format!("list_authors {sort} {filter:?}");
    let window = Window::read(&cursors, scope, query.limit, query.cursor.as_deref())?;
    let mut conn = anyone.connect().await?;
    let mut rows = db::authors::list(&mut conn, &filter, sort, window.after.clone(), window.fetch()).await?;
    let page = window.close(&cursors, &mut rows, |row| row.position(sort));
    let total = match query.with_total {
        Some(true) => Some(db::authors::count(&mut conn, &filter, MAX_TOTAL + 1).await?),
        _ => None,
    };
    let page = page.with_total(total);
    let modified = rows.iter().map(|row| row.author.updated_at).max();
    let data: Vec<Author> = rows.into_iter().map(|row| Author::of(row, &app.config.site)).collect();
    let tags = std::iter::once("authors".to_owned()).chain(data.iter().map(|author| format!("author:{}", author.id)));
    let tags: Vec<String> = tags.collect();
    let next = next_link(&request, &page);
    Ok(Public::new(AuthorList { data, page }, tags)
        .modified(modified)
        .next(next))
}

/// Read one author
///
/// By slug or id. A slug that they had before answers 301.
#[utoipa::path(
    tag = "Authors",
    operation_id = "get_author",
    params(("slug" = String, Path, description = "Slug or id.", example = "ana-lima")),
    responses(
        (status = 200, description = "The author.", body = Author),
        (status = 301, description = "They have another slug now.", body = Moved),
    )
)]
#[get("/authors/{slug}")]
pub async fn get_author(
    request: HttpRequest,
    anyone: Anyone,
    app: Shared,
    path: Path<IdOrSlug>,
) -> Result<HttpResponse> {
    let mut conn = anyone.connect().await?;
    let found = find(&mut conn, &path.0).await?;
    let (row, is_moved) = found.ok_or_else(|| nobody("author", &path.0))?;
    let modified = row.author.updated_at;
    let author = Author::of(row, &app.config.site);
    if is_moved {
        let to = NewPlace {
            resource: "authors",
            id: author.id,
            below: "",
            named: &path.0,
        };
        let body = Moved {
            path: page_of(&author.slug),
            slug: author.slug,
            url: author.url,
        };
        return Ok(moved(&request, &to, &body));
    }
    let tags = vec![format!("author:{}", author.id)];
    Ok(Public::new(author, tags).modified(Some(modified)).respond_to(&request))
}

/// The author whom readers find under this name, and whether they have another name now.
async fn find(conn: &mut Connection, name: &IdOrSlug) -> Result<Option<(CountedAuthor, bool)>> {
    let (found, is_moved) = match name {
        IdOrSlug::Id(id) => (db::authors::find(conn, *id).await?, false),
        IdOrSlug::Slug(slug) => match db::authors::find_by_slug(conn, slug).await? {
            Some(row) => (Some(row), false),
            None => (db::authors::find_by_former_slug(conn, slug).await?, true),
        },
    };
    Ok(found.filter(|row| row.article_count > 0).map(|row| (row, is_moved)))
}
