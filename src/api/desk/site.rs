//! The facts of the site, as an administrator changes them.

mod inputs;

use actix_web::{get, patch};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::api::delivery::site::Site;
use crate::api::extract::{IfMatch, Json};
use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::ManageSite;
use crate::db;
use crate::error::Result;
use crate::newsroom;
use inputs::SitePatch;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(get_desk_site).service(update_site);
}

/// Read the site on the desk
///
/// The same facts as readers get; its ETag is what `If-Match` takes.
#[utoipa::path(
    tag = "Admin",
    operation_id = "get_desk_site",
    responses((status = 200, description = "The site.", body = Site))
)]
#[get("/site")]
pub async fn get_desk_site(guard: Guard<ManageSite>, app: Shared) -> Result<Reply<Site>> {
    let mut conn = guard.connect().await?;
    let row = db::site::load(&mut conn).await?;
    let version = row.version;
    Ok(Reply::ok(Site::of(row, &app.config.site)).version(version))
}

/// Change the site's facts
///
/// What is left out stays. A name or time zone set to `null` comes from the server's settings again.
#[utoipa::path(
    tag = "Admin",
    operation_id = "update_site",
    params(("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any.")),
    request_body(content = SitePatch, example = json!({"tagline": "News from the harbour, and from the world beyond it"})),
    responses((status = 200, description = "The site as it is now.", body = Site))
)]
#[patch("/site")]
pub async fn update_site(
    guard: Guard<ManageSite>,
    app: Shared,
    if_match: IfMatch,
    body: Json<SitePatch>,
) -> Result<Reply<Site>> {
    let change = body.0.check()?;
    let mut conn = guard.connect().await?;
    let row = newsroom::update_site(&mut conn, &guard.act, if_match.0, change).await?;
    let version = row.version;
    Ok(Reply::ok(Site::of(row, &app.config.site)).version(version))
}
