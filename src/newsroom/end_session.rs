//! End a session.

use diesel_async::AsyncConnection;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Refusal, Result};
use crate::db::sessions::SessionRow;
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;

/// Ends a live session of this user: its tokens are refused from now on.
///
/// # Errors
/// When the user has no such session.
pub async fn end_session(conn: &mut Connection, act: &Act, user_id: Uuid, id: Uuid) -> Result<()> {
    conn.transaction(async |conn| {
        let session = db::sessions::lock(conn, id).await?;
        let live = session.filter(|session| session.user_id == user_id && session.is_live(act.now));
        end(conn, act, live.ok_or(Refusal::NotFound("session"))?, json!({})).await
    })
    .await
}

/// Ends a session that was locked.
pub(super) async fn end(conn: &mut Connection, act: &Act, session: SessionRow, details: Value) -> Result<()> {
    let before = Fingerprint::of(&session);
    db::sessions::end(conn, session.id, act.now).await?;
    let ended = SessionRow {
        ended_at: Some(act.now),
        ..session
    };
    let change = Change::from(before, &ended);
    Ok(db::audit::record(conn, act, "end_session", "session", ended.id, change, details).await?)
}
