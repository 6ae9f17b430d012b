//! Passwords that are to be set, checked and hashed.

use secrecy::SecretString;

use crate::app::Shared;
use crate::auth::AuthError;
use crate::auth::password::check_password;
use crate::domain::check::{Check, FieldError};
use crate::domain::text::Coded;
use crate::error::Result;

/// Notes why a password cannot be one for the account with this address.
pub fn check(check: &mut Check, pointer: &str, password: &SecretString, email: &str) {
    if let Err(weak) = check_password(password, email) {
        check.refuse(FieldError::field(pointer, weak.code(), weak.to_string()));
    }
}

/// The hash to store. No connection is held meanwhile: hashing takes its time.
///
/// # Errors
/// When the machine cannot hash.
pub async fn hash(app: &Shared, password: &SecretString) -> Result<String> {
    Ok(app.hasher.hash(password).await.map_err(AuthError::from)?)
}
