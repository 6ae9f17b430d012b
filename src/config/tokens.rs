//! Access and refresh tokens.

use std::path::Path;
use std::time::Duration;

use super::Environment;
use super::reader::Reader;
use super::secrets::{SecretFileError, Secrets, load_or_create_secret};

/// Access and refresh tokens.
#[derive(Clone, Debug)]
pub struct TokensConfig {
    /// `MASTHEAD_JWT_SECRET`: one secret or `new,old`, each of 32 bytes or more. The first signs, all are accepted.
    /// Only development may leave it out: see [`TokensConfig::secrets_or_kept`].
    pub jwt_secrets: Option<Secrets>,
    /// `MASTHEAD_ACCESS_TOKEN_TTL`: how long an access token lives.
    pub access_token_ttl: Duration,
    /// `MASTHEAD_REFRESH_TOKEN_TTL`: how long a sign-in lasts that is not used.
    pub refresh_token_ttl: Duration,
}

impl TokensConfig {
    /// The defaults of an environment.
    #[must_use]
    pub fn defaults(environment: Environment) -> Self {
        let minutes = if environment.is_development() { 8 * 60 } else { 15 };
        Self {
            jwt_secrets: None,
            access_token_ttl: Duration::from_secs(minutes * 60),
            refresh_token_ttl: Duration::from_secs(30 * 24 * 3600),
        }
    }

    pub(super) fn read(reader: &mut Reader, environment: Environment) -> Self {
        const SECRET: &str = "MASTHEAD_JWT_SECRET";
        const EXAMPLE: &str = "\"$(openssl rand -base64 48)\"";
        let default = Self::defaults(environment);
        if !reader.is_set(SECRET) && !environment.is_development() {
            reader.problem(SECRET, "must be given in production".to_owned(), EXAMPLE);
        }
        let (second, day) = (Duration::from_secs(1), Duration::from_secs(24 * 3600));
        let access = second * 10..=day;
        let refresh = second * 60..=day * 400;
        Self {
            jwt_secrets: reader.optional(SECRET, EXAMPLE),
            access_token_ttl: reader.within("MASTHEAD_ACCESS_TOKEN_TTL", default.access_token_ttl, &access),
            refresh_token_ttl: reader.within("MASTHEAD_REFRESH_TOKEN_TTL", default.refresh_token_ttl, &refresh),
        }
    }

    /// The secrets given, or the one kept in the data folder, made there at the first time.
    ///
    /// # Errors
    /// When the file cannot be read or written, or holds something too short.
    pub fn secrets_or_kept(&self, data_dir: &Path) -> Result<Secrets, SecretFileError> {
        match &self.jwt_secrets {
            Some(secrets) => Ok(secrets.clone()),
            None => load_or_create_secret(data_dir).map(Secrets::one),
        }
    }
}
