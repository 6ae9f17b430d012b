//! What accounts are called.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::schema::{authors, users};
use crate::db::{Connection, Result};

/// The slugs of the authors that these accounts are linked to.
///
/// # Errors
/// When the database fails.
pub async fn author_slugs(conn: &mut Connection, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let linked: Vec<(Option<Uuid>, String)> = authors::table
        .filter(authors::user_id.eq_any(ids))
        .select((authors::user_id, authors::slug))
        .load(conn)
        .await?;
    Ok(linked
        .into_iter()
        .filter_map(|(user, slug)| Some((user?, slug)))
        .collect())
}

/// Names and addresses of the accounts with these ids.
///
/// # Errors
/// When the database fails.
pub async fn names(conn: &mut Connection, ids: &[Uuid]) -> Result<Vec<(Uuid, String, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    users::table
        .filter(users::id.eq_any(ids))
        .select((users::id, users::name, users::email))
        .load(conn)
        .await
}
