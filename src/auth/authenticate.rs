//! From an access token or an API key to who is behind it, as they are at this moment.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::AuthError;
use super::access_token::{AccessTokens, TokenError};
use super::api_key::ApiKey;
use super::refresh_token::Succession;
use crate::clock::Clock;
use crate::db::api_keys::ApiKeyRow;
use crate::db::{self, Connection, Pool, Replicas};
use crate::domain::actor::{Actor, Key};

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

/// How exactly a key's last use is noted.
const USE_NOTED: TimeDelta = TimeDelta::minutes(1);

impl Authenticator {
    /// Whoever holds this access token or API key. The session and its user, or the key, are read anew each time, so that
    /// a disabled user, an ended session and a revoked key are refused at once, on every node.
    ///
    /// # Errors
    /// When the token, its session, its user or the key is not accepted, or the database cannot tell.
    pub async fn authenticate(&self, token: &str, now: DateTime<Utc>) -> Result<Actor, AuthError> {
        if ApiKey::is_meant(token) {
            let key = ApiKey::parse(token).ok_or(AuthError::InvalidToken)?;
            return Ok(Actor::Key(self.authenticate_key(&key, now).await?));
        }
        let claims = self.tokens.verify(token, now).map_err(|error| match error {
            TokenError::Expired => AuthError::TokenExpired,
            TokenError::Invalid => AuthError::InvalidToken,
        })?;
        let mut conn = self.pool.get().await?;
        let found = db::sessions::find_live_user(&mut conn, claims.session_id, claims.user_id, now).await?;
        let user = found.ok_or(AuthError::InvalidToken)?;
        Ok(Actor::Account(user.account(claims.session_id)))
    }

    async fn authenticate_key(&self, key: &ApiKey, now: DateTime<Utc>) -> Result<Key, AuthError> {
        let mut conn = self.pool.get().await?;
        let found = db::api_keys::find_by_prefix(&mut conn, key.prefix()).await?;
        let found = found.filter(|found| key.is(&found.secret_hash) && found.revoked_at.is_none());
        let row = found.ok_or(AuthError::InvalidToken)?;
        if row.has_expired(now) {
            return Err(AuthError::KeyExpired);
        }
        if row.last_used_at.is_none_or(|at| at <= now - USE_NOTED) {
            note_use(&mut conn, &row, now).await;
        }
        Ok(Key {
            id: row.id,
            name: row.name,
            scopes: row.scopes,
            sections: match row.section_ids {
                Some(ids) => Some(db::sections::subtrees(&mut conn, &ids).await?),
                None => None,
            },
        })
    }
}

/// That it cannot be noted keeps nobody from reading.
async fn note_use(conn: &mut Connection, key: &ApiKeyRow, now: DateTime<Utc>) {
    if let Err(error) = db::api_keys::touch(conn, key.id, now, now - USE_NOTED).await {
        tracing::warn!(%error, key = %key.id, "the use of an API key was not noted");
    }
}
