//! A reader makes an account.

use diesel_async::AsyncConnection;

use super::Result;
use super::accounts::{NewAccount, NewSession, SignedIn, add, open};
use crate::db::Connection;
use crate::domain::actor::Act;
use crate::domain::permission::Role;

/// Adds an account that may do what readers may, and signs it in.
///
/// # Errors
/// When the address belongs to another account.
pub async fn register_reader(
    conn: &mut Connection,
    act: &Act,
    email: String,
    name: String,
    password_hash: String,
    session: NewSession,
) -> Result<SignedIn> {
    let new = NewAccount {
        email,
        name,
        role: Role::Reader,
        password_hash,
    };
    conn.transaction(async |conn| {
        let user = add(conn, act, new).await?;
        open(conn, act, user, session).await
    })
    .await
}
