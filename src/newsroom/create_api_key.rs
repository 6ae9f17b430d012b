//! Make an API key.

use diesel_async::AsyncConnection;
use serde_json::json;

use super::Result;
use super::api_keys::{KIND, NewApiKey, check_limit, sections};
use crate::clock::new_id;
use crate::db::api_keys::ApiKeyRow;
use crate::db::{self, Change, Connection};
use crate::domain::actor::Act;

/// Makes a key, of which only a hash is kept.
///
/// # Errors
/// When a section is not there, or the limit to sections does not go with the scopes.
pub async fn create_api_key(conn: &mut Connection, act: &Act, new: NewApiKey) -> Result<ApiKeyRow> {
    conn.transaction(async |conn| {
        let mut check = new.check;
        let section_ids = match &new.sections {
            Some(given) => Some(sections(conn, &mut check, given).await?),
            None => None,
        };
        check_limit(&mut check, &new.scopes, section_ids.is_some());
        check.done()?;
        let key = ApiKeyRow {
            id: new_id(act.now),
            prefix: new.prefix,
            secret_hash: new.secret_hash,
            name: new.name,
            scopes: new.scopes,
            section_ids,
            version: 1,
            created_by_id: act.user_id(),
            created_at: act.now,
            updated_at: act.now,
            expires_at: new.expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        db::api_keys::insert(conn, &key).await?;
        let details = json!({
            "name": key.name, "prefix": key.prefix, "scopes": key.scopes, "sections": key.section_ids,
            "expires_at": key.expires_at,
        });
        let change = Change::created(&key);
        db::audit::record(conn, act, "create_api_key", KIND, key.id, change, details).await?;
        Ok(key)
    })
    .await
}
