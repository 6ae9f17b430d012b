//! What the verbs on API keys share.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Result;
use super::references::{Mention, resolve};
use crate::db::Connection;
use crate::domain::check::{Check, FieldError};
use crate::domain::patch::Patch;
use crate::domain::permission::Scope;
use crate::domain::taxonomy::Taxonomy;

/// What the subject of an audit row is called.
pub(super) const KIND: &str = "api_key";
/// The longest name of a key.
pub const MAX_KEY_NAME: usize = 100;
/// To how many sections a key is limited at most.
pub const MAX_KEY_SECTIONS: usize = 50;

/// A key to be made, its texts checked already.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    pub check: Check,
    pub name: String,
    pub scopes: Vec<Scope>,
    /// Ids or slugs.
    pub sections: Option<Vec<String>>,
    pub expires_at: Option<DateTime<Utc>>,
    pub prefix: String,
    pub secret_hash: Vec<u8>,
}

/// What changes about a key, its texts checked already. What is absent stays.
#[derive(Clone, Debug, Default)]
pub struct ApiKeyChange {
    pub check: Check,
    pub name: Option<String>,
    pub scopes: Option<Vec<Scope>>,
    /// Ids or slugs; cleared, the key is limited no more.
    pub sections: Patch<Vec<String>>,
    pub expires_at: Patch<DateTime<Utc>>,
}

/// The sections that a key is limited to. Problems are noted in `check`.
pub(super) async fn sections(conn: &mut Connection, check: &mut Check, given: &[String]) -> Result<Vec<Uuid>> {
    let mentions = given.iter().enumerate().map(|(place, given)| Mention {
        kind: Taxonomy::Section,
        pointer: format!("/sections/{place}"),
        given,
    });
    let mentions: Vec<Mention<'_>> = mentions.collect();
    let found = resolve(conn, check, &mentions).await?;
    Ok(found.into_iter().map(|(_, section)| section.id).collect())
}

/// A limit to sections is one on articles: a key that is for something else as well would not be limited in that.
pub(super) fn check_limit(check: &mut Check, scopes: &[Scope], limited: bool) {
    let wider = scopes.iter().filter(|scope| !scope.is_about_articles());
    let wider: Vec<&str> = wider.map(|scope| scope.as_str()).collect();
    if limited && !wider.is_empty() {
        let message = format!("cannot limit {}, which is not about articles", wider.join(", "));
        check.refuse(FieldError::field("/sections", "not_about_articles", message));
    }
}
