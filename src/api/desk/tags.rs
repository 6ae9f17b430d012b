//! Tags on the desk.

mod inputs;

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::sections::DeleteQuery;
use crate::api::delivery::tags::{Tag, TagList};
use crate::api::extract::{IfMatch, Json, Once, Path, Query};
use crate::api::page::{Cursors, MAX_TOTAL, Window, next_link};
use crate::api::prefix::prefix;
use crate::api::response::{Reply, no_content};
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::{ManageTaxonomy, ReadTaxonomy};
use crate::db::tags::{CountedTag, TagFilter};
use crate::db::{self, Connection};
use crate::domain::taxonomy::{DeskNameSort, TagKind};
use crate::error::{Error, Result};
use crate::newsroom;
use inputs::{NewTag, TagMerge, TagPatch};

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_desk_tags)
        .service(create_tag)
        .service(get_desk_tag)
        .service(update_tag)
        .service(delete_tag)
        .service(merge_tag);
}

/// What `GET /desk/tags` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeskTagQuery {
    /// Names or slugs that begin like this.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Only tags of this kind.
    #[param(inline)]
    pub kind: Option<TagKind>,
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

/// List tags on the desk
///
/// All of them: unused and merged ones too.
#[utoipa::path(
    tag = "Desk: tags",
    operation_id = "list_desk_tags",
    params(DeskTagQuery),
    responses((status = 200, description = "A page of tags.", body = TagList))
)]
#[get("/tags")]
pub async fn list_desk_tags(
    request: HttpRequest,
    guard: Guard<ReadTaxonomy>,
    app: Shared,
    cursors: web::Data<Cursors>,
    query: Query<DeskTagQuery>,
) -> Result<Reply<TagList>> {
    let query = query.0;
    let filter = TagFilter {
        q: prefix(query.q.as_deref())?,
        kind: query.kind,
        used: false,
    };
    let sort = query.sort.unwrap_or(DeskNameSort::Name);
    let scope = format!("list_desk_tags {sort} {filter:?}");
    let window = Window::read(&cursors, scope, query.limit, query.cursor.as_deref())?;
    let mut conn = guard.connect().await?;
    let mut rows = db::tags::list(&mut conn, &filter, sort, window.after.clone(), window.fetch()).await?;
    let page = window.close(&cursors, &mut rows, |row| row.position(sort));
    let total = match query.with_total {
        Some(true) => Some(db::tags::count(&mut conn, &filter, MAX_TOTAL + 1).await?),
        _ => None,
    };
    let page = page.with_total(total);
    let data = show(&mut conn, &app, rows).await?;
    let next = next_link(&request, &page);
    Ok(Reply::ok(TagList { data, page }).next(next))
}

/// Create a tag
///
/// Readers see it as soon as a published article names it.
#[utoipa::path(
    tag = "Desk: tags",
    operation_id = "create_tag",
    request_body(content = NewTag, example = json!({"name": "Sea level", "kind": "topic"})),
    responses((status = 201, description = "The new tag.", body = Tag))
)]
#[post("/tags")]
pub async fn create_tag(
    guard: Guard<ManageTaxonomy>,
    app: Shared,
    body: Json<NewTag>,
    once: Once,
) -> Result<Reply<Tag>> {
    let change = TagPatch::from(body.0).check()?;
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let row = newsroom::create_tag(conn, &guard.act, change).await?;
        let location = format!("/api/v1/desk/tags/{}", row.id);
        let (tag, _) = show_one(conn, &app, row.id).await?;
        Ok(Reply::created(tag, location).version(row.version))
    })
    .await
}

/// Read one tag on the desk
///
/// Its ETag is what `If-Match` takes.
#[utoipa::path(
    tag = "Desk: tags",
    operation_id = "get_desk_tag",
    params(("id" = Uuid, Path, description = "The tag's id.")),
    responses((status = 200, description = "The tag.", body = Tag))
)]
#[get("/tags/{id}")]
pub async fn get_desk_tag(guard: Guard<ReadTaxonomy>, app: Shared, path: Path<Uuid>) -> Result<Reply<Tag>> {
    let mut conn = guard.connect().await?;
    let (tag, version) = show_one(&mut conn, &app, path.0).await?;
    Ok(Reply::ok(tag).version(version))
}

