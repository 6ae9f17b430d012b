//! What a key is to be, as an administrator writes it.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::api_key::ApiKey;
use crate::domain::check::{Check, FieldError};
use crate::domain::instant::Instant;
use crate::domain::patch::{Patch, given};
use crate::domain::permission::Scope;
use crate::newsroom::{self, ApiKeyChange, MAX_KEY_NAME, MAX_KEY_SECTIONS};

/// A new key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    /// What people know it by.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it may do.
    #[schema(min_items = 1, max_items = 20)]
    pub scopes: Vec<Scope>,
    /// Slugs or ids: articles elsewhere are not there for this key. Goes with scopes of articles only. Left out or `null`,
    /// it is limited to no section.
    #[schema(min_items = 1, max_items = 50)]
    pub sections: Option<Vec<String>>,
    /// When it ends by itself. Left out or `null`, it does not.
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub expires_at: Option<Instant>,
}

/// What changes about a key: what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_items = 1, max_items = 20)]
    pub scopes: Option<Vec<Scope>>,
    /// Slugs or ids; `null` takes the limit away.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 50)]
    pub sections: Patch<Vec<String>>,
    /// `null` lets it go on until it is revoked.
    #[serde(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub expires_at: Patch<Instant>,
}

/// The most scopes that may be written down, whichever.
const MAX_SCOPES: usize = 20;

impl NewApiKey {
    /// The key to be made, checked as far as that needs no database.
    pub fn check(self, key: &ApiKey, now: DateTime<Utc>) -> newsroom::NewApiKey {
        let mut check = Check::new();
        newsroom::NewApiKey {
            name: check.line("/name", &self.name, MAX_KEY_NAME),
            scopes: scopes(&mut check, self.scopes),
            sections: self.sections.map(|given| limit(&mut check, given)),
            expires_at: self.expires_at.map(|at| future(&mut check, at, now)),
            prefix: key.prefix().to_owned(),
            secret_hash: key.hash().to_vec(),
            check,
        }
    }
}

impl ApiKeyPatch {
    /// The change, checked as far as that needs no database.
    pub fn check(self, now: DateTime<Utc>) -> ApiKeyChange {
        let mut check = Check::new();
        ApiKeyChange {
            name: self.name.map(|name| check.line("/name", &name, MAX_KEY_NAME)),
            scopes: self.scopes.map(|given| scopes(&mut check, given)),
            sections: self.sections.map(|given| limit(&mut check, given)),
            expires_at: self.expires_at.map(|at| future(&mut check, at, now)),
            check,
        }
    }
}

/// In the order of the table, each once.
fn scopes(check: &mut Check, mut given: Vec<Scope>) -> Vec<Scope> {
    check.at_most("/scopes", &given, MAX_SCOPES);
    if given.is_empty() {
        check.refuse(FieldError::field("/scopes", "too_few", "must name one at least"));
    }
    given.sort_unstable();
    given.dedup();
    given
}

fn limit(check: &mut Check, mut given: Vec<String>) -> Vec<String> {
    check.at_most("/sections", &given, MAX_KEY_SECTIONS);
    if given.is_empty() {
        let message = "must name one at least; without a limit leave it out";
        check.refuse(FieldError::field("/sections", "too_few", message));
    }
    given.truncate(MAX_KEY_SECTIONS);
    given
}

fn future(check: &mut Check, at: Instant, now: DateTime<Utc>) -> DateTime<Utc> {
    if at.0 <= now {
        check.refuse(FieldError::field("/expires_at", "in_the_past", "must be in the future"));
    }
    at.0
}
