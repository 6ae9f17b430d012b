//! One's own account.

use actix_web::{HttpResponse, get, patch, put};
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::passwords;
use crate::api::extract::{CallerAddress, IfMatch, Json};
use crate::api::response::{Reply, no_content};
use crate::app::Shared;
use crate::auth::guard::SignedIn;
use crate::auth::password::Verdict;
use crate::auth::{AuthError, Guard};
use crate::db::users::UserRow;
use crate::db::{self, Connection};
use crate::domain::check::{Check, FieldError};
use crate::domain::patch::given;
use crate::domain::permission::{Permission, Role};
use crate::error::{Error, Result};
use crate::newsroom::{self, MAX_ACCOUNT_NAME, UserChange};

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(get_me).service(update_me).service(change_password);
}

/// The account that is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    pub id: Uuid,
    #[schema(format = Email)]
    pub email: String,
    pub name: String,
    pub role: Role,
    /// What the role may do.
    pub permissions: Vec<Permission>,
    /// The slug of the author that this account writes as.
    #[schema(required)]
    pub author: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Me {
    /// Shows an account to itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn show(conn: &mut Connection, user: UserRow) -> Result<Self> {
        let author = db::users::author_slugs(conn, &[user.id]).await?.remove(&user.id);
        Ok(Self {
            id: user.id,
            email: user.email,
            name: user.name,
            role: user.role,
            permissions: user.role.permissions().to_vec(),
            author,
            created_at: user.created_at,
            updated_at: user.updated_at,
        })
    }
}

/// What an account changes about itself: what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MePatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
}

/// A new password, asked for by who knows the present one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    #[schema(value_type = String, format = Password)]
    pub current_password: SecretString,
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    pub new_password: SecretString,
}

/// Read one's own account
///
/// With everything that it may do, so that a front end need not know the roles.
#[utoipa::path(
    tag = "Auth",
    operation_id = "get_me",
    security(("bearer" = []), ("password" = [])),
    responses((status = 200, description = "The account.", body = Me))
)]
#[get("/me")]
pub async fn get_me(guard: Guard<SignedIn>) -> Result<Reply<Me>> {
    let mut conn = guard.connect().await?;
    let user = find(&mut conn, guard.user_id).await?;
    let version = user.version;
    Ok(Reply::ok(Me::show(&mut conn, user).await?).version(version))
}

/// Change one's own account
///
/// The name is one's own to change; role and address are an administrator's.
#[utoipa::path(
    tag = "Auth",
    operation_id = "update_me",
    security(("bearer" = []), ("password" = [])),
    params(("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any.")),
    request_body(content = MePatch, example = json!({"name": "Ana Lima"})),
    responses((status = 200, description = "The account as it is now.", body = Me))
)]
#[patch("/me")]
pub async fn update_me(guard: Guard<SignedIn>, if_match: IfMatch, body: Json<MePatch>) -> Result<Reply<Me>> {
    let mut check = Check::new();
    let change = UserChange {
        name: body.0.name.map(|name| check.line("/name", &name, MAX_ACCOUNT_NAME)),
        ..UserChange::default()
    };
    check.done().map_err(Error::invalid)?;
    let mut conn = guard.connect().await?;
    let user = newsroom::update_user(&mut conn, &guard.act, guard.user_id, if_match.0, change).await?;
    let version = user.version;
    Ok(Reply::ok(Me::show(&mut conn, user).await?).version(version))
}

/// Change one's own password
///
/// Every other session of the account ends; this one goes on.
#[utoipa::path(
    tag = "Auth",
    operation_id = "change_password",
    security(("bearer" = []), ("password" = [])),
    request_body(
        content = PasswordChange,
        example = json!({"current_password": "masthead-demo", "new_password": "a few unrelated words"})
    ),
    responses((status = 204, description = "It is changed."))
)]
#[put("/me/password")]
pub async fn change_password(
    guard: Guard<SignedIn>,
    app: Shared,
    from: CallerAddress,
    body: Json<PasswordChange>,
) -> Result<HttpResponse> {
    let user = find(&mut *guard.connect().await?, guard.user_id).await?;
    let mut check = Check::new();
    passwords::check(&mut check, "/new_password", &body.0.new_password, &user.email);
    let attempt = guard.attempt(&app.sign_ins, from.0).await?;
    let verdict = app
        .hasher
        .verify(&body.0.current_password, Some(&user.password_hash))
        .await;
    match verdict.map_err(AuthError::from)? {
        Verdict::Right { .. } => guard.succeeded(attempt).await?,
        Verdict::Wrong => {
            let wrong = "is not the present password";
            check.refuse(FieldError::field("/current_password", "wrong_password", wrong));
        }
    }
    check.done().map_err(Error::invalid)?;
    let hash = passwords::hash(&app, &body.0.new_password).await?;
    let mut conn = guard.connect().await?;
    newsroom::change_password(&mut conn, &guard.act, &user, guard.session_id, hash).await?;
    Ok(no_content())
}

async fn find(conn: &mut Connection, id: Uuid) -> Result<UserRow> {
    db::users::find(conn, id).await?.ok_or_else(|| Error::not_found("user"))
}
