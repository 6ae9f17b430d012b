//! Change an API key.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::api_keys::{ApiKeyChange, KIND, check_limit, sections};
use super::{Refusal, Result};
use crate::db::api_keys::ApiKeyRow;
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;
use crate::domain::patch::Patch;
use crate::domain::version::Expected;

/// Changes what `change` names, from the key's next request on.
///
/// # Errors
/// When there is no such key, it changed or was revoked, a section is not there, or the limit does not go with the scopes.
pub async fn update_api_key(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    change: ApiKeyChange,
) -> Result<ApiKeyRow> {
    conn.transaction(async |conn| {
        let key = db::api_keys::lock(conn, id).await?;
        let mut key = key.ok_or(Refusal::NotFound("API key"))?;
        expected.require(key.version)?;
        if key.revoked_at.is_some() {
            let detail = "The key is revoked for good; make another one.";
            return Err(Refusal::Conflict(detail.to_owned()));
        }
        let before = Fingerprint::of(&key);
        let mut check = change.check;
        match change.sections {
            Patch::Absent => {}
            Patch::Clear => key.section_ids = None,
            Patch::Set(given) => key.section_ids = Some(sections(conn, &mut check, &given).await?),
        }
        key.name = change.name.unwrap_or(key.name);
        key.scopes = change.scopes.unwrap_or(key.scopes);
        key.expires_at = change.expires_at.apply(key.expires_at);
        check_limit(&mut check, &key.scopes, key.section_ids.is_some());
        check.done()?;
        key.version += 1;
        key.updated_at = act.now;
        db::api_keys::update(conn, &key).await?;
        let details = json!({
            "name": key.name, "scopes": key.scopes, "sections": key.section_ids, "expires_at": key.expires_at,
        });
        let change = Change::from(before, &key);
        db::audit::record(conn, act, "update_api_key", KIND, id, change, details).await?;
        Ok(key)
    })
    .await
}
