//! Create an account.

use diesel_async::AsyncConnection;

use super::Result;
use super::accounts::{NewAccount, add};
use crate::db::Connection;
use crate::db::users::UserRow;
use crate::domain::actor::Act;

/// Adds an account.
///
/// # Errors
/// When the address belongs to another account.
pub async fn create_user(conn: &mut Connection, act: &Act, new: NewAccount) -> Result<UserRow> {
    conn.transaction(async |conn| add(conn, act, new).await).await
}
