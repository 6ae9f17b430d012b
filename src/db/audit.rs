//! Who did what: one row with each change, written in its transaction.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::schema::{api_keys, audit_log, users};
use super::{Change, Connection, Fingerprint, Result, Write, write_together};
use crate::clock::new_id;
use crate::domain::actor::Act;

/// What one act did to one thing.
#[derive(Debug, Insertable)]
#[diesel(table_name = audit_log, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct Entry<'a> {
    id: Uuid,
    at: DateTime<Utc>,
    actor_id: Option<Uuid>,
    key_id: Option<Uuid>,
    action: &'a str,
    subject_kind: &'a str,
    subject_id: Uuid,
    details: Value,
    request_id: Option<&'a str>,
    before_hash: Option<Vec<u8>>,
    after_hash: Option<Vec<u8>>,
}

impl<'a> Entry<'a> {
    /// That `act` did `action` (`publish_article`) to the `kind` (`article`) with this id. `details` says what a person
    /// reading the log wants to know; never a secret, never a body.
    #[must_use]
    pub fn new(act: &'a Act, action: &'a str, kind: &'a str, subject: Uuid, change: Change, details: Value) -> Self {
        Self {
            id: new_id(act.now),
            at: act.now,
            actor_id: act.user_id(),
            key_id: act.key_id(),
            action,
            subject_kind: kind,
            subject_id: subject,
            details,
            request_id: act.request_id.as_deref(),
            before_hash: change.before.map(Fingerprint::to_vec),
            after_hash: change.after.map(Fingerprint::to_vec),
        }
    }
}

/// Notes these.
#[must_use]
pub fn recording<'a>(entries: impl IntoIterator<Item = &'a Entry<'a>>) -> Write<'a> {
    let entries: Vec<&Entry<'_>> = entries.into_iter().collect();
    Write::new(diesel::insert_into(audit_log::table).values(entries))
}

/// Notes one, as [`Entry::new`] tells it.
///
/// # Errors
/// When the database fails.
pub async fn record(
    conn: &Connection,
    act: &Act,
    action: &str,
    kind: &str,
    subject: Uuid,
    change: Change,
    details: Value,
) -> Result<()> {
    let entry = Entry::new(act, action, kind, subject, change, details);
    write_together(conn, vec![recording([&entry])]).await
}

/// A change as the log tells it.
#[derive(Clone, Debug, Queryable)]
pub struct Recorded {
    pub at: DateTime<Utc>,
    pub action: String,
    pub details: Value,
    /// The name of the account; `None` when there was none, or it is gone.
    pub by: Option<String>,
    /// The name of the API key, when it was one.
    pub by_key: Option<String>,
}

/// The last changes of a thing, newest first.
///
/// # Errors
/// When the database fails.
pub async fn recent(mut conn: &Connection, kind: &str, subject: Uuid, most: i64) -> Result<Vec<Recorded>> {
    audit_log::table
        .left_join(users::table)
        .left_join(api_keys::table)
        .filter(audit_log::subject_kind.eq(kind))
        .filter(audit_log::subject_id.eq(subject))
        .order((audit_log::at.desc(), audit_log::id.desc()))
        .limit(most)
        .select((
            audit_log::at,
            audit_log::action,
            audit_log::details,
            users::name.nullable(),
            api_keys::name.nullable(),
        ))
        .load(&mut conn)
        .await
}

/// Which entries are asked for.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    pub actor: Option<Uuid>,
    pub key: Option<Uuid>,
    pub action: Option<String>,
    pub subject_kind: Option<String>,
    pub subject_id: Option<Uuid>,
    pub request_id: Option<String>,
    pub at_after: Option<DateTime<Utc>>,
    pub at_before: Option<DateTime<Utc>>,
}

/// An entry of the log.
#[derive(Clone, Debug, Queryable)]
pub struct AuditRow {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub actor_id: Option<Uuid>,
    /// The name of the account, while there is one.
    pub actor: Option<String>,
    pub key_id: Option<Uuid>,
    pub key: Option<String>,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub details: Value,
    pub request_id: Option<String>,
    /// Of the subject's row, before the change and after it.
    pub before_hash: Option<Vec<u8>>,
    pub after_hash: Option<Vec<u8>>,
}

/// Where a page of the log ends.
pub type Position = (DateTime<Utc>, Uuid);

/// The entries that fit, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut Connection,
    filter: &AuditFilter,
    after: Option<&Position>,
    fetch: i64,
) -> Result<Vec<AuditRow>> {
    let mut query = audit_log::table
        .left_join(users::table)
        .left_join(api_keys::table)
        .order((audit_log::at.desc(), audit_log::id.desc()))
        .limit(fetch)
        .select((
            audit_log::id,
            audit_log::at,
            audit_log::actor_id,
            users::name.nullable(),
            audit_log::key_id,
            api_keys::name.nullable(),
            audit_log::action,
            audit_log::subject_kind,
            audit_log::subject_id,
            audit_log::details,
            audit_log::request_id,
            audit_log::before_hash,
            audit_log::after_hash,
        ))
        .into_boxed();
    if let Some(actor) = filter.actor {
        query = query.filter(audit_log::actor_id.eq(actor));
    }
    if let Some(key) = filter.key {
        query = query.filter(audit_log::key_id.eq(key));
    }
    if let Some(action) = &filter.action {
        query = query.filter(audit_log::action.eq(action));
    }
    if let Some(kind) = &filter.subject_kind {
        query = query.filter(audit_log::subject_kind.eq(kind));
    }
    if let Some(subject) = filter.subject_id {
        query = query.filter(audit_log::subject_id.eq(subject));
    }
    if let Some(request) = &filter.request_id {
        query = query.filter(audit_log::request_id.eq(request));
    }
    if let Some(at) = filter.at_after {
        query = query.filter(audit_log::at.ge(at));
    }
    if let Some(at) = filter.at_before {
        query = query.filter(audit_log::at.lt(at));
    }
    if let Some((at, id)) = after {
        let beyond = audit_log::at.lt(*at).or(audit_log::id.lt(*id));
        query = query.filter(audit_log::at.le(*at)).filter(beyond);
    }
    query.load(conn).await
}
