//! The sign-ins of one's own account.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::api::extract::{Path, Query};
use crate::api::page::{Cursors, MAX_TOTAL, Page, Window, next_link};
use crate::api::response::{Reply, no_content};
use crate::auth::Guard;
use crate::auth::guard::SignedIn;
use crate::db;
use crate::error::Result;
use crate::newsroom;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_sessions).service(delete_session).service(logout);
}

/// A sign-in that has neither ended nor expired.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    pub id: Uuid,
    /// Whether it is the one that asks.
    pub current: bool,
    /// What the client called itself.
    #[schema(required)]
    pub user_agent: Option<String>,
    pub created_at: DateTime<Utc>,
    /// When its tokens were last renewed.
    pub last_used_at: DateTime<Utc>,
    /// When it ends unless it is used before.
    pub expires_at: DateTime<Utc>,
}

/// Sessions, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionList {
    pub data: Vec<Session>,
    pub page: Page,
}

/// What `GET /auth/sessions` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SessionQuery {
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// Where the last page's `next_cursor` left off.
    pub cursor: Option<String>,
    /// Whether to count all of them.
    #[serde(default)]
    #[param(required = false)]
    pub with_total: bool,
}

/// List one's own sessions
///
/// Each sign-in is one, newest first, until it ends or expires.
#[utoipa::path(
    tag = "Auth",
    operation_id = "list_sessions",
    security(("bearer" = []), ("password" = [])),
    params(SessionQuery),
    responses((status = 200, description = "Live sessions.", body = SessionList))
)]
#[get("/sessions")]
pub async fn list_sessions(
    guard: Guard<SignedIn>,
    request: HttpRequest,
    cursors: web::Data<Cursors>,
    query: Query<SessionQuery>,
) -> Result<Reply<SessionList>> {
    let (user, now) = (guard.user_id, guard.act.now);
    let scope = format!("sessions {user}");
    let window = Window::<(DateTime<Utc>, Uuid)>::read(&cursors, scope, query.0.limit, query.0.cursor.as_deref())?;
    let mut conn = guard.connect().await?;
    let mut rows = db::sessions::list_live(&mut conn, user, now, window.after.as_ref(), window.fetch()).await?;
    let total = match query.0.with_total {
        true => Some(db::sessions::count_live(&mut conn, user, now, MAX_TOTAL + 1).await?),
        false => None,
    };
    let page = window
        .close(&cursors, &mut rows, |row| (row.created_at, row.id))
        .with_total(total);
    let shown = rows.into_iter().map(|row| Session {
        id: row.id,
        current: row.id == guard.session_id,
        user_agent: row.user_agent,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
    });
    let data = shown.collect();
    let link = next_link(&request, &page);
    Ok(Reply::ok(SessionList { data, page }).next(link))
}

/// End one's own session
///
/// Its tokens are refused from now on, wherever they are.
#[utoipa::path(
    tag = "Auth",
    operation_id = "delete_session",
    security(("bearer" = []), ("password" = [])),
    params(("id" = Uuid, Path, description = "The session's id.")),
    responses((status = 204, description = "It has ended."))
)]
#[delete("/sessions/{id}")]
pub async fn delete_session(guard: Guard<SignedIn>, path: Path<Uuid>) -> Result<HttpResponse> {
    let mut conn = guard.connect().await?;
    newsroom::end_session(&mut conn, &guard.act, guard.user_id, path.0).await?;
    Ok(no_content())
}

/// Sign out
///
/// Ends the session of the token that is sent; its refresh token is refused too.
#[utoipa::path(
    tag = "Auth",
    operation_id = "logout",
    security(("bearer" = []), ("password" = [])),
    responses((status = 204, description = "Signed out."))
)]
#[post("/logout")]
pub async fn logout(guard: Guard<SignedIn>) -> Result<HttpResponse> {
    let mut conn = guard.connect().await?;
    newsroom::end_session(&mut conn, &guard.act, guard.user_id, guard.session_id).await?;
    Ok(no_content())
}
