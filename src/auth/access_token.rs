//! Access tokens: short-lived JWTs, signed and checked by us alone.
//!
//! The library checks the signature and the algorithm. Everything else is checked here, because its defaults accept
//! tokens without `aud` or `iss` and read the system clock.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::keyed_hash::KeyedHash;
use crate::clock::new_id;
use crate::config::Secrets;
use crate::domain::hex::hex;

const AUDIENCE: &str = "masthead";
const TYPE: &str = "access";

/// How far apart, in seconds, the clocks of two nodes may be.
const LEEWAY_SECONDS: i64 = 5;

/// No token of ours comes near; a longer one is not worth reading.
const MAX_BYTES: usize = 2048;

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It was right, and its time is over.
    #[error("the access token has expired")]
    Expired,
    /// It is not one of ours, or not for this.
    #[error("the access token is not valid")]
    Invalid,
}

/// Why a token could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The library refused.
    #[error("an access token could not be signed: {0}")]
    Library(#[from] jsonwebtoken::errors::Error),
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    typ: String,
    exp: i64,
    nbf: i64,
    iat: i64,
    jti: Uuid,
}

/// A token that was made.
#[derive(Debug)]
pub struct IssuedToken {
    /// The text that the client sends as `Authorization: Bearer`.
    pub token: SecretString,
    /// How many seconds it lives.
    pub expires_in: i64,
}

/// A token that was accepted. The user and the session still have to be looked up: they may have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// The token's own id (`jti`).
    pub id: Uuid,
    /// Whose it is (`sub`).
    pub user_id: Uuid,
    /// The sign-in it belongs to (`sid`).
    pub session_id: Uuid,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// A secret that tokens are checked with, and the fingerprint that names it in a token's `kid`.
struct Key {
    kid: String,
    decoding: DecodingKey,
}

/// Makes and checks access tokens.
pub struct AccessTokens {
    issuer: String,
    ttl: TimeDelta,
    header: Header,
    signing: EncodingKey,
    accepted: Vec<Key>,
    validation: Validation,
}

impl AccessTokens {
    /// The current secret signs; all are accepted, so that `new,old` ends nobody's work.
    #[must_use]
    pub fn new(secrets: &Secrets, issuer: &str, ttl: Duration) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // Ours replace the library's: see the module's notes.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        Self {
            issuer: issuer.to_owned(),
            ttl: TimeDelta::from_std(ttl)
                .unwrap_or(TimeDelta::MAX)
                .min(TimeDelta::days(1)),
            header: Header {
                kid: Some(fingerprint(secrets.current())),
                ..Header::new(Algorithm::HS256)
            },
            signing: EncodingKey::from_secret(secrets.current().expose_secret().as_bytes()),
            accepted: secrets.all().map(Key::new).collect(),
            validation,
        }
    }

    /// Makes a token for a user's sign-in.
    ///
    /// # Errors
    /// When the library cannot sign, which needs a broken machine.
    pub fn issue(&self, user_id: Uuid, session_id: Uuid, now: DateTime<Utc>) -> Result<IssuedToken, SigningError> {
        let iat = now.timestamp();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: user_id,
            sid: session_id,
            typ: TYPE.to_owned(),
            exp: iat + self.ttl.num_seconds(),
            nbf: iat,
            iat,
            jti: new_id(now),
        };
        let token = encode(&self.header, &claims, &self.signing)?.into();
        Ok(IssuedToken {
            token,
            expires_in: self.ttl.num_seconds(),
        })
    }

    /// Checks a token. Only one that is right in everything else is called expired.
    ///
    /// # Errors
    /// Whether it is over or was never right.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<AccessToken, TokenError> {
        let claims = self.claims(token).ok_or(TokenError::Invalid)?;
        let now = now.timestamp();
        let right = claims.iss == self.issuer
            && claims.aud == AUDIENCE
            && claims.typ == TYPE
            && claims.nbf <= now + LEEWAY_SECONDS
            && claims.iat <= now + LEEWAY_SECONDS
            && claims.iat <= claims.exp;
        let expires_at = DateTime::from_timestamp(claims.exp, 0)
            .filter(|_| right)
            .ok_or(TokenError::Invalid)?;
        // No overflow: an instant of chrono's is far from the ends of an i64.
        if claims.exp + LEEWAY_SECONDS <= now {
            return Err(TokenError::Expired);
        }
        Ok(AccessToken {
            id: claims.jti,
            user_id: claims.sub,
            session_id: claims.sid,
            expires_at,
        })
    }

    /// The claims of a token whose signature is right. The algorithm is ours, never the token's choice.
    fn claims(&self, token: &str) -> Option<Claims> {
        if token.len() > MAX_BYTES {
            return None;
        }
        let kid = decode_header(token).ok()?.kid?;
        let key = self.accepted.iter().find(|key| key.kid == kid)?;
        decode(token, &key.decoding, &self.validation)
            .ok()
            .map(|data| data.claims)
    }
}

impl Key {
    fn new(secret: &SecretString) -> Self {
        Self {
            kid: fingerprint(secret),
            decoding: DecodingKey::from_secret(secret.expose_secret().as_bytes()),
        }
    }
}

/// Names a secret without telling anything about it.
fn fingerprint(secret: &SecretString) -> String {
    let hash = KeyedHash::new(&Secrets::one(secret.clone()), "jwt-kid").hash(b"");
    hex(hash.get(..6).unwrap_or(&hash))
}

#[cfg(test)]
mod tests;
