//! The readers' copy of articles, and the lists that each stands in.

pub mod bulk;
pub mod cards;
pub mod detail;
mod ids;
pub mod lists;
pub mod names;
pub mod preview;
pub mod search;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::published_articles;
use super::{Connection, Json, Result};
use crate::domain::comments_policy::CommentsPolicy;
use crate::domain::content::{Image, Seo, Source};

/// A published article, whole.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = published_articles, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct PublishedRow {
    pub id: Uuid,
    pub revision: i32,
    pub slug: String,
    pub kicker: Option<String>,
    pub title: String,
    pub standfirst: Option<String>,
    pub language: String,
    pub dateline: Option<String>,
    pub section_id: Option<Uuid>,
    pub hero: Option<Json<Image>>,
    pub published_at: DateTime<Utc>,
    pub first_published_at: DateTime<Utc>,
    pub content_updated_at: DateTime<Utc>,
    pub breaking_until: Option<DateTime<Utc>>,
    pub featured: bool,
    pub comments_policy: CommentsPolicy,
    pub word_count: i32,
    pub reading_time_minutes: i32,
    pub body_html: String,
    pub outline: Json<Value>,
    pub parts: Json<Value>,
    pub blocks: Json<Value>,
    pub body_text: String,
    pub sources: Json<Vec<Source>>,
    pub related: Vec<Uuid>,
    pub seo: Json<Seo>,
    #[diesel(embed)]
    pub listing: Listing,
}

/// The lists that an article stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = published_articles, check_for_backend(diesel::pg::Pg))]
pub struct Listing {
    /// Its section and every one above it.
    #[diesel(column_name = section_ids)]
    pub sections: Vec<Uuid>,
    /// In the order an editor gave them.
    #[diesel(column_name = tag_ids)]
    pub tags: Vec<Uuid>,
    /// In the order of the byline.
    #[diesel(column_name = author_ids)]
    pub authors: Vec<Uuid>,
}

/// Puts an article before readers, who do not see it now.
///
/// # Errors
/// When the slug is another's, or the database fails.
pub async fn put(mut conn: &Connection, article: &PublishedRow) -> Result<()> {
    diesel::insert_into(published_articles::table)
        .values(article)
        .execute(&mut conn)
        .await
        .map(drop)
}

/// Whether an article other than `own` went out under this title after `since`.
///
/// # Errors
/// When the database fails.
pub async fn has_headline(conn: &mut Connection, title: &str, own: Uuid, since: DateTime<Utc>) -> Result<bool> {
    let others = published_articles::table
        .filter(published_articles::published_at.gt(since))
        .filter(published_articles::title.eq(title))
        .filter(published_articles::id.ne(own));
    diesel::select(diesel::dsl::exists(others)).get_result(conn).await
}

/// Takes an article away from readers. Answers where it was listed.
///
/// # Errors
/// When the database fails.
pub async fn remove(conn: &mut Connection, id: Uuid) -> Result<Listing> {
    diesel::delete(published_articles::table.find(id))
        .returning(Listing::as_returning())
        .get_result(conn)
        .await
        .optional()
        .map(Option::unwrap_or_default)
}

/// Changes what acts at once and is no content.
///
/// # Errors
/// When the database fails.
pub async fn place(
    mut conn: &Connection,
    id: Uuid,
    breaking_until: Option<DateTime<Utc>>,
    featured: bool,
    comments_policy: CommentsPolicy,
) -> Result<()> {
    diesel::update(published_articles::table.find(id))
        .set((
            published_articles::breaking_until.eq(breaking_until),
            published_articles::featured.eq(featured),
            published_articles::comments_policy.eq(comments_policy),
        ))
        .kept()
        .execute(&mut conn)
        .await
        .map(drop)
}

/// Notes when readers could last see a difference.
///
/// # Errors
/// When the database fails.
pub async fn touch(conn: &mut Connection, id: Uuid, at: DateTime<Utc>) -> Result<()> {
    diesel::update(published_articles::table.find(id))
        .set(published_articles::content_updated_at.eq(at))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}
