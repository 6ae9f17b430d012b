//! What blocks or warns before an article is published.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::extract::{Path, Query};
use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::ReadArticles;
use crate::domain::check::FieldError;
use crate::domain::preflight::{Finding, Severity};
use crate::error::{Code, Error, Result};
use crate::newsroom;

/// What `GET /desk/articles/{id}/preflight` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PreflightQuery {
    /// The revision; the newest when left out.
    #[param(minimum = 1)]
    pub revision: Option<i32>,
}

/// What stands between an article and its readers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preflight {
    pub revision: i32,
    /// Whether nothing blocks.
    pub ready: bool,
    /// What blocks first, then what warns.
    pub findings: Vec<Finding>,
}

/// Look an article over
///
/// What would block its publication and what an editor may want to mend first. Which findings block is a setting. When
/// publishing is refused, `findings` of the problem is the same list.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "get_preflight",
    params(("id" = Uuid, Path, description = "The article's id."), PreflightQuery),
    responses((status = 200, description = "What was found.", body = Preflight))
)]
#[get("/articles/{id}/preflight")]
pub async fn get_preflight(
    guard: Guard<ReadArticles>,
    app: Shared,
    path: Path<Uuid>,
    query: Query<PreflightQuery>,
) -> Result<Reply<Preflight>> {
    if query.0.revision.is_some_and(|number| number < 1) {
        let problem = FieldError::parameter("revision", "out_of_range", "must be at least 1");
        return Err(Error::parameter(Code::InvalidParameter, problem));
    }
    let mut conn = guard.connect().await?;
    let rules = app.config.site.body_rules();
    let (revision, findings) = newsroom::preflight(&mut conn, &rules, &guard.act, path.0, query.0.revision).await?;
    Ok(Reply::ok(Preflight {
        revision,
        ready: findings.iter().all(|finding| finding.severity != Severity::Blocker),
        findings,
    }))
}