/// Change a tag
///
/// A new name shows at once wherever the tag is named; the old slug answers 301 from then on.
#[utoipa::path(
    tag = "Desk: tags",
    operation_id = "update_tag",
    params(
        ("id" = Uuid, Path, description = "The tag's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    request_body(content = TagPatch, example = json!({"description": "Tides, floods and dikes."})),
    responses((status = 200, description = "The tag as it is now.", body = Tag))
)]
#[patch("/tags/{id}")]
pub async fn update_tag(
    guard: Guard<ManageTaxonomy>,
    app: Shared,
    path: Path<Uuid>,
    if_match: IfMatch,
    body: Json<TagPatch>,
) -> Result<Reply<Tag>> {
    let change = body.0.check()?;
    let mut conn = guard.connect().await?;
    let row = newsroom::update_tag(&mut conn, &guard.act, path.0, if_match.0, change).await?;
    let (tag, _) = show_one(&mut conn, &app, row.id).await?;
    Ok(Reply::ok(tag).version(row.version))
}

/// Delete a tag
///
/// One that articles name is deleted only with `reassign_to`.
#[utoipa::path(
    tag = "Desk: tags",
    operation_id = "delete_tag",
    params(
        ("id" = Uuid, Path, description = "The tag's id."),
        DeleteQuery,
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    responses((status = 204, description = "It is gone."))
)]
#[delete("/tags/{id}")]
pub async fn delete_tag(
    guard: Guard<ManageTaxonomy>,
    path: Path<Uuid>,
    query: Query<DeleteQuery>,
    if_match: IfMatch,
) -> Result<HttpResponse> {
    let mut conn = guard.connect().await?;
    let reassign_to = query.0.reassign_to.as_deref();
    newsroom::delete_tag(&mut conn, &guard.act, path.0, if_match.0, reassign_to).await?;
    Ok(no_content())
}

/// Merge a tag into another
///
/// Every article that names it names the other instead, and its slug answers 301. Answers the tag that remains.
#[utoipa::path(
    tag = "Desk: tags",
    operation_id = "merge_tag",
    params(
        ("id" = Uuid, Path, description = "The id of the tag that goes."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    request_body(content = TagMerge, example = json!({"into": "harbour"})),
    responses((status = 200, description = "The tag that remains.", body = Tag))
)]
#[post("/tags/{id}/merge")]
pub async fn merge_tag(
    guard: Guard<ManageTaxonomy>,
    app: Shared,
    path: Path<Uuid>,
    if_match: IfMatch,
    body: Json<TagMerge>,
    once: Once,
) -> Result<Reply<Tag>> {
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let row = newsroom::merge_tag(conn, &guard.act, path.0, if_match.0, &body.0.into).await?;
        let (tag, _) = show_one(conn, &app, row.id).await?;
        Ok(Reply::ok(tag).version(row.version))
    })
    .await
}

/// The tag and its version.
async fn show_one(conn: &mut Connection, app: &Shared, id: Uuid) -> Result<(Tag, i32)> {
    let row = db::tags::find(conn, id).await?;
    let row = row.ok_or_else(|| Error::not_found("tag"))?;
    let version = row.tag.version;
    let tag = show(conn, app, vec![row]).await?.pop();
    Ok((tag.ok_or_else(|| Error::not_found("tag"))?, version))
}

async fn show(conn: &mut Connection, app: &Shared, rows: Vec<CountedTag>) -> Result<Vec<Tag>> {
    let targets: Vec<Uuid> = rows.iter().filter_map(|row| row.tag.merged_into_id).collect();
    let slugs: HashMap<Uuid, String> = db::tags::slugs_of(conn, &targets).await?.into_iter().collect();
    let merged_into = |row: &CountedTag| row.tag.merged_into_id.and_then(|id| slugs.get(&id).cloned());
    let rows = rows.into_iter().map(|row| {
        let merged_into = merged_into(&row);
        Tag::of(row, merged_into, &app.config.site)
    });
    Ok(rows.collect())
}
