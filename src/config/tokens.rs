//! Access and refresh tokens.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

use super::Environment;
use super::reader::Reader;
use super::value::Value;

/// A secret shorter than the hash it keys can be guessed more cheaply than the hash can be broken.
const MIN_SECRET_BYTES: usize = 32;

/// Access and refresh tokens.
#[derive(Clone, Debug)]
pub struct TokensConfig {
    /// `MASTHEAD_JWT_SECRET`: one secret or `new,old`, each of 32 bytes or more. The first signs, all are accepted.
    /// Empty when none is given, which only development allows: see [`TokensConfig::secrets_or_kept`].
    pub jwt_secrets: Vec<SecretString>,
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
            jwt_secrets: Vec::new(),
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
            jwt_secrets: reader
                .optional(SECRET, EXAMPLE)
                .map_or_else(Vec::new, |JwtSecrets(secrets)| secrets),
            access_token_ttl: reader.within("MASTHEAD_ACCESS_TOKEN_TTL", default.access_token_ttl, &access),
            refresh_token_ttl: reader.within("MASTHEAD_REFRESH_TOKEN_TTL", default.refresh_token_ttl, &refresh),
        }
    }

    /// The secrets given, or the one kept in the data folder, made there at the first time.
    ///
    /// # Errors
    /// When the file cannot be read or written, or holds something too short.
    pub fn secrets_or_kept(&self, data_dir: &Path) -> Result<Vec<SecretString>, SecretFileError> {
        if self.jwt_secrets.is_empty() {
            Ok(vec![load_or_create_secret(data_dir)?])
        } else {
            Ok(self.jwt_secrets.clone())
        }
    }
}

struct JwtSecrets(Vec<SecretString>);

impl Value for JwtSecrets {
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        let secrets: Vec<&str> = text.split(',').map(str::trim).collect();
        match secrets.iter().map(|secret| secret.len()).min() {
            Some(shortest) if shortest < MIN_SECRET_BYTES => Err(format!(
                "must be one secret, or new,old, each of at least {MIN_SECRET_BYTES} bytes; one has only {shortest}"
            )),
            _ => Ok(Self(secrets.into_iter().map(SecretString::from).collect())),
        }
    }

    fn show(&self) -> String {
        "(hidden)".to_owned()
    }
}

/// Why the kept secret cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    /// The file or its folder refused us.
    #[error("cannot keep the token secret in {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file was cut or edited.
    #[error(
        "{0} holds fewer than {MIN_SECRET_BYTES} bytes; delete it and a new one is made (everybody signs in again)"
    )]
    TooShort(PathBuf),
    /// The system gave no random bytes.
    #[error("the system gives no random bytes: {0}")]
    Random(getrandom::Error),
}

/// Reads the secret in `<data_dir>/jwt-secret`, making it first when there is none (readable by us alone).
///
/// # Errors
/// When the file cannot be read or written, or holds something too short.
pub fn load_or_create_secret(data_dir: &Path) -> Result<SecretString, SecretFileError> {
    let path = data_dir.join("jwt-secret");
    let failed = |source| SecretFileError::Io {
        path: path.clone(),
        source,
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(data_dir).map_err(failed)?;
            create(&path, &random_secret()?).map_err(failed)?;
            fs::read_to_string(&path).map_err(failed)?
        }
        Err(error) => return Err(failed(error)),
    };
    let secret = text.trim();
    if secret.len() < MIN_SECRET_BYTES {
        return Err(SecretFileError::TooShort(path));
    }
    Ok(secret.into())
}

fn random_secret() -> Result<SecretString, SecretFileError> {
    let mut bytes = [0; 48];
    getrandom::fill(&mut bytes).map_err(SecretFileError::Random)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes).into())
}

/// Writes aside and links into place: of two processes that start together one wins, and nobody reads half a file.
fn create(path: &Path, secret: &SecretString) -> io::Result<()> {
    let aside = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&aside)?;
    file.write_all(secret.expose_secret().as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::clock::{Clock, new_id};

    #[test]
    fn a_secret_is_made_once_and_readable_by_us_alone() {
        let folder = std::env::temp_dir().join(format!("masthead-secret-{}", new_id(Clock::system().now())));
        let first = load_or_create_secret(&folder).expect("a secret");
        let again = load_or_create_secret(&folder).expect("the same secret");
        assert_eq!(first.expose_secret(), again.expose_secret());
        assert_eq!(first.expose_secret().len(), 64);
        let file = folder.join("jwt-secret");
        assert_eq!(
            fs::metadata(&file).expect("the file").permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 1);

        fs::write(&file, "short").expect("a write");
        assert!(matches!(
            load_or_create_secret(&folder),
            Err(SecretFileError::TooShort(_))
        ));
        fs::remove_dir_all(&folder).expect("cleaned");
    }

    #[test]
    fn secrets_never_print() {
        let JwtSecrets(jwt_secrets) = JwtSecrets::parse(&"hunter2!".repeat(4)).expect("a secret");
        let config = TokensConfig {
            jwt_secrets,
            ..TokensConfig::defaults(Environment::Development)
        };
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
