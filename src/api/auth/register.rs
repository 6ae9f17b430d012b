//! Readers make accounts of their own, where the operator allows it.

use actix_web::{HttpRequest, post};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::passwords;
use super::sign_in::{LoginAnswer, answer, new_session};
use crate::api::extract::Json;
use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::guard::Newcomer;
use crate::domain::check::Check;
use crate::error::{Code, Error, Result};
use crate::newsroom::{self, MAX_ACCOUNT_NAME};

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(register);
}

/// A reader who wants an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    #[schema(format = Email, max_length = 254)]
    pub email: String,
    /// Stands over their comments.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    pub password: SecretString,
}

/// Register as a reader
///
/// Makes an account that comments under its name, and signs it in. Only where the operator allows it
/// (`MASTHEAD_REGISTRATION`); elsewhere 403.
#[utoipa::path(
    tag = "Auth",
    operation_id = "register",
    request_body(
        content = Registration,
        example = json!({"email": "reader@example.org", "name": "A Reader", "password": "a few unrelated words"})
    ),
    responses((status = 201, description = "Registered and signed in.", body = LoginAnswer))
)]
#[post("/register")]
pub async fn register(
    newcomer: Newcomer,
    request: HttpRequest,
    app: Shared,
    body: Json<Registration>,
) -> Result<Reply<LoginAnswer>> {
    if !app.config.accounts.registration {
        let closed = "Registration is closed here; an administrator makes accounts.";
        return Err(Error::new(Code::PermissionDenied, closed));
    }
    let mut check = Check::new();
    let email = check.email("/email", &body.0.email);
    let name = check.line("/name", &body.0.name, MAX_ACCOUNT_NAME);
    passwords::check(&mut check, "/password", &body.0.password, &email);
    check.done().map_err(Error::invalid)?;
    let hash = passwords::hash(&app, &body.0.password).await?;
    let (first, session) = new_session(&newcomer, &request)?;
    let mut conn = newcomer.connect().await?;
    let signed_in = newsroom::register_reader(&mut conn, &newcomer.act, email, name, hash, session).await?;
    let answer = answer(&mut conn, &newcomer.authenticator, &request, signed_in, &first).await?;
    Ok(Reply::created(answer, "/api/v1/auth/me".to_owned()))
}
