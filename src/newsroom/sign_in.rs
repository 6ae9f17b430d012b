//! Sign in.

use diesel_async::AsyncConnection;

use super::accounts::{NewSession, SignedIn, open};
use super::{Refusal, Result};
use crate::db::users::UserRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;

/// Opens a session for an account whose password was found right when it was as `checked`. `rehashed` is the same
/// password, hashed with today's effort.
///
/// # Errors
/// When the account was changed since.
pub async fn sign_in(
    conn: &mut Connection,
    act: &Act,
    checked: &UserRow,
    rehashed: Option<String>,
    session: NewSession,
) -> Result<SignedIn> {
    conn.transaction(async |conn| {
        let user = db::users::lock(conn, checked.id).await?;
        // A new hash of the same password leaves the version alone: it is no change that anybody can see.
        let user = user.filter(|user| user.version == checked.version && user.disabled_at.is_none());
        let mut user = user.ok_or_else(changed)?;
        if let Some(hash) = rehashed {
            user.password_hash = hash;
            db::users::update(conn, &user).await?;
        }
        open(conn, act, user, session).await
    })
    .await
}

fn changed() -> Refusal {
    Refusal::Conflict("The account was changed in this very moment; please sign in again.".to_owned())
}
