//! API keys, for those who run the newsroom's programs.

mod inputs;
mod shapes;

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use secrecy::ExposeSecret;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use self::inputs::{ApiKeyPatch, NewApiKey};
use self::shapes::{ApiKey, ApiKeyList, CreatedApiKey, show};
use crate::api::extract::{IfMatch, Json, Once, Path, Query};
use crate::api::page::{Cursors, Window, next_link};
use crate::api::prefix::prefix;
use crate::api::response::{Reply, no_content};
use crate::auth::api_key::ApiKey as NewKey;
use crate::auth::guard::{ByPerson, Operate};
use crate::auth::{AuthError, Guard};
use crate::db::api_keys::{ApiKeyFilter, NamedKey, Position};
use crate::db::{self, Connection};
use crate::error::{Error, Result};
use crate::newsroom;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_api_keys)
        .service(create_api_key)
        .service(get_api_key)
        .service(update_api_key)
        .service(revoke_api_key);
}

/// What `GET /desk/api-keys` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApiKeyQuery {
    /// Names that begin like this.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Only those that were revoked, or only those that were not.
    pub revoked: Option<bool>,
    /// Made by this account.
    pub created_by: Option<Uuid>,
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// Where the last page's `next_cursor` left off.
    pub cursor: Option<String>,
}

/// List API keys
///
/// Newest first, revoked ones too. A key is the newsroom's and outlives the account that made it: when somebody leaves who
/// has seen keys, `created_by` finds those to revoke.
#[utoipa::path(
    tag = "Admin",
    operation_id = "list_api_keys",
    params(ApiKeyQuery),
    responses((status = 200, description = "A page of keys.", body = ApiKeyList))
)]
#[get("/api-keys")]
pub async fn list_api_keys(
    request: HttpRequest,
    guard: Guard<ByPerson<Operate>>,
    cursors: web::Data<Cursors>,
    query: Query<ApiKeyQuery>,
) -> Result<Reply<ApiKeyList>> {
    let query = query.0;
    let filter = ApiKeyFilter {
        q: prefix(query.q.as_deref())?,
        revoked: query.revoked,
        created_by: query.created_by,
    };
    let scope = format!("api-keys {filter:?}");
    let window = Window::<Position>::read(&cursors, scope, query.limit, query.cursor.as_deref())?;
    let mut conn = guard.connect().await?;
    let mut rows = db::api_keys::list(&mut conn, &filter, window.after.as_ref(), window.fetch()).await?;
    let page = window.close(&cursors, &mut rows, |(row, _)| (row.created_at, row.id));
    let data = show(&mut conn, rows).await?;
    let next = next_link(&request, &page);
    Ok(Reply::ok(ApiKeyList { data, page }).next(next))
}

/// Create an API key
///
/// For a program, which sends it as `Authorization: Bearer`. It may do what its scopes say, with `sections` only to
/// articles there and below. The answer alone shows it: only a hash is kept.
#[utoipa::path(
    tag = "Admin",
    operation_id = "create_api_key",
    request_body(
        content = NewApiKey,
        example = json!({"name": "Wire importer", "scopes": ["articles:write"], "expires_at": "2099-01-01T00:00:00Z"})
    ),
    responses((status = 201, description = "The key, shown once.", body = CreatedApiKey))
)]
#[post("/api-keys")]
pub async fn create_api_key(
    guard: Guard<ByPerson<Operate>>,
    body: Json<NewApiKey>,
    once: Once,
) -> Result<Reply<CreatedApiKey>> {
    let key = NewKey::generate().map_err(|error| AuthError::Internal(error.to_string()))?;
    let new = body.0.check(&key, guard.act.now);
    let mut conn = guard.connect().await?;
    once.answer_hiding(&["key"], &mut conn, &guard.act, async |conn| {
        let row = newsroom::create_api_key(conn, &guard.act, new).await?;
        let (shown, version) = find(conn, row.id).await?;
        let location = format!("/api/v1/desk/api-keys/{}", row.id);
        let created = CreatedApiKey::new(shown, key.expose().expose_secret().to_owned());
        Ok(Reply::created(created, location).version(version))
    })
    .await
}

/// Read one API key
///
/// What it may do, and when it was last used, to the minute. Its ETag is what `If-Match` takes.
#[utoipa::path(
    tag = "Admin",
    operation_id = "get_api_key",
    params(("id" = Uuid, Path, description = "The key's id.")),
    responses((status = 200, description = "The key.", body = ApiKey))
)]
#[get("/api-keys/{id}")]
pub async fn get_api_key(guard: Guard<ByPerson<Operate>>, path: Path<Uuid>) -> Result<Reply<ApiKey>> {
    let (key, version) = find(&mut *guard.connect().await?, path.0).await?;
    Ok(Reply::ok(key).version(version))
}

/// Change an API key
///
/// Acts from the key's next request on. The key itself stays the same; for another one make a new key and revoke this.
#[utoipa::path(
    tag = "Admin",
    operation_id = "update_api_key",
    params(
        ("id" = Uuid, Path, description = "The key's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    request_body(content = ApiKeyPatch, example = json!({"name": "Wire importer"})),
    responses((status = 200, description = "The key as it is now.", body = ApiKey))
)]
#[patch("/api-keys/{id}")]
pub async fn update_api_key(
    guard: Guard<ByPerson<Operate>>,
    path: Path<Uuid>,
    if_match: IfMatch,
    body: Json<ApiKeyPatch>,
) -> Result<Reply<ApiKey>> {
    let change = body.0.check(guard.act.now);
    let mut conn = guard.connect().await?;
    newsroom::update_api_key(&mut conn, &guard.act, path.0, if_match.0, change).await?;
    let (key, version) = find(&mut conn, path.0).await?;
    Ok(Reply::ok(key).version(version))
}

/// Revoke an API key
///
/// For good: its next request is refused, on every server. It stays in the list, and what it did under its name.
#[utoipa::path(
    tag = "Admin",
    operation_id = "revoke_api_key",
    params(
        ("id" = Uuid, Path, description = "The key's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    responses((status = 204, description = "It is revoked."))
)]
#[delete("/api-keys/{id}")]
pub async fn revoke_api_key(
    guard: Guard<ByPerson<Operate>>,
    path: Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse> {
    let mut conn = guard.connect().await?;
    newsroom::revoke_api_key(&mut conn, &guard.act, path.0, if_match.0).await?;
    Ok(no_content())
}

/// A key as it is shown, and its version.
async fn find(conn: &mut Connection, id: Uuid) -> Result<(ApiKey, i32)> {
    let missing = || Error::not_found("API key");
    let found: NamedKey = db::api_keys::find(conn, id).await?.ok_or_else(missing)?;
    let version = found.0.version;
    let shown = show(conn, vec![found]).await?.pop().ok_or_else(missing)?;
    Ok((shown, version))
}
