//! E-mail and password, as somebody gives them who wants to sign in.

use std::net::IpAddr;

use secrecy::SecretString;

use super::AuthError;
use super::password::{Hasher, Verdict};
use super::sign_ins::SignIns;
use crate::db::users::UserRow;
use crate::db::{self, Pool};
use crate::domain::email::email;

/// Whose the credentials are.
pub struct Proven {
    /// The account as it was when its password was checked.
    pub user: UserRow,
    /// The same password, hashed with today's effort, when the stored hash was made with less.
    pub rehashed: Option<String>,
}

/// Where credentials come from, and what they are.
pub struct Given<'a> {
    /// The address of whoever gives them.
    pub from: Option<IpAddr>,
    pub email: &'a str,
    pub password: &'a SecretString,
}

/// Finds the account. An unknown address and a wrong password take as long and say the same; only who knows the
/// password learns that the account is disabled. No connection is held while the password is checked.
///
/// # Errors
/// When they are wrong or came too often, the account is disabled, or checking does not happen.
pub async fn prove(pool: &Pool, hasher: &Hasher, sign_ins: &SignIns, given: Given<'_>) -> Result<Proven, AuthError> {
    let password = given.password;
    let attempt = sign_ins.enter(pool, given.from, given.email).await?;
    let user = match email(given.email) {
        Ok(address) => db::users::find_by_email(&*pool.get().await?, &address).await?,
        // What is no address is nobody's.
        Err(_) => None,
    };
    let stored = user.as_ref().map(|user| user.password_hash.as_str());
    let verdict = hasher.verify(password, stored).await?;
    let (Some(user), Verdict::Right { rehash }) = (user, verdict) else {
        return Err(AuthError::InvalidCredentials);
    };
    attempt.succeeded(pool, user.id).await?;
    if user.disabled_at.is_some() {
        return Err(AuthError::AccountDisabled);
    }
    let rehashed = if rehash {
        Some(hasher.hash(password).await?)
    } else {
        None
    };
    Ok(Proven { user, rehashed })
}
