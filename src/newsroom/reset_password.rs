//! Give an account a new password without knowing the old one.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::{Refusal, Result};
use crate::db::users::UserRow;
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;
use crate::domain::version::Expected;

/// Gives an account a new password, and ends all of its sessions.
///
/// # Errors
/// When there is no such account, or it changed.
pub async fn reset_password(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    password_hash: String,
) -> Result<UserRow> {
    conn.transaction(async |conn| {
        let mut user = db::users::lock(conn, id).await?.ok_or(Refusal::NotFound("user"))?;
        expected.require(user.version)?;
        let before = Fingerprint::of(&user);
        user.password_hash = password_hash;
        user.version += 1;
        user.updated_at = act.now;
        db::users::update(conn, &user).await?;
        let ended = db::sessions::end_all(conn, id, None, act.now).await?;
        let (change, details) = (Change::from(before, &user), json!({"sessions_ended": ended}));
        db::audit::record(conn, act, "reset_password", "user", id, change, details).await?;
        Ok(user)
    })
    .await
}
