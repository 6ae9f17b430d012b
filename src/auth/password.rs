//! Passwords: what may be one, and argon2id hashes made and checked off the request threads.

use std::sync::Arc;

use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Params, PasswordHash, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{AcquireError, Semaphore};
use tokio::task::JoinError;
use unicode_normalization::UnicodeNormalization;

use crate::domain::text::Coded;

/// The fewest characters of a password.
pub const MIN_CHARS: usize = 12;
/// The most characters of a password.
pub const MAX_CHARS: usize = 128;

/// More than OWASP asks for with one lane and two passes (19 MiB): a block of over 32 MiB is always given back at once by
/// glibc, and smaller ones would stay with each thread that hashed.
const MIN_MEMORY_KIB: u32 = 33_792;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Long enough to pass for a password, and among the first that anybody tries.
const COMMON: [&str; 20] = [
    "0123456789ab",
    "012345678910",
    "123456789012",
    "1234567890ab",
    "123456789abc",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "abcdefghijkl",
    "abcdefghijklmnop",
    "administrator",
    "changemeplease",
    "correcthorsebatterystaple",
    "iloveyou1234",
    "letmein12345",
    "masthead1234",
    "password1234",
    "password12345",
    "passwordpassword",
    "qwertyuiop12",
    "welcome12345",
];

/// Fewer different characters than this is a row of one key.
const MIN_DIFFERENT_CHARS: usize = 5;

/// Why a text cannot be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Too few characters.
    #[error("must have at least {MIN_CHARS} characters")]
    TooShort,
    /// Too many characters.
    #[error("must have at most {MAX_CHARS} characters")]
    TooLong,
    /// Among the first that anybody tries.
    #[error("is too easy to guess; a few unrelated words make a good one")]
    TooCommon,
}

impl Coded for WeakPassword {
    fn code(&self) -> &'static str {
        match self {
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::TooCommon => "too_common",
        }
    }
}

/// Checks a new password. Length is what counts: no rule asks for digits or signs.
///
/// # Errors
/// Says which rule it breaks.
pub fn check_password(password: &SecretString, email: &str) -> Result<(), WeakPassword> {
    // Not worth reading: nobody's keyboard writes a character in this many bytes.
    if password.expose_secret().len() > MAX_CHARS * 32 {
        return Err(WeakPassword::TooLong);
    }
    let password = normalized(password);
    let lower = password.expose_secret().to_lowercase();
    let chars = password.expose_secret().chars().count();
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    if chars < MIN_CHARS {
        Err(WeakPassword::TooShort)
    } else if chars > MAX_CHARS {
        Err(WeakPassword::TooLong)
    } else if different.len() < MIN_DIFFERENT_CHARS
        || COMMON.contains(&lower.as_str())
        || lower == email.trim().to_lowercase()
    {
        Err(WeakPassword::TooCommon)
    } else {
        Ok(())
    }
}

/// One spelling for letters that keyboards write in several ways, as NIST asks, or a password typed on another machine
/// would be another password.
fn normalized(password: &SecretString) -> SecretString {
    password.expose_secret().nfkc().collect::<String>().into()
}

/// What checking a password found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is right.
    Right {
        /// Whether the stored hash is weaker than one made today, so that the caller should store a new one.
        rehash: bool,
    },
    /// It is wrong, or there is no such user.
    Wrong,
}

/// Why hashing did not happen.
#[derive(Debug, thiserror::Error)]
pub enum HasherError {
    /// The library refused, for instance for want of memory, or the stored hash is damaged.
    #[error("a password could not be hashed or checked: {0}")]
    Hash(#[from] password_hash::Error),
    /// The parameters are out of range.
    #[error("the password hashing parameters are wrong: {0}")]
    Params(#[from] argon2::Error),
    /// The program is stopping.
    #[error("password hashing has stopped: {0}")]
    Stopped(#[from] AcquireError),
    /// The thread failed or the program is stopping.
    #[error("a password hashing thread failed: {0}")]
    Thread(#[from] JoinError),
}

/// Hashes and checks passwords on threads of their own, few at a time: each takes tens of milliseconds and many MiB.
#[derive(Clone)]
pub struct Hasher {
    argon2: Argon2<'static>,
    slots: Arc<Semaphore>,
    /// Checked when there is no such user, so that the answer takes as long.
    nobody: Arc<str>,
}

impl Hasher {
    /// A hasher that takes this much memory for each password (at least 33792 KiB). Takes as long as one hash.
    ///
    /// # Errors
    /// When the memory is out of range or the first hash fails.
    pub fn new(memory_kib: u32) -> Result<Self, HasherError> {
        let params = Params::new(memory_kib.max(MIN_MEMORY_KIB), PASSES, LANES, None)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(password_hash::Error::from)?;
        let nobody: PasswordHash = argon2.hash_password(&random)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            nobody: nobody.to_string().into(),
            argon2,
            // One core is left for everybody who is not signing in.
            slots: Arc::new(Semaphore::new(cores.saturating_sub(1).max(1))),
        })
    }

    /// The hash to store, in PHC form.
    ///
    /// # Errors
    /// When hashing does not happen.
    pub async fn hash(&self, password: &SecretString) -> Result<String, HasherError> {
        let (argon2, password) = (self.argon2.clone(), password.clone());
        let hash: PasswordHash = self
            .run(move || argon2.hash_password(normalized(&password).expose_secret().as_bytes()))
            .await??;
        Ok(hash.to_string())
    }

    /// Checks a password against the stored hash of a user, or against nothing for a user who does not exist or has
    /// none: that takes as long, and is always wrong.
    ///
    /// # Errors
    /// When checking does not happen. A wrong password is no error.
    pub async fn verify(&self, password: &SecretString, stored: Option<&str>) -> Result<Verdict, HasherError> {
        let hash =
            PasswordHash::new(stored.unwrap_or(&self.nobody)).map_err(|_| password_hash::Error::EncodingInvalid)?;
        let rehash = self.is_weaker(&hash)?;
        let (argon2, password) = (self.argon2.clone(), password.clone());
        match self
            .run(move || argon2.verify_password(normalized(&password).expose_secret().as_bytes(), &hash))
            .await?
        {
            Ok(()) if stored.is_some() => Ok(Verdict::Right { rehash }),
            Ok(()) | Err(password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a hash was made with less than today's effort.
    fn is_weaker(&self, hash: &PasswordHash) -> Result<bool, HasherError> {
        let (made, today) = (Params::try_from(hash)?, self.argon2.params());
        Ok(hash.algorithm != ARGON2ID_IDENT
            || hash.version != Some(Version::V0x13.into())
            || made.m_cost() < today.m_cost()
            || made.t_cost() < today.t_cost()
            || made.p_cost() < today.p_cost())
    }

    /// The permit travels with the work: a caller who goes away frees no slot before the work is done.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, HasherError> {
        let permit = Arc::clone(&self.slots).acquire_owned().await?;
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        Ok(done.await?)
    }
}

#[cfg(test)]
mod tests;
