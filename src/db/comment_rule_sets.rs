//! The rules for comments, every edition of them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;

use super::json::Json;
use super::schema::{comment_rule_sets, users};
use super::{Connection, Result};
use crate::domain::comment_rules::CommentRules;

/// An edition of the rules.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = comment_rule_sets, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct RuleSetRow {
    pub version: i32,
    pub rules: Json<CommentRules>,
    pub note: Option<String>,
    pub created_at: DateTime<Utc>,
    pub created_by_id: Option<Uuid>,
}

/// The number of the edition that holds; 0 when there is none.
///
/// # Errors
/// When the database fails.
pub async fn newest_version(mut conn: &Connection) -> Result<i32> {
    let version: Option<i32> = comment_rule_sets::table
        .select(comment_rule_sets::version)
        .order(comment_rule_sets::version.desc())
        .first(&mut conn)
        .await
        .optional()?;
    Ok(version.unwrap_or(0))
}

/// An edition, with the name of who wrote it.
///
/// # Errors
/// When the database fails.
pub async fn find(mut conn: &Connection, version: i32) -> Result<Option<(RuleSetRow, Option<String>)>> {
    comment_rule_sets::table
        .left_join(users::table)
        .filter(comment_rule_sets::version.eq(version))
        .select((RuleSetRow::as_select(), users::name.nullable()))
        .first(&mut conn)
        .await
        .optional()
}

/// An edition without its rules.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = comment_rule_sets, check_for_backend(diesel::pg::Pg))]
pub struct EditionRow {
    pub version: i32,
    pub note: Option<String>,
    pub created_at: DateTime<Utc>,
    pub created_by_id: Option<Uuid>,
}

/// Editions before this one, newest first, each with the name of who wrote it.
///
/// # Errors
/// When the database fails.
pub async fn list(conn: &mut Connection, before: Option<i32>, limit: i64) -> Result<Vec<(EditionRow, Option<String>)>> {
    comment_rule_sets::table
        .left_join(users::table)
        .filter(comment_rule_sets::version.lt(before.unwrap_or(i32::MAX)))
        .order(comment_rule_sets::version.desc())
        .limit(limit)
        .select((EditionRow::as_select(), users::name.nullable()))
        .load(conn)
        .await
}

/// # Errors
/// When the database fails, or the version is taken.
pub async fn insert(conn: &mut Connection, row: &RuleSetRow) -> Result<()> {
    diesel::insert_into(comment_rule_sets::table)
        .values(row)
        .execute(conn)
        .await
        .map(drop)
}
