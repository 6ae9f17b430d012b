//! Who did what: one row with each change, written in its transaction.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::schema::audit_log;
use super::{Connection, Result};
use crate::clock::new_id;
use crate::domain::actor::Act;

/// Notes that `act` did `action` (`publish_article`) to the `kind` (`article`) with this id. `details` says what a
/// person reading the log wants to know; never a secret, never a body.
///
/// # Errors
/// When the database fails.
pub async fn record(
    conn: &mut Connection,
    act: &Act,
    action: &str,
    kind: &str,
    subject: Uuid,
    details: Value,
) -> Result<()> {
    diesel::insert_into(audit_log::table)
        .values((
            audit_log::id.eq(new_id(act.now)),
            audit_log::at.eq(act.now),
            audit_log::actor_id.eq(act.user_id()),
            audit_log::action.eq(action),
            audit_log::subject_kind.eq(kind),
            audit_log::subject_id.eq(subject),
            audit_log::details.eq(details),
            audit_log::request_id.eq(act.request_id.as_deref()),
        ))
        .execute(conn)
        .await
        .map(drop)
}
