//! The secrets that tokens are signed with: given, or made once and kept in the data folder.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

use super::value::Value;

/// A secret shorter than the hash it keys can be guessed more cheaply than the hash can be broken.
const MIN_SECRET_BYTES: usize = 32;

/// A random secret of this length has more distinct characters than this.
const MIN_DISTINCT_BYTES: usize = 12;

/// The current secret and those it replaced, which are still accepted. Never prints.
#[derive(Clone, Debug)]
pub struct Secrets {
    current: SecretString,
    older: Vec<SecretString>,
}

impl Secrets {
    /// A single secret.
    #[must_use]
    pub fn one(current: SecretString) -> Self {
        Self {
            current,
            older: Vec::new(),
        }
    }

    /// Reads `new,old`, for tests and tools.
    ///
    /// # Errors
    /// Says what it must be, without repeating it.
    pub fn parse(text: &str) -> Result<Self, String> {
        <Self as Value>::parse(text)
    }

    /// The secret that signs.
    #[must_use]
    pub fn current(&self) -> &SecretString {
        &self.current
    }

    /// What makes the current secret easy to guess, if anything does.
    #[must_use]
    pub fn weakness(&self) -> Option<&'static str> {
        let bytes: std::collections::BTreeSet<u8> = self.current.expose_secret().bytes().collect();
        (bytes.len() < MIN_DISTINCT_BYTES).then_some("repeats a few characters: it was not made by a machine")
    }

    /// Every secret that is accepted, the current one first.
    pub fn all(&self) -> impl Iterator<Item = &SecretString> {
        std::iter::once(&self.current).chain(&self.older)
    }
}

impl Value for Secrets {
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        let wrong = |shortest| {
            format!(
                "must be one secret, or new,old, each of at least {MIN_SECRET_BYTES} bytes; one has only {shortest}"
            )
        };
        let mut secrets = text.split(',').map(str::trim);
        match secrets.clone().map(str::len).min() {
            Some(shortest) if shortest < MIN_SECRET_BYTES => return Err(wrong(shortest)),
            _ => {}
        }
        let current = secrets.next().ok_or_else(|| wrong(0))?.into();
        Ok(Self {
            current,
            older: secrets.map(SecretString::from).collect(),
        })
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
    fn the_first_of_several_is_current_and_none_prints() {
        let text = format!("{}, {}", "new-secret-".repeat(3), "old-secret-".repeat(3));
        let secrets = Secrets::parse(&text).expect("two secrets");
        assert_eq!(secrets.current().expose_secret(), "new-secret-".repeat(3));
        assert_eq!(secrets.all().count(), 2);
        assert!(!format!("{secrets:?}").contains("secret-"));
        for wrong in ["hunter2", &format!("{text},hunter2"), &format!("{text},")] {
            let message = Secrets::parse(wrong).expect_err("too short");
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
