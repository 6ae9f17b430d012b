//! Change one's own password.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::{Refusal, Result};
use crate::db::users::UserRow;
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;

/// Gives an account, whose present password was found right when it was as `checked`, a new one. Its other sessions
/// end: whoever knew the old password is out. `kept` is the session that asked.
///
/// # Errors
/// When the account was changed since.
pub async fn change_password(
    conn: &mut Connection,
    act: &Act,
    checked: &UserRow,
    kept: Uuid,
    password_hash: String,
) -> Result<()> {
    conn.transaction(async |conn| {
        let user = db::users::lock(conn, checked.id).await?;
        let user = user.filter(|user| user.version == checked.version);
        let mut user = user.ok_or_else(|| {
            Refusal::Conflict("The account was changed in this very moment; please try again.".to_owned())
        })?;
        let before = Fingerprint::of(&user);
        user.password_hash = password_hash;
        user.version += 1;
        user.updated_at = act.now;
        db::users::update(conn, &user).await?;
        let ended = db::sessions::end_all(conn, user.id, Some(kept), act.now).await?;
        let (change, details) = (Change::from(before, &user), json!({"sessions_ended": ended}));
        db::audit::record(conn, act, "change_password", "user", user.id, change, details).await?;
        Ok(())
    })
    .await
}
