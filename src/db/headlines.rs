//! The newest headlines that readers can see, for the page at the root.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::published_articles;
use super::{Connection, Result};

/// A published article's headline.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = published_articles)]
pub struct Headline {
    pub id: Uuid,
    pub slug: String,
    pub kicker: Option<String>,
    pub title: String,
    pub language: String,
    pub published_at: DateTime<Utc>,
}

/// The newest `limit` of them.
///
/// # Errors
/// When the database does not answer.
pub async fn newest(conn: &mut Connection, limit: i64) -> Result<Vec<Headline>> {
    published_articles::table
        .order((published_articles::published_at.desc(), published_articles::id.desc()))
        .limit(limit)
        .select(Headline::as_select())
        .load(conn)
        .await
}
