//! Revoke an API key.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::api_keys::KIND;
use super::{Refusal, Result};
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;
use crate::domain::version::Expected;

/// Ends a key for good: its next request is refused. What it did stays under its name. Twice is once.
///
/// # Errors
/// When there is no such key, or it changed.
pub async fn revoke_api_key(conn: &mut Connection, act: &Act, id: Uuid, expected: Expected) -> Result<()> {
    conn.transaction(async |conn| {
        let key = db::api_keys::lock(conn, id).await?;
        let mut key = key.ok_or(Refusal::NotFound("API key"))?;
        expected.require(key.version)?;
        if key.revoked_at.is_some() {
            return Ok(());
        }
        let before = Fingerprint::of(&key);
        key.revoked_at = Some(act.now);
        key.version += 1;
        key.updated_at = act.now;
        db::api_keys::update(conn, &key).await?;
        let details = json!({"name": key.name, "prefix": key.prefix});
        let change = Change::from(before, &key);
        db::audit::record(conn, act, "revoke_api_key", KIND, id, change, details).await?;
        Ok(())
    })
    .await
}
