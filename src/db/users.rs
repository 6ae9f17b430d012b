//! Accounts.

mod names;

use std::fmt;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use names::{author_slugs, names};

use super::kept::KeptDsl;
use super::schema::users;
use super::{Connection, Result};
use crate::domain::actor::Account;
use crate::domain::permission::Role;
use crate::domain::text_enum;

/// An account. (What is erased with it is no part of its fingerprint.)
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = users, check_for_backend(Pg), treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct UserRow {
    pub id: Uuid,
    #[serde(skip)]
    pub email: String,
    #[serde(skip)]
    pub name: String,
    pub role: Role,
    #[serde(skip)]
    pub password_hash: String,
    pub disabled_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl UserRow {
    /// The account as somebody who acts in one of its sessions.
    #[must_use]
    pub fn account(&self, session_id: Uuid) -> Account {
        Account {
            user_id: self.id,
            session_id,
            name: self.name.clone(),
            email: self.email.clone(),
            role: self.role,
        }
    }
}

/// Never prints the hash.
impl fmt::Debug for UserRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, role, version, .. } = self;
        write!(f, "UserRow({id}, {role}, v{version})")
    }
}

/// Which accounts a list shows.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// What the name or the address begins with, in any case.
    pub q: Option<String>,
    pub role: Option<Role>,
    pub disabled: Option<bool>,
}

text_enum! {
    /// In which order a list shows them.
    pub enum UserSort {
        Name = "name",
        Email = "email",
        NewestFirst = "-created_at",
    }
}

/// A place in a list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum UserPosition {
    Name(String, Uuid),
    Email(String),
    Created(DateTime<Utc>, Uuid),
}

impl UserPosition {
    /// The place of `user` in a list with this order.
    #[must_use]
    pub fn of(user: &UserRow, sort: UserSort) -> Self {
        match sort {
            UserSort::Name => Self::Name(user.name.clone(), user.id),
            UserSort::Email => Self::Email(user.email.clone()),
            UserSort::NewestFirst => Self::Created(user.created_at, user.id),
        }
    }
}

/// The account with this address (lower case).
///
/// # Errors
/// When the database fails.
pub async fn find_by_email(mut conn: &Connection, email: &str) -> Result<Option<UserRow>> {
    users::table
        .filter(users::email.eq(email))
        .select(UserRow::as_select())
        .first(&mut conn)
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

/// The account with this id, locked.
///
/// # Errors
/// When the database fails.
pub async fn lock(conn: &mut Connection, id: Uuid) -> Result<Option<UserRow>> {
    users::table
        .find(id)
        .select(UserRow::as_select())
        .for_no_key_update()
        .first(conn)
        .await
        .optional()
}

/// The admins who are not disabled, locked: of two changes that would each leave one, the second sees the first.
///
/// # Errors
/// When the database fails.
pub async fn lock_admins(conn: &mut Connection) -> Result<Vec<Uuid>> {
    users::table
        .filter(users::role.eq(Role::Admin))
        .filter(users::disabled_at.is_null())
        .order(users::id)
        .select(users::id)
        .for_no_key_update()
        .load(conn)
        .await
}

/// # Errors
/// When the database fails.
pub async fn update(conn: &mut Connection, user: &UserRow) -> Result<()> {
    diesel::update(users::table.find(user.id))
        .set(user)
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// Accounts after a position, `limit` at most.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut Connection,
    filter: &UserFilter,
    sort: UserSort,
    after: Option<&UserPosition>,
    limit: i64,
) -> Result<Vec<UserRow>> {
    let mut query = filtered(filter);
    query = match sort {
        UserSort::Name => query.order((users::name, users::id)),
        UserSort::Email => query.order(users::email),
        UserSort::NewestFirst => query.order((users::created_at.desc(), users::id.desc())),
    };
    // The first condition of each pair is what an index can start from.
    query = match after {
        None => query,
        Some(UserPosition::Name(name, id)) => query
            .filter(users::name.ge(name))
            .filter(users::name.gt(name).or(users::id.gt(id))),
        Some(UserPosition::Email(email)) => query.filter(users::email.gt(email)),
        Some(UserPosition::Created(at, id)) => query
            .filter(users::created_at.le(at))
            .filter(users::created_at.lt(at).or(users::id.lt(id))),
    };
    query.limit(limit).select(UserRow::as_select()).load(conn).await
}

/// How many accounts there are, counted to `most`.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut Connection, filter: &UserFilter, most: i64) -> Result<i64> {
    let found: Vec<Uuid> = filtered(filter).limit(most).select(users::id).load(conn).await?;
    Ok(i64::try_from(found.len()).unwrap_or(most))
}

fn filtered(filter: &UserFilter) -> users::BoxedQuery<'_, Pg> {
    let mut query = users::table.into_boxed();
    if let Some(q) = &filter.q {
        let pattern = super::like::prefix(q);
        query = query.filter(users::name.ilike(pattern.clone()).or(users::email.ilike(pattern)));
    }
    if let Some(role) = filter.role {
        query = query.filter(users::role.eq(role));
    }
    match filter.disabled {
        None => query,
        Some(true) => query.filter(users::disabled_at.is_not_null()),
        Some(false) => query.filter(users::disabled_at.is_null()),
    }
}

/// Erases the account with this address (lower case), if there is one, with its sign-ins. What it wrote stays.
///
/// # Errors
/// When the database fails.
pub async fn delete_by_email(conn: &mut Connection, email: &str) -> Result<()> {
    diesel::delete(users::table.filter(users::email.eq(email)))
        .execute(conn)
        .await
        .map(drop)
}
