//! The readers' copy of articles, and the lists that each stands in.

pub mod bulk;
pub mod cards;
pub mod detail;
pub mod lists;
pub mod names;
pub mod preview;
pub mod search;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Integer;
use diesel_async::RunQueryDsl;
use futures_util::future::try_join3;
use serde_json::Value;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::{
    published_article_authors, published_article_sections, published_article_tags, published_articles,
};
use super::{Connection, Json, Result};
use crate::domain::comments_policy::CommentsPolicy;
use crate::domain::content::{Image, Seo, Source};

/// A published article, whole.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = published_articles, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false, treat_none_as_null = true)]
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
}

/// The lists that an article stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Its section and every one above it.
    pub sections: Vec<Uuid>,
    /// In the order an editor gave them.
    pub tags: Vec<Uuid>,
    /// In the order of the byline.
    pub authors: Vec<Uuid>,
}

/// Puts an article before readers, who do not see it now. It stands in no list yet.
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
    let before = listed(conn, id).await?;
    // Its rows in the lists go with it.
    diesel::delete(published_articles::table.find(id)).execute(conn).await?;
    Ok(before)
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
        .await?;
    let sections = published_article_sections::table.filter(published_article_sections::article_id.eq(id));
    diesel::update(sections)
        .set(published_article_sections::content_updated_at.eq(at))
        .kept()
        .execute(conn)
        .await?;
    let tags = published_article_tags::table.filter(published_article_tags::article_id.eq(id));
    diesel::update(tags)
        .set(published_article_tags::content_updated_at.eq(at))
        .kept()
        .execute(conn)
        .await?;
    let authors = published_article_authors::table.filter(published_article_authors::article_id.eq(id));
    diesel::update(authors)
        .set(published_article_authors::content_updated_at.eq(at))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// Where an article is listed, in one journey.
async fn listed(conn: &mut Connection, id: Uuid) -> Result<Listing> {
    let sections = published_article_sections::table
        .filter(published_article_sections::article_id.eq(id))
        .select((SECTIONS.into_sql::<Integer>(), published_article_sections::section_id));
    let tags = published_article_tags::table
        .filter(published_article_tags::article_id.eq(id))
        .select((TAGS.into_sql::<Integer>(), published_article_tags::tag_id));
    let authors = published_article_authors::table
        .filter(published_article_authors::article_id.eq(id))
        .select((AUTHORS.into_sql::<Integer>(), published_article_authors::author_id));
    let rows: Vec<(i32, Uuid)> = sections.union_all(tags).union_all(authors).load(conn).await?;
    let of = |kind: i32| rows.iter().filter(|row| row.0 == kind).map(|row| row.1).collect();
    Ok(Listing {
        sections: of(SECTIONS),
        tags: of(TAGS),
        authors: of(AUTHORS),
    })
}

const SECTIONS: i32 = 0;
const TAGS: i32 = 1;
const AUTHORS: i32 = 2;

/// Puts a published article into lists. (Each is a table of its own, so none waits for another.)
///
/// # Errors
/// When the database fails.
pub async fn list(conn: &Connection, article: &PublishedRow, listing: &Listing) -> Result<()> {
    let sections = listing.sections.iter().map(|section| {
        (
            published_article_sections::article_id.eq(article.id),
            published_article_sections::section_id.eq(*section),
            published_article_sections::published_at.eq(article.published_at),
            published_article_sections::content_updated_at.eq(article.content_updated_at),
        )
    });
    let tags = (0..).zip(&listing.tags).map(|(position, tag)| {
        (
            published_article_tags::article_id.eq(article.id),
            published_article_tags::tag_id.eq(*tag),
            published_article_tags::position.eq(position),
            published_article_tags::published_at.eq(article.published_at),
            published_article_tags::content_updated_at.eq(article.content_updated_at),
        )
    });
    let authors = (0..).zip(&listing.authors).map(|(position, author)| {
        (
            published_article_authors::article_id.eq(article.id),
            published_article_authors::author_id.eq(*author),
            published_article_authors::position.eq(position),
            published_article_authors::published_at.eq(article.published_at),
            published_article_authors::content_updated_at.eq(article.content_updated_at),
        )
    });
    let (sections, tags, authors): (Vec<_>, Vec<_>, Vec<_>) = (sections.collect(), tags.collect(), authors.collect());
    let (mut one, mut two, mut three) = (conn, conn, conn);
    let in_sections = async {
        match sections.is_empty() {
            true => Ok(0),
            false => {
                let rows = diesel::insert_into(published_article_sections::table).values(sections);
                rows.kept().execute(&mut one).await
            }
        }
    };
    let with_tags = async {
        match tags.is_empty() {
            true => Ok(0),
            false => {
                let rows = diesel::insert_into(published_article_tags::table).values(tags);
                rows.kept().execute(&mut two).await
            }
        }
    };
    let by_authors = async {
        match authors.is_empty() {
            true => Ok(0),
            false => {
                let rows = diesel::insert_into(published_article_authors::table).values(authors);
                rows.kept().execute(&mut three).await
            }
        }
    };
    try_join3(in_sections, with_tags, by_authors).await.map(drop)
}
