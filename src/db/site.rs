//! The one row of facts about the site. What is NULL in it comes from the settings of the server.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;

use super::kept::KeptDsl;
use super::schema::site;
use super::{Connection, Json, Result};
use crate::domain::content::{Image, Link};
use crate::domain::site::{CallToAction, Publisher, SiteCommentsPolicy};

const ONLY: i32 = 1;

/// The facts of the site.
#[derive(Clone, Debug, Queryable, Selectable, AsChangeset, Serialize)]
#[diesel(table_name = site, check_for_backend(diesel::pg::Pg), treat_none_as_null = true)]
pub struct SiteRow {
    pub name: Option<String>,
    pub tagline: Option<String>,
    pub logo: Option<Json<Image>>,
    pub languages: Vec<String>,
    pub default_language: String,
    pub timezone: Option<String>,
    pub call_to_action: Option<Json<CallToAction>>,
    pub publisher: Option<Json<Publisher>>,
    pub social: Json<Vec<Link>>,
    pub comments_policy: SiteCommentsPolicy,
    pub comments_close_after_days: Option<i32>,
    pub version: i32,
    pub updated_at: DateTime<Utc>,
}

/// The facts of the site.
///
/// # Errors
/// When the database fails.
pub async fn load(conn: &mut Connection) -> Result<SiteRow> {
    site::table.find(ONLY).select(SiteRow::as_select()).first(conn).await
}

/// The facts of the site, locked.
///
/// # Errors
/// When the database fails.
pub async fn lock(conn: &mut Connection) -> Result<SiteRow> {
    site::table
        .find(ONLY)
        .select(SiteRow::as_select())
        .for_no_key_update()
        .first(conn)
        .await
}

/// # Errors
/// When the database fails.
pub async fn update(conn: &mut Connection, row: &SiteRow) -> Result<()> {
    diesel::update(site::table.find(ONLY))
        .set(row)
        .kept()
        .execute(conn)
        .await
        .map(drop)
}
