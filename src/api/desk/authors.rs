//! Authors on the desk.

mod inputs;

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::sections::DeleteQuery;
use crate::api::delivery::authors::Author;
use crate::api::extract::{IfMatch, Json, Once, Path, Query};
use crate::api::page::{Cursors, MAX_TOTAL, Page, Window, next_link};
use crate::api::prefix::prefix;
use crate::api::response::{Reply, no_content};
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::{ManageTaxonomy, ReadTaxonomy};
use crate::db::authors::{AuthorFilter, CountedAuthor};
use crate::db::{self, Connection};
use crate::domain::content::{Image, Link};
use crate::domain::taxonomy::{AuthorKind, DeskNameSort};
use crate::error::{Error, Result};
use crate::newsroom;
use inputs::{AuthorPatch, NewAuthor};

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_desk_authors)
        .service(create_author)
        .service(get_desk_author)
        .service(update_author)
        .service(delete_author);
}

/// The account of an author.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LinkedUser {
    pub id: Uuid,
    pub name: String,
    #[schema(format = "email")]
    pub email: String,
}

/// A person or agency in bylines, as the desk sees them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeskAuthor {
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
    /// The account that writes under this name: its articles name this author when they name nobody.
    #[schema(required)]
    pub user: Option<LinkedUser>,
}

/// A page of authors on the desk.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskAuthorList {
    pub data: Vec<DeskAuthor>,
    pub page: Page,
}

impl DeskAuthor {
    fn of(author: Author, user: Option<LinkedUser>) -> Self {
        Self {
            id: author.id,
            slug: author.slug,
            name: author.name,
            kind: author.kind,
            bio: author.bio,
            avatar: author.avatar,
            links: author.links,
            url: author.url,
            article_count: author.article_count,
            user,
        }
    }
}

/// What `GET /desk/authors` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeskAuthorQuery {
    /// Names or slugs that begin like this.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Only authors of this kind.
    #[param(inline)]
    pub kind: Option<AuthorKind>,
    /// By name, those with most articles first, or those changed last first.
    #[param(inline)]
    pub sort: Option<DeskNameSort>,
    /// Entries on a page.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Also count, to 10,000.
    pub with_total: Option<bool>,
}

/// List authors on the desk
///
/// All of them, whether an article names them or not.
#[utoipa::path(
    tag = "Desk: authors",
    operation_id = "list_desk_authors",
    params(DeskAuthorQuery),
    responses((status = 200, description = "A page of authors.", body = DeskAuthorList))
)]
#[get("/authors")]
pub async fn list_desk_authors(
    request: HttpRequest,
    guard: Guard<ReadTaxonomy>,
    app: Shared,
    cursors: web::Data<Cursors>,
    query: Query<DeskAuthorQuery>,
) -> Result<Reply<DeskAuthorList>> {
    let query = query.0;
    let filter = AuthorFilter {
        q: prefix(query.q.as_deref())?,
        kind: query.kind,
        used: false,
    };
    let sort = query.sort.unwrap_or(DeskNameSort::Name);
    let scope = format!("list_desk_authors {sort} {filter:?}");
    let window = Window::read(&cursors, scope, query.limit, query.cursor.as_deref())?;
    let mut conn = guard.connect().await?;
    let mut rows = db::authors::list(&mut conn, &filter, sort, window.after.clone(), window.fetch()).await?;
    let page = window.close(&cursors, &mut rows, |row| row.position(sort));
    let total = match query.with_total {
        Some(true) => Some(db::authors::count(&mut conn, &filter, MAX_TOTAL + 1).await?),
        _ => None,
    };
    let page = page.with_total(total);
    let data = show(&mut conn, &app, rows).await?;
    let next = next_link(&request, &page);
    Ok(Reply::ok(DeskAuthorList { data, page }).next(next))
}

