//! Refusals of guards and sign-ins as errors.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};

use super::{Code, Error, internal};
use crate::auth::AuthError;
use crate::auth::rate_limit::Share;
use crate::domain::permission::{Permission, Scope};

impl From<AuthError> for Error {
    fn from(error: AuthError) -> Self {
        Self::from(&error)
    }
}

impl From<&AuthError> for Error {
    fn from(error: &AuthError) -> Self {
        match error {
            AuthError::NotAuthenticated => Self::new(
                Code::NotAuthenticated,
                "Send `Authorization: Bearer <access token or API key>`; POST /api/v1/auth/login gives a token.",
            ),
            AuthError::InvalidCredentials => Self::new(Code::InvalidCredentials, "E-mail or password is wrong."),
            AuthError::InvalidToken => {
                Self::new(Code::InvalidToken, "The token is not valid, or its session has ended.")
            }
            AuthError::TokenExpired => Self::new(
                Code::TokenExpired,
                "The access token has expired; POST /api/v1/auth/refresh gives a new one.",
            ),
            AuthError::AccountDisabled => {
                Self::new(Code::AccountDisabled, "This account is disabled; ask an administrator.")
            }
            AuthError::KeyExpired => Self::new(
                Code::TokenExpired,
                "The API key has expired; an administrator makes a new one.",
            ),
            AuthError::ScopeMissing(permission) => scope_missing(*permission),
            AuthError::PeopleOnly => Self::new(
                Code::PermissionDenied,
                "An API key cannot do this; it is for people, who sign in with a password.",
            ),
            AuthError::PermissionDenied { role, permission } => Self::new(
                Code::PermissionDenied,
                format!("This needs the permission `{permission}`, which the role {role} does not have."),
            ),
            AuthError::RateLimited(exhausted) => {
                let detail = format!(
                    "{} requests in {} seconds are allowed here (`{}`); please try again in {} s.",
                    exhausted.share.quota, exhausted.share.window, exhausted.share.policy, exhausted.retry_after
                );
                let error = Self::new(Code::RateLimited, detail).with_header(RETRY_AFTER, exhausted.retry_after.into());
                let told = rate_limit_headers(&exhausted.share).into_iter();
                told.fold(error, |error, (name, value)| error.with_header(name, value))
            }
            AuthError::TooManyAttempts(retry_after) => {
                let detail = format!("Too many wrong passwords; please try again in {retry_after} s.");
                Self::new(Code::RateLimited, detail).with_header(RETRY_AFTER, (*retry_after).into())
            }
            AuthError::Pool(error) => error.into(),
            AuthError::Database(error) => error.into(),
            AuthError::Internal(reason) => internal(reason),
        }
    }
}

/// How a caller is told what is left to them (draft-ietf-httpapi-ratelimit-headers).
#[must_use]
pub fn rate_limit_headers(share: &Share) -> [(HeaderName, HeaderValue); 2] {
    let Share {
        policy,
        quota,
        window,
        remaining,
        reset,
    } = share;
    [
        ("ratelimit", format!("\"{policy}\";r={remaining};t={reset}")),
        ("ratelimit-policy", format!("\"{policy}\";q={quota};w={window}")),
    ]
    .map(|(name, text)| {
        // Names of policies are ours and plain.
        let value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
        (HeaderName::from_static(name), value)
    })
}

fn scope_missing(permission: Permission) -> Error {
    let scopes: Vec<String> = Scope::giving(permission).map(|scope| format!("`{scope}`")).collect();
    match scopes.as_slice() {
        [] => (&AuthError::PeopleOnly).into(),
        scopes => Error::new(
            Code::ScopeMissing,
            format!(
                "This needs the permission `{permission}`; the API key has no scope that gives it: {}.",
                scopes.join(", ")
            ),
        ),
    }
}

/// A guard fails as [`Error`] does.
impl ResponseError for AuthError {
    fn status_code(&self) -> StatusCode {
        Error::from(self).status_code()
    }

    fn error_response(&self) -> HttpResponse {
        Error::from(self).error_response()
    }
}
