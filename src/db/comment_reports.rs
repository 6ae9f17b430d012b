//! What readers reported.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::comment_reports;
use super::{Connection, Result};
use crate::domain::comment::ReportReason;

/// One reader's report of one comment.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = comment_reports, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct ReportRow {
    pub id: Uuid,
    pub comment_id: Uuid,
    /// A keyed hash of the account or the address; erased after a while.
    pub reporter: Option<Vec<u8>>,
    pub reason: ReportReason,
    pub note: Option<String>,
    pub created_at: DateTime<Utc>,
    /// When a moderator decided with it in view.
    pub settled_at: Option<DateTime<Utc>>,
    /// Whether it counts: not when its sender is banned.
    pub counted: bool,
}

/// Whether one of these reported a comment.
///
/// # Errors
/// When the database fails.
pub async fn is_reported(conn: &mut Connection, comment: Uuid, reporters: &[Vec<u8>]) -> Result<bool> {
    let made = comment_reports::table
        .filter(comment_reports::comment_id.eq(comment))
        .filter(comment_reports::reporter.eq_any(reporters));
    diesel::select(diesel::dsl::exists(made)).get_result(conn).await
}

/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut Connection, row: &ReportRow) -> Result<()> {
    diesel::insert_into(comment_reports::table)
        .values(row)
        .execute(conn)
        .await
        .map(drop)
}

/// Whether a moderator decided on this comment with reports of it in view.
///
/// # Errors
/// When the database fails.
pub async fn were_settled(conn: &mut Connection, comment: Uuid) -> Result<bool> {
    let settled = comment_reports::table
        .filter(comment_reports::comment_id.eq(comment))
        .filter(comment_reports::settled_at.is_not_null());
    diesel::select(diesel::dsl::exists(settled)).get_result(conn).await
}

/// The reports of these comments, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of(conn: &mut Connection, comments: &[Uuid]) -> Result<Vec<ReportRow>> {
    if comments.is_empty() {
        return Ok(Vec::new());
    }
    comment_reports::table
        .filter(comment_reports::comment_id.eq_any(comments))
        .order((comment_reports::created_at, comment_reports::id))
        .select(ReportRow::as_select())
        .load(conn)
        .await
}

/// Notes that a moderator has seen them.
///
/// # Errors
/// When the database fails.
pub async fn settle(conn: &mut Connection, comment: Uuid, now: DateTime<Utc>) -> Result<()> {
    let open = comment_reports::table
        .filter(comment_reports::comment_id.eq(comment))
        .filter(comment_reports::settled_at.is_null());
    diesel::update(open)
        .set(comment_reports::settled_at.eq(now))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// Forgets who reported a comment, and in which words.
///
/// # Errors
/// When the database fails.
pub async fn erase(conn: &mut Connection, comment: Uuid) -> Result<()> {
    diesel::delete(comment_reports::table.filter(comment_reports::comment_id.eq(comment)))
        .execute(conn)
        .await
        .map(drop)
}
