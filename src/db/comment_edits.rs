//! What comments said before they were changed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::comment_decisions::Names;
use super::schema::{api_keys, comment_edits, users};
use super::{Connection, Result};

/// A text that was replaced.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = comment_edits, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct EditRow {
    pub comment_id: Uuid,
    /// The comment's version that has another text.
    pub version: i32,
    /// What it said until then.
    pub body: String,
    pub edited_at: DateTime<Utc>,
    /// By whom of the newsroom: an account or a key. Neither is its author.
    pub user_id: Option<Uuid>,
    pub key_id: Option<Uuid>,
}

/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut Connection, row: &EditRow) -> Result<()> {
    diesel::insert_into(comment_edits::table)
        .values(row)
        .execute(conn)
        .await
        .map(drop)
}

/// Whether somebody other than its author changed a comment.
///
/// # Errors
/// When the database fails.
pub async fn by_newsroom(conn: &mut Connection, comment: Uuid) -> Result<bool> {
    let edits = comment_edits::table
        .filter(comment_edits::comment_id.eq(comment))
        .filter(
            comment_edits::user_id
                .is_not_null()
                .or(comment_edits::key_id.is_not_null()),
        );
    diesel::select(diesel::dsl::exists(edits)).get_result(conn).await
}

/// The edits of these comments, oldest first, each with the names of who made it if that was not its author.
///
/// # Errors
/// When the database fails.
pub async fn of(conn: &mut Connection, comments: &[Uuid]) -> Result<Vec<(EditRow, Names)>> {
    if comments.is_empty() {
        return Ok(Vec::new());
    }
    comment_edits::table
        .left_join(users::table)
        .left_join(api_keys::table)
        .filter(comment_edits::comment_id.eq_any(comments))
        .order((comment_edits::comment_id, comment_edits::version))
        .select((
            EditRow::as_select(),
            (users::name.nullable(), api_keys::name.nullable()),
        ))
        .load(conn)
        .await
}

/// Forgets what a comment said before.
///
/// # Errors
/// When the database fails.
pub async fn erase(conn: &mut Connection, comment: Uuid) -> Result<()> {
    diesel::delete(comment_edits::table.filter(comment_edits::comment_id.eq(comment)))
        .execute(conn)
        .await
        .map(drop)
}
