//! Staying signed in.

use actix_web::{HttpRequest, post};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::sign_in::{LoginAnswer, answer};
use crate::api::extract::Json;
use crate::api::response::Reply;
use crate::auth::guard::Newcomer;
use crate::auth::refresh_token::RefreshToken;
use crate::error::{Code, Error, Result};
use crate::newsroom::{self, Refreshed};

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(refresh_session);
}

/// The refresh token that the last answer gave.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    #[schema(value_type = String, format = Password)]
    pub refresh_token: SecretString,
}

/// Get the next tokens
///
/// A refresh token is good once: the answer brings the next one. If the answer was lost, the same token gets the same
/// successor again within 30 seconds, as long as that is unused. Any other second use ends the session, because somebody
/// else may hold the token.
#[utoipa::path(
    tag = "Auth",
    operation_id = "refresh_session",
    request_body(content = Refresh, example = json!({"refresh_token": "mhr_…"})),
    responses((status = 200, description = "The session goes on.", body = LoginAnswer))
)]
#[post("/refresh")]
pub async fn refresh_session(
    newcomer: Newcomer,
    request: HttpRequest,
    body: Json<Refresh>,
) -> Result<Reply<LoginAnswer>> {
    let presented = RefreshToken::parse(body.0.refresh_token.expose_secret()).ok_or_else(unknown_token)?;
    let authenticator = &newcomer.authenticator;
    let successors: Vec<RefreshToken> = authenticator.succession.successors(&presented).collect();
    let hashes: Vec<Vec<u8>> = successors.iter().map(|token| token.hash().to_vec()).collect();
    let until = newcomer.act.now + authenticator.refresh_token_ttl;
    let mut conn = newcomer.connect().await?;
    match newsroom::refresh_session(&mut conn, &newcomer.act, &presented.hash(), &hashes, until).await? {
        Refreshed::Continued { signed_in, successor } => {
            let next = successors.iter().find(|token| token.hash() == *successor);
            let next = next.ok_or_else(unknown_token)?;
            answer(&mut conn, authenticator, &request, signed_in, next)
                .await
                .map(Reply::ok)
        }
        Refreshed::Unknown => Err(unknown_token()),
        Refreshed::Reused => Err(Error::new(
            Code::InvalidToken,
            "This refresh token was used before, so its session has ended; sign in again.",
        )),
    }
}

fn unknown_token() -> Error {
    Error::new(
        Code::InvalidToken,
        "The refresh token is not valid, or its session has ended; sign in again.",
    )
}
