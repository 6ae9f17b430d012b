//! The decision trail of comments: what rules and people said, and when.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::json::Json;
use super::kept::KeptDsl;
use super::schema::{api_keys, comment_decisions, users};
use super::{Connection, Result, Write, write_together};
use crate::domain::comment_rules::{Decision, Facts};

/// What was said at one time.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = comment_decisions, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct JudgedRow {
    pub comment_id: Uuid,
    /// The comment's version that it made.
    pub version: i32,
    pub at: DateTime<Utc>,
    /// The person; none for rules, readers and keys.
    pub user_id: Option<Uuid>,
    pub rule_set_version: Option<i32>,
    pub facts: Option<Json<Facts>>,
    pub decisions: Json<Vec<Decision>>,
    /// The API key, where it was no person.
    pub key_id: Option<Uuid>,
}

/// What those who acted are called: an account, or an API key.
pub type Names = (Option<String>, Option<String>);

/// Adds to trails.
#[must_use]
pub fn adding<'a>(rows: impl IntoIterator<Item = &'a JudgedRow>) -> Write<'a> {
    let rows: Vec<&JudgedRow> = rows.into_iter().collect();
    Write::new(diesel::insert_into(comment_decisions::table).values(rows))
}

/// # Errors
/// When the database fails.
pub async fn insert(conn: &Connection, row: &JudgedRow) -> Result<()> {
    write_together(conn, vec![adding([row])]).await
}

/// The trails of these comments, oldest first, each entry with the names of the person and the key.
///
/// # Errors
/// When the database fails.
pub async fn of(conn: &mut Connection, comments: &[Uuid]) -> Result<Vec<(JudgedRow, Names)>> {
    comment_decisions::table
        .left_join(users::table)
        .left_join(api_keys::table)
        .filter(comment_decisions::comment_id.eq_any(comments))
        .order((comment_decisions::comment_id, comment_decisions::version))
        .select((
            JudgedRow::as_select(),
            (users::name.nullable(), api_keys::name.nullable()),
        ))
        .load(conn)
        .await
}

/// Leaves of a trail what was decided, and takes away what it quotes and knows of the author.
///
/// # Errors
/// When the database fails.
pub async fn erase(conn: &mut Connection, comment: Uuid) -> Result<()> {
    for (row, _) in of(conn, &[comment]).await? {
        let bare = |decision: Decision| Decision {
            detail: None,
            ..decision
        };
        let decisions: Vec<Decision> = row.decisions.0.into_iter().map(bare).collect();
        diesel::update(comment_decisions::table.find((comment, row.version)))
            .set((
                comment_decisions::decisions.eq(Json(decisions)),
                comment_decisions::facts.eq(None::<Json<Facts>>),
            ))
            .kept()
            .execute(conn)
            .await?;
    }
    Ok(())
}
