//! Who is asking, and may they. Tokens, passwords, sessions, and the guard that stands in a handler's signature. Only
//! [`guard`] names actix.

pub mod access_token;
pub mod api_key;
pub mod authenticate;
pub mod comment_token;
pub mod credentials;
pub mod guard;
pub mod keyed_hash;
pub mod password;
pub mod preview_token;
pub mod rate_limit;
pub mod refresh_token;
pub mod requires;
pub mod sign_ins;

pub use authenticate::Authenticator;
pub use guard::Guard;

use self::access_token::SigningError;
use self::password::HasherError;
use self::rate_limit::Exhausted;
use crate::db::pool::PoolError;
use crate::domain::permission::{Permission, Role};

/// Why somebody was not let in.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    #[error("no bearer token was sent")]
    NotAuthenticated,
    #[error("e-mail or password is wrong")]
    InvalidCredentials,
    #[error("the token is not accepted")]
    InvalidToken,
    #[error("the token has expired")]
    TokenExpired,
    #[error("the account is disabled")]
    AccountDisabled,
    #[error("the API key has expired")]
    KeyExpired,
    #[error("the role {role} lacks the permission {permission}")]
    PermissionDenied { role: Role, permission: Permission },
    #[error("the API key lacks a scope for the permission {0}")]
    ScopeMissing(Permission),
    #[error("an API key was sent where a person is wanted")]
    PeopleOnly,
    #[error("the caller asked too often")]
    RateLimited(Exhausted),
    /// In so many seconds it may be tried again.
    #[error("too many wrong passwords")]
    TooManyAttempts(i64),
    #[error(transparent)]
    Pool(#[from] PoolError),
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
    #[error("{0}")]
    Internal(String),
}

impl From<HasherError> for AuthError {
    fn from(error: HasherError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<SigningError> for AuthError {
    fn from(error: SigningError) -> Self {
        Self::Internal(error.to_string())
    }
}
