//! Accounts.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::users;
use super::{Connection, Result};
use crate::domain::permission::Role;

/// An account.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = users, check_for_backend(diesel::pg::Pg))]
pub struct UserRow {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub password_hash: String,
    pub disabled_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// The account with this address (lower case).
///
/// # Errors
/// When the database fails.
pub async fn find_by_email(conn: &mut Connection, email: &str) -> Result<Option<UserRow>> {
    users::table
        .filter(users::email.eq(email))
        .select(UserRow::as_select())
        .first(conn)
        .await
        .optional()
}

/// The account with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Connection, id: Uuid) -> Result<Option<UserRow>> {
    users::table
        .find(id)
        .select(UserRow::as_select())
        .first(conn)
        .await
        .optional()
}

/// Writes a new account.
///
/// # Errors
/// When the address is taken or the database fails.
pub async fn insert(conn: &mut Connection, user: &UserRow) -> Result<()> {
    diesel::insert_into(users::table)
        .values(user)
        .execute(conn)
        .await
        .map(drop)
}

/// How many accounts with this role are not disabled.
///
/// # Errors
/// When the database fails.
pub async fn count_enabled(conn: &mut Connection, role: Role) -> Result<i64> {
    let enabled = users::table
        .filter(users::role.eq(role))
        .filter(users::disabled_at.is_null());
    enabled.count().get_result(conn).await
}

/// Whether there is any account.
///
/// # Errors
/// When the database fails.
pub async fn any(conn: &mut Connection) -> Result<bool> {
    diesel::select(diesel::dsl::exists(users::table.select(users::id)))
        .get_result(conn)
        .await
}
