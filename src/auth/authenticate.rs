//! From an access token to the account behind it, as it is at this moment.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::AuthError;
use super::access_token::{AccessTokens, TokenError};
use super::refresh_token::Succession;
use crate::clock::Clock;
use crate::db::{self, Pool, Replicas};
use crate::domain::actor::Actor;

/// What it takes to know who is asking, and to tell who may ask from now on.
pub struct Authenticator {
    pub pool: Pool,
    /// Answer readers' questions, as far as they are up to date.
    pub replicas: Arc<Replicas>,
    pub clock: Clock,
    pub tokens: AccessTokens,
    pub succession: Succession,
    /// How long a sign-in lasts that is not used.
    pub refresh_token_ttl: Duration,
}

impl Authenticator {
    /// The account that holds this access token. Its user and session are read anew each time, so that a disabled user
    /// or an ended session is refused at once.
    ///
    /// # Errors
    /// When the token, its session or its user is not accepted, or the database cannot tell.
    pub async fn authenticate(&self, token: &str, now: DateTime<Utc>) -> Result<Actor, AuthError> {
        let claims = self.tokens.verify(token, now).map_err(|error| match error {
            TokenError::Expired => AuthError::TokenExpired,
            TokenError::Invalid => AuthError::InvalidToken,
        })?;
        let mut conn = self.pool.get().await?;
        let found = db::sessions::find_live_user(&mut conn, claims.session_id, claims.user_id, now).await?;
        let user = found.ok_or(AuthError::InvalidToken)?;
        Ok(user.actor(claims.session_id))
    }
}
