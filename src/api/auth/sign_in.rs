//! Signing in, and what somebody who is signed in gets to hold.

use actix_web::http::header::USER_AGENT;
use actix_web::{HttpMessage, HttpRequest, post};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::me::Me;
use crate::api::extract::{CallerAddress, Form, Json};
use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::credentials::{Given, prove};
use crate::auth::guard::{ActorId, Newcomer};
use crate::auth::refresh_token::RefreshToken;
use crate::auth::{AuthError, Authenticator};
use crate::db::Connection;
use crate::domain::text;
use crate::error::Result;
use crate::newsroom::{self, NewSession, SignedIn};

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(login).service(create_token);
}

/// Who signs in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// In any case.
    pub email: String,
    #[schema(value_type = String, format = Password)]
    pub password: SecretString,
}

/// What OAuth's password grant asks for; what else is in the form is ignored, as OAuth says.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TokenForm {
    #[serde(rename = "grant_type")]
    #[expect(dead_code, reason = "there is one; another is refused while the form is read")]
    grant: GrantType,
    /// The e-mail address.
    username: String,
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// What OAuth may be asked for here.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    Password,
}

/// How an access token is sent.
#[derive(Serialize, ToSchema)]
pub enum TokenType {
    Bearer,
}

/// What it takes to go on: an access token to send, and a refresh token to get the next ones.
#[derive(Serialize, ToSchema)]
pub struct LoginAnswer {
    /// Sent as `Authorization: Bearer` with each request.
    pub access_token: String,
    pub token_type: TokenType,
    /// For how many seconds the access token is good.
    pub expires_in: i64,
    /// Good once, for `POST /api/v1/auth/refresh`.
    pub refresh_token: String,
    pub user: Me,
}

/// Sign in
///
/// An unknown address and a wrong password say the same. The access token goes into `Authorization: Bearer`; the
/// refresh token gets new ones and is worth as much as the password: keep it where scripts of others cannot read it.
#[utoipa::path(
    tag = "Auth",
    operation_id = "login",
    request_body(content = Login, example = json!({"email": "editor@demo.local", "password": "masthead-demo"})),
    responses((status = 200, description = "Signed in.", body = LoginAnswer))
)]
#[post("/login")]
pub async fn login(
    newcomer: Newcomer,
    request: HttpRequest,
    app: Shared,
    body: Json<Login>,
) -> Result<Reply<LoginAnswer>> {
    sign_in(&newcomer, &request, &app, &body.0.email, &body.0.password).await
}

/// Sign in as OAuth does
///
/// The password grant of OAuth 2, so that tools which know OAuth can sign in with e-mail and password. A client's own
/// id and secret are not asked for.
#[utoipa::path(
    tag = "Auth",
    operation_id = "create_token",
    request_body(
        content = TokenForm,
        content_type = "application/x-www-form-urlencoded",
        example = json!({"grant_type": "password", "username": "editor@demo.local", "password": "masthead-demo"})
    ),
    responses((status = 200, description = "Signed in.", body = LoginAnswer))
)]
#[post("/token")]
pub async fn create_token(
    newcomer: Newcomer,
    request: HttpRequest,
    app: Shared,
    body: Form<TokenForm>,
) -> Result<Reply<LoginAnswer>> {
    sign_in(&newcomer, &request, &app, &body.0.username, &body.0.password).await
}

async fn sign_in(
    newcomer: &Newcomer,
    request: &HttpRequest,
    app: &Shared,
    email: &str,
    password: &SecretString,
) -> Result<Reply<LoginAnswer>> {
    let authenticator = &newcomer.authenticator;
    let given = Given {
        from: CallerAddress::of(request).0,
        email,
        password,
    };
    let proven = prove(&authenticator.pool, &app.hasher, &app.sign_ins, given).await?;
    let (first, session) = new_session(newcomer, request)?;
    let mut conn = newcomer.connect().await?;
    let signed_in = newsroom::sign_in(&mut conn, &newcomer.act, &proven.user, proven.rehashed, session).await?;
    answer(&mut conn, authenticator, request, signed_in, &first)
        .await
        .map(Reply::ok)
}

/// A session to be opened, and its first refresh token.
///
/// # Errors
/// When the system gives no random bytes.
pub fn new_session(newcomer: &Newcomer, request: &HttpRequest) -> Result<(RefreshToken, NewSession)> {
    let first = RefreshToken::generate().map_err(|error| AuthError::Internal(error.to_string()))?;
    let session = NewSession {
        user_agent: user_agent(request),
        token_hash: first.hash().to_vec(),
        expires_at: newcomer.act.now + newcomer.authenticator.refresh_token_ttl,
    };
    Ok((first, session))
}

/// What somebody who is signed in gets to hold.
///
/// # Errors
/// When the token cannot be signed, or the database fails.
pub async fn answer(
    conn: &mut Connection,
    authenticator: &Authenticator,
    request: &HttpRequest,
    signed_in: SignedIn,
    refresh_token: &RefreshToken,
) -> Result<LoginAnswer> {
    let SignedIn { user, session_id } = signed_in;
    // For the log: nobody stood in the guard.
    request.extensions_mut().insert(ActorId::User(user.id));
    let now = authenticator.clock.now();
    let issued = authenticator
        .tokens
        .issue(user.id, session_id, now)
        .map_err(AuthError::from)?;
    Ok(LoginAnswer {
        access_token: issued.token.expose_secret().to_owned(),
        token_type: TokenType::Bearer,
        expires_in: issued.expires_in,
        refresh_token: refresh_token.expose(),
        user: Me::show(conn, user).await?,
    })
}

const MAX_USER_AGENT: usize = 200;

/// What the client calls itself, without anything that could disturb a list.
fn user_agent(request: &HttpRequest) -> Option<String> {
    let given = request.headers().get(USER_AGENT)?;
    let given = String::from_utf8_lossy(given.as_bytes());
    let harmless = given.trim().chars().filter(|c| text::forbidden(*c).is_none());
    let kept: String = harmless.take(MAX_USER_AGENT).collect();
    text::line(&kept, MAX_USER_AGENT).ok()
}
