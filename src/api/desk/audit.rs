//! The audit log: who changed what, when.

use actix_web::{HttpRequest, get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::user_ref::{ApiKeyRef, UserRef};
use crate::api::extract::Query;
use crate::api::page::{Cursors, Page, Window, next_link};
use crate::api::response::Reply;
use crate::auth::Guard;
use crate::auth::guard::Operate;
use crate::db;
use crate::db::audit::{AuditFilter, AuditRow, Position};
use crate::domain::check::FieldError;
use crate::domain::hex::hex;
use crate::domain::instant::Instant;
use crate::error::{Code, Error, Result};

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_audit);
}

/// The longest word to filter by.
const MAX_WORD: usize = 100;

/// What `GET /desk/audit` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// By this account: its id, or `me`.
    #[param(
        pattern = "^(me|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        max_length = 100
    )]
    pub actor: Option<String>,
    /// By this API key.
    pub key: Option<Uuid>,
    /// Like `publish_article`.
    #[param(max_length = 100)]
    pub action: Option<String>,
    /// Like `article`.
    #[param(max_length = 100)]
    pub subject_kind: Option<String>,
    /// Of the thing that changed.
    pub subject_id: Option<Uuid>,
    /// The `X-Request-Id` of the request that asked for it.
    #[param(max_length = 100)]
    pub request_id: Option<String>,
    /// From this instant on.
    #[param(value_type = Option<DateTime<Utc>>)]
    pub at_after: Option<Instant>,
    /// Before this instant.
    #[param(value_type = Option<DateTime<Utc>>)]
    pub at_before: Option<Instant>,
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// Where the last page's `next_cursor` left off.
    pub cursor: Option<String>,
}

impl AuditQuery {
    fn filter(&self, me: Option<Uuid>) -> Result<AuditFilter> {
        let words = [
            ("actor", &self.actor),
            ("action", &self.action),
            ("subject_kind", &self.subject_kind),
            ("request_id", &self.request_id),
        ];
        let long = |word: &Option<String>| word.as_ref().is_some_and(|word| word.chars().count() > MAX_WORD);
        if let Some((name, _)) = words.into_iter().find(|(_, word)| long(word)) {
            return Err(refused(
                name,
                "too_long",
                format!("may have {MAX_WORD} characters at most"),
            ));
        }
        let actor = match self.actor.as_deref() {
            None => None,
            Some("me") => Some(me.ok_or_else(|| {
                let message = "cannot be `me`: an API key is no account";
                refused("actor", "invalid_value", message.to_owned())
            })?),
            Some(id) => Some(Uuid::try_parse(id).map_err(|_| {
                refused(
                    "actor",
                    "invalid_value",
                    "must be the id of an account, or `me`".to_owned(),
                )
            })?),
        };
        Ok(AuditFilter {
            actor,
            key: self.key,
            action: self.action.clone(),
            subject_kind: self.subject_kind.clone(),
            subject_id: self.subject_id,
            request_id: self.request_id.clone(),
            at_after: self.at_after.map(|at| at.0),
            at_before: self.at_before.map(|at| at.0),
        })
    }
}

fn refused(name: &str, code: &str, message: String) -> Error {
    Error::parameter(Code::InvalidParameter, FieldError::parameter(name, code, message))
}

/// One change.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    /// `null` when an API key acted, the program itself, a reader without an account, or an account that is gone.
    #[schema(required)]
    pub actor: Option<UserRef>,
    /// The account's id, also when it is gone.
    #[schema(required)]
    pub actor_id: Option<Uuid>,
    /// The API key that acted, if one did.
    #[schema(required)]
    pub key: Option<ApiKeyRef>,
    /// Like `publish_article`.
    pub action: String,
    /// Like `article`.
    pub subject_kind: String,
    pub subject_id: Uuid,
    /// What a person wants to know of it; never a secret, never a body.
    #[schema(value_type = Object)]
    pub details: Value,
    /// The request that asked for it.
    #[schema(required)]
    pub request_id: Option<String>,
    /// SHA-256 of what the thing was, in hexadecimal: the `after_hash` of the entry before. `null` for a new thing.
    #[schema(required)]
    pub before_hash: Option<String>,
    /// SHA-256 of what it became; `null` when it is gone.
    #[schema(required)]
    pub after_hash: Option<String>,
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> Self {
        Self {
            id: row.id,
            at: row.at,
            actor: UserRef::of(row.actor_id, row.actor),
            actor_id: row.actor_id,
            key: ApiKeyRef::of(row.key_id, row.key),
            action: row.action,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            details: row.details,
            request_id: row.request_id,
            before_hash: row.before_hash.as_deref().map(hex),
            after_hash: row.after_hash.as_deref().map(hex),
        }
    }
}

/// A page of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntryList {
    pub data: Vec<AuditEntry>,
    pub page: Page,
}

/// Read the audit log
///
/// Every change, newest first. The log only grows: the database itself refuses to change or delete an entry.
#[utoipa::path(
    tag = "Admin",
    operation_id = "list_audit",
    params(AuditQuery),
    responses((status = 200, description = "A page of the log.", body = AuditEntryList))
)]
#[get("/audit")]
pub async fn list_audit(
    request: HttpRequest,
    guard: Guard<Operate>,
    cursors: web::Data<Cursors>,
    query: Query<AuditQuery>,
) -> Result<Reply<AuditEntryList>> {
    let filter = query.0.filter(guard.act.user_id())?;
    let scope = format!("audit {filter:?}");
    let window = Window::<Position>::read(&cursors, scope, query.0.limit, query.0.cursor.as_deref())?;
    let mut conn = guard.connect().await?;
    let mut rows = db::audit::list(&mut conn, &filter, window.after.as_ref(), window.fetch()).await?;
    let page = window.close(&cursors, &mut rows, |row| (row.at, row.id));
    let data = rows.into_iter().map(AuditEntry::from).collect();
    let next = next_link(&request, &page);
    Ok(Reply::ok(AuditEntryList { data, page }).next(next))
}
