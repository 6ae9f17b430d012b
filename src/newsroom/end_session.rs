//! End a session.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::{Refusal, Result};
use crate::db::{self, Connection};
use crate::domain::actor::Act;

/// Ends a live session of this user: its tokens are refused from now on.
///
/// # Errors
/// When the user has no such session.
pub async fn end_session(conn: &mut Connection, act: &Act, user_id: Uuid, id: Uuid) -> Result<()> {
    conn.transaction(async |conn| {
        let session = db::sessions::lock(conn, id).await?;
        session
            .filter(|session| session.user_id == user_id && session.is_live(act.now))
            .ok_or(Refusal::NotFound("session"))?;
        db::sessions::end(conn, id, act.now).await?;
        db::audit::record(conn, act, "end_session", "session", id, json!({})).await?;
        Ok(())
    })
    .await
}
