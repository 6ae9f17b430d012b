//! Sections on the desk.

use actix_web::{HttpResponse, delete, get, patch, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::api::delivery::sections::{Section, SectionList, SectionQuery};
use crate::api::desk::inputs::{ImageInput, SeoInput};
use crate::api::extract::{IfMatch, Json, Once, Path, Query};
use crate::api::page::Page;
use crate::api::response::{Reply, no_content};
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::{ManageTaxonomy, ReadTaxonomy};
use crate::db::{self, Connection};
use crate::domain::check::Check;
use crate::domain::patch::{Patch, given};
use crate::error::{Error, Result};
use crate::newsroom::{self, SectionChange};

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_desk_sections)
        .service(create_section)
        .service(get_desk_section)
        .service(update_section)
        .service(delete_section);
}

/// A new section.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSection {
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Made from the name when left out.
    #[schema(min_length = 1, max_length = 120)]
    pub slug: Option<String>,
    #[schema(min_length = 1, max_length = 1000)]
    pub description: Option<String>,
    /// Id or slug of the section above; a root section when left out.
    pub parent: Option<String>,
    /// Its rank among its siblings; last when left out.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub position: Option<i32>,
    pub image: Option<ImageInput>,
    pub seo: Option<SeoInput>,
}

/// What changes about a section: what is left out stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SectionPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    /// The old one leads to the new one from then on.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 120)]
    pub slug: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub description: Patch<String>,
    /// Id or slug of the section above; `null` makes it a root section.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub parent: Patch<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, minimum = 0, maximum = 1_000_000)]
    pub position: Option<i32>,
    #[serde(default)]
    #[schema(value_type = Option<ImageInput>)]
    pub image: Patch<ImageInput>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub seo: Option<SeoInput>,
}

impl From<NewSection> for SectionPatch {
    fn from(new: NewSection) -> Self {
        Self {
            name: Some(new.name),
            slug: new.slug,
            description: new.description.into(),
            parent: new.parent.into(),
            position: new.position,
            image: new.image.into(),
            seo: new.seo,
        }
    }
}

impl SectionPatch {
    fn check(self) -> Result<SectionChange> {
        let mut check = Check::new();
        let change = SectionChange {
            name: self.name.map(|name| check.line("/name", &name, 100)),
            slug: self.slug,
            description: self.description.map(|text| check.block("/description", &text, 1000)),
            parent: self.parent,
            position: self
                .position
                .map(|position| check.range("/position", position, 0, 1_000_000)),
            image: self.image.map(|image| image.check(&mut check, "/image")),
            seo: self.seo.map(|seo| seo.check(&mut check, "/seo")),
        };
        check.done().map_err(Error::invalid)?;
        Ok(change)
    }
}

/// Where the articles of a deleted section, tag or author go.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeleteQuery {
    /// Id or slug of the one that takes its place.
    pub reassign_to: Option<String>,
}

/// List sections on the desk
///
/// All of them, used or not, in tree order.
#[utoipa::path(
    tag = "Desk: sections",
    operation_id = "list_desk_sections",
    params(SectionQuery),
    responses((status = 200, description = "Every section.", body = SectionList))
)]
#[get("/sections")]
pub async fn list_desk_sections(
    guard: Guard<ReadTaxonomy>,
    app: Shared,
    query: Query<SectionQuery>,
) -> Result<Reply<SectionList>> {
    let conn = guard.connect().await?;
    let rows = db::sections::all(&conn).await?;
    let data = query.0.filter(Section::tree(rows, &app.config.site))?;
    let page = Page::whole(data.len());
    Ok(Reply::ok(SectionList { data, page }))
}

/// Create a section
///
/// A section stands at the root, or below another: four levels at most.
#[utoipa::path(
    tag = "Desk: sections",
    operation_id = "create_section",
    request_body(content = NewSection, example = json!({"name": "Weather"})),
    responses((status = 201, description = "The new section.", body = Section))
)]
#[post("/sections")]
pub async fn create_section(
    guard: Guard<ManageTaxonomy>,
    app: Shared,
    body: Json<NewSection>,
    once: Once,
) -> Result<Reply<Section>> {
    let change = SectionPatch::from(body.0).check()?;
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let row = newsroom::create_section(conn, &guard.act, change).await?;
        let section = show(conn, &app, row.id).await?;
        let location = format!("/api/v1/desk/sections/{}", row.id);
        Ok(Reply::created(section, location).version(row.version))
    })
    .await
}

/// Read one section on the desk
///
/// Its ETag is what `If-Match` takes.
#[utoipa::path(
    tag = "Desk: sections",
    operation_id = "get_desk_section",
    params(("id" = Uuid, Path, description = "The section's id.")),
    responses((status = 200, description = "The section.", body = Section))
)]
#[get("/sections/{id}")]
pub async fn get_desk_section(guard: Guard<ReadTaxonomy>, app: Shared, path: Path<Uuid>) -> Result<Reply<Section>> {
    let mut conn = guard.connect().await?;
    let row = db::sections::find(&mut conn, path.0)
        .await?
        .ok_or_else(|| Error::not_found("section"))?;
    Ok(Reply::ok(show(&mut conn, &app, row.id).await?).version(row.version))
}

/// Change a section
///
/// A new slug or parent moves everything below it; the old slug answers 301 from then on.
#[utoipa::path(
    tag = "Desk: sections",
    operation_id = "update_section",
    params(
        ("id" = Uuid, Path, description = "The section's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    request_body(content = SectionPatch, example = json!({"description": "Storms, floods and the forecast."})),
    responses((status = 200, description = "The section as it is now.", body = Section))
)]
#[patch("/sections/{id}")]
pub async fn update_section(
    guard: Guard<ManageTaxonomy>,
    app: Shared,
    path: Path<Uuid>,
    if_match: IfMatch,
    body: Json<SectionPatch>,
) -> Result<Reply<Section>> {
    let change = body.0.check()?;
    let mut conn = guard.connect().await?;
    let row = newsroom::update_section(&mut conn, &guard.act, path.0, if_match.0, change).await?;
    Ok(Reply::ok(show(&mut conn, &app, row.id).await?).version(row.version))
}

/// Delete a section
///
/// One that articles use is deleted only with `reassign_to`; one with sections below it is not deleted.
#[utoipa::path(
    tag = "Desk: sections",
    operation_id = "delete_section",
    params(
        ("id" = Uuid, Path, description = "The section's id."),
        DeleteQuery,
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    responses((status = 204, description = "It is gone."))
)]
#[delete("/sections/{id}")]
pub async fn delete_section(
    guard: Guard<ManageTaxonomy>,
    path: Path<Uuid>,
    query: Query<DeleteQuery>,
    if_match: IfMatch,
) -> Result<HttpResponse> {
    let mut conn = guard.connect().await?;
    let reassign_to = query.0.reassign_to.as_deref();
    newsroom::delete_section(&mut conn, &guard.act, path.0, if_match.0, reassign_to).await?;
    Ok(no_content())
}

async fn show(conn: &mut Connection, app: &Shared, id: Uuid) -> Result<Section> {
    let rows = db::sections::all(conn).await?;
    let mut sections = Section::tree(rows, &app.config.site).into_iter();
    sections
        .find(|section| section.id == id)
        .ok_or_else(|| Error::not_found("section"))
}