/// Create an author
///
/// Readers see them as soon as a published article names them.
#[utoipa::path(
    tag = "Desk: authors",
    operation_id = "create_author",
    request_body(content = NewAuthor, example = json!({"name": "Jo Ek", "bio": "Jo Ek reports from the islands."})),
    responses((status = 201, description = "The new author.", body = DeskAuthor))
)]
#[post("/authors")]
pub async fn create_author(
    guard: Guard<ManageTaxonomy>,
    app: Shared,
    body: Json<NewAuthor>,
    once: Once,
) -> Result<Reply<DeskAuthor>> {
    let change = AuthorPatch::from(body.0).check()?;
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let row = newsroom::create_author(conn, &guard.act, change).await?;
        let location = format!("/api/v1/desk/authors/{}", row.id);
        let (author, _) = show_one(conn, &app, row.id).await?;
        Ok(Reply::created(author, location).version(row.version))
    })
    .await
}

/// Read one author on the desk
///
/// The ETag is what `If-Match` takes.
#[utoipa::path(
    tag = "Desk: authors",
    operation_id = "get_desk_author",
    params(("id" = Uuid, Path, description = "The author's id.")),
    responses((status = 200, description = "The author.", body = DeskAuthor))
)]
#[get("/authors/{id}")]
pub async fn get_desk_author(guard: Guard<ReadTaxonomy>, app: Shared, path: Path<Uuid>) -> Result<Reply<DeskAuthor>> {
    let mut conn = guard.connect().await?;
    let (author, version) = show_one(&mut conn, &app, path.0).await?;
    Ok(Reply::ok(author).version(version))
}

/// Change an author
///
/// A new name shows at once in every byline; the old slug answers 301 from then on.
#[utoipa::path(
    tag = "Desk: authors",
    operation_id = "update_author",
    params(
        ("id" = Uuid, Path, description = "The author's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    request_body(content = AuthorPatch, example = json!({"bio": "Jo Ek reports from the outer islands."})),
    responses((status = 200, description = "The author as they are now.", body = DeskAuthor))
)]
#[patch("/authors/{id}")]
pub async fn update_author(
    guard: Guard<ManageTaxonomy>,
    app: Shared,
    path: Path<Uuid>,
    if_match: IfMatch,
    body: Json<AuthorPatch>,
) -> Result<Reply<DeskAuthor>> {
    let change = body.0.check()?;
    let mut conn = guard.connect().await?;
    let row = newsroom::update_author(&mut conn, &guard.act, path.0, if_match.0, change).await?;
    let (author, _) = show_one(&mut conn, &app, row.id).await?;
    Ok(Reply::ok(author).version(row.version))
}

/// Delete an author
///
/// One whom articles name is deleted only with `reassign_to`.
#[utoipa::path(
    tag = "Desk: authors",
    operation_id = "delete_author",
    params(
        ("id" = Uuid, Path, description = "The author's id."),
        DeleteQuery,
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    responses((status = 204, description = "They are gone."))
)]
#[delete("/authors/{id}")]
pub async fn delete_author(
    guard: Guard<ManageTaxonomy>,
    path: Path<Uuid>,
    query: Query<DeleteQuery>,
    if_match: IfMatch,
) -> Result<HttpResponse> {
    let mut conn = guard.connect().await?;
    let reassign_to = query.0.reassign_to.as_deref();
    newsroom::delete_author(&mut conn, &guard.act, path.0, if_match.0, reassign_to).await?;
    Ok(no_content())
}

/// The author and their version.
async fn show_one(conn: &mut Connection, app: &Shared, id: Uuid) -> Result<(DeskAuthor, i32)> {
    let row = db::authors::find(conn, id).await?;
    let row = row.ok_or_else(|| Error::not_found("author"))?;
    let version = row.author.version;
    let author = show(conn, app, vec![row]).await?.pop();
    Ok((author.ok_or_else(|| Error::not_found("author"))?, version))
}

async fn show(conn: &mut Connection, app: &Shared, rows: Vec<CountedAuthor>) -> Result<Vec<DeskAuthor>> {
    let ids: Vec<Uuid> = rows.iter().filter_map(|row| row.author.user_id).collect();
    let users = db::users::names(conn, &ids).await?;
    let users = users
        .into_iter()
        .map(|(id, name, email)| (id, LinkedUser { id, name, email }));
    let users: HashMap<Uuid, LinkedUser> = users.collect();
    let rows = rows.into_iter().map(|row| {
        let user = row.author.user_id.and_then(|id| users.get(&id).cloned());
        DeskAuthor::of(Author::of(row, &app.config.site), user)
    });
    Ok(rows.collect())
}
