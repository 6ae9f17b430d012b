//! How a key is shown: everything but the key.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::delivery::cards::SectionRef;
use crate::api::desk::user_ref::UserRef;
use crate::api::page::Page;
use crate::db::api_keys::NamedKey;
use crate::db::refs::Refs;
use crate::db::{self, Connection};
use crate::domain::permission::Scope;
use crate::error::Result;

/// A key for a program.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKey {
    pub id: Uuid,
    pub name: String,
    /// How the key begins, to tell it from others.
    pub prefix: String,
    pub scopes: Vec<Scope>,
    /// The sections whose articles, and those below, are all that is there for it; `null` when it is limited to none.
    #[schema(required)]
    pub sections: Option<Vec<SectionRef>>,
    #[schema(required)]
    pub created_by: Option<UserRef>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// To the minute.
    #[schema(required)]
    pub last_used_at: Option<DateTime<Utc>>,
    /// `null` when it does not end by itself.
    #[schema(required)]
    pub expires_at: Option<DateTime<Utc>>,
    #[schema(required)]
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Keys, a page of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeyList {
    pub data: Vec<ApiKey>,
    pub page: Page,
}

/// A key that was just made.
// No `Debug`: it is not to be printed.
#[derive(Serialize, ToSchema)]
pub struct CreatedApiKey {
    /// Sent as `Authorization: Bearer`. Shown this once: `null` when the answer is given again.
    #[schema(required, format = Password)]
    pub key: Option<String>,
    pub id: Uuid,
    pub name: String,
    /// How the key begins, to tell it from others.
    pub prefix: String,
    pub scopes: Vec<Scope>,
    /// The sections whose articles, and those below, are all that is there for it; `null` when it is limited to none.
    #[schema(required)]
    pub sections: Option<Vec<SectionRef>>,
    #[schema(required)]
    pub created_by: Option<UserRef>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// To the minute.
    #[schema(required)]
    pub last_used_at: Option<DateTime<Utc>>,
    /// `null` when it does not end by itself.
    #[schema(required)]
    pub expires_at: Option<DateTime<Utc>>,
    #[schema(required)]
    pub revoked_at: Option<DateTime<Utc>>,
}

impl CreatedApiKey {
    pub fn new(shown: ApiKey, key: String) -> Self {
        Self {
            key: Some(key),
            id: shown.id,
            name: shown.name,
            prefix: shown.prefix,
            scopes: shown.scopes,
            sections: shown.sections,
            created_by: shown.created_by,
            created_at: shown.created_at,
            updated_at: shown.updated_at,
            last_used_at: shown.last_used_at,
            expires_at: shown.expires_at,
            revoked_at: shown.revoked_at,
        }
    }
}

/// Shows keys, with the names of their sections as they are now.
///
/// # Errors
/// When the database fails.
pub async fn show(conn: &mut Connection, rows: Vec<NamedKey>) -> Result<Vec<ApiKey>> {
    let ids = rows.iter().flat_map(|(row, _)| row.section_ids.iter().flatten());
    let mut ids: Vec<Uuid> = ids.copied().collect();
    ids.sort_unstable();
    ids.dedup();
    let refs = db::refs::load(conn, &ids, &[], &[]).await?;
    Ok(rows.into_iter().map(|row| one(row, &refs)).collect())
}

fn one((row, by): NamedKey, refs: &Refs) -> ApiKey {
    let sections = row.section_ids.map(|ids| {
        let named = ids.iter().filter_map(|id| refs.sections.get(id).cloned());
        named.map(SectionRef::from).collect()
    });
    ApiKey {
        id: row.id,
        name: row.name,
        prefix: format!("mhk_{}", row.prefix),
        scopes: row.scopes,
        sections,
        created_by: row.created_by_id.zip(by).map(|(id, name)| UserRef { id, name }),
        created_at: row.created_at,
        updated_at: row.updated_at,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
    }
}
