//! Revisions: immutable snapshots of an article's content, numbered from 1.

mod content;
pub mod retention;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Text};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::{articles, revisions, users};
use super::{Connection, Json, Result};
use crate::domain::body::OutlineEntry;
use crate::domain::content::Image;

pub use content::{Content, Merged, ids};

/// A revision: content, and who saved it when.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = revisions, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct RevisionRow {
    pub article_id: Uuid,
    pub number: i32,
    #[diesel(embed)]
    pub content: Content,
    pub note: Option<String>,
    pub autosave: bool,
    pub created_by_id: Option<Uuid>,
    pub created_at: DateTime<Utc>,
}

/// The small fields of an article's newest revision, which lists show.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = revisions, check_for_backend(diesel::pg::Pg))]
pub struct HeadRow {
    pub article_id: Uuid,
    pub kicker: Option<String>,
    pub standfirst: Option<String>,
    pub dateline: Option<String>,
    pub language: String,
    pub related: Vec<Uuid>,
    pub hero: Option<Json<Image>>,
}

impl From<&RevisionRow> for HeadRow {
    fn from(revision: &RevisionRow) -> Self {
        let content = revision.content.clone();
        Self {
            article_id: revision.article_id,
            kicker: content.kicker,
            standfirst: content.standfirst,
            dateline: content.dateline,
            language: content.language,
            related: content.related,
            hero: content.hero,
        }
    }
}

/// # Errors
/// When the database fails.
pub async fn insert(mut conn: &Connection, revision: &RevisionRow) -> Result<()> {
    diesel::insert_into(revisions::table)
        .values(revision)
        .execute(&mut conn)
        .await
        .map(drop)
}

/// The newest revision of an article.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn newest(mut conn: &Connection, article: Uuid) -> Result<RevisionRow> {
    let number = articles::table.find(article).select(articles::revision).single_value();
    revisions::table
        .filter(revisions::article_id.eq(article))
        .filter(revisions::number.nullable().eq(number))
        .select(RevisionRow::as_select())
        .first(&mut conn)
        .await
}

/// The revision of an article with this number.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn find(conn: &mut Connection, article: Uuid, number: i32) -> Result<RevisionRow> {
    revisions::table
        .find((article, number))
        .select(RevisionRow::as_select())
        .first(conn)
        .await
}

/// The revisions of an article with these numbers.
///
/// # Errors
/// When the database fails.
pub async fn numbered(conn: &mut Connection, article: Uuid, numbers: &[i32]) -> Result<Vec<RevisionRow>> {
    revisions::table
        .filter(revisions::article_id.eq(article))
        .filter(revisions::number.eq_any(numbers))
        .select(RevisionRow::as_select())
        .load(conn)
        .await
}

/// The newest revision of each of these articles, in short.
///
/// # Errors
/// When the database fails.
pub async fn heads(conn: &mut Connection, of: &[Uuid]) -> Result<Vec<HeadRow>> {
    let newest = revisions::article_id
        .eq(articles::id)
        .and(revisions::number.eq(articles::revision));
    articles::table
        .inner_join(revisions::table.on(newest))
        .filter(articles::id.eq_any(of))
        .select(HeadRow::as_select())
        .load(conn)
        .await
}

diesel::define_sql_function! {
    fn md5(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// A revision in a list. Its content stands without the body, in whose place is a hash: enough to tell what changed.
#[derive(Clone, Debug, Queryable)]
pub struct ListedRevision {
    pub number: i32,
    pub note: Option<String>,
    pub autosave: bool,
    pub created_by_id: Option<Uuid>,
    pub created_by: Option<String>,
    pub created_at: DateTime<Utc>,
    pub content: Content,
}

/// The revisions of an article before this number, newest first; those that a program saved only when asked for.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut Connection,
    article: Uuid,
    autosaves: bool,
    before: Option<i32>,
    fetch: i64,
) -> Result<Vec<ListedRevision>> {
    let nothing = || String::new().into_sql::<Text>();
    let no_outline = || Json(Vec::<OutlineEntry>::new()).into_sql::<Jsonb>();
    let mut query = revisions::table
        .left_join(users::table)
        .filter(revisions::article_id.eq(article))
        .order(revisions::number.desc())
        .limit(fetch)
        .select((
            revisions::number,
            revisions::note,
            revisions::autosave,
            revisions::created_by_id,
            users::name.nullable(),
            revisions::created_at,
            (
                revisions::slug,
                revisions::kicker,
                revisions::title,
                revisions::standfirst,
                revisions::dateline,
                revisions::language,
                md5(revisions::body_source),
                revisions::body_format,
                nothing(),
                no_outline(),
                revisions::word_count,
                revisions::section,
                revisions::tags,
                revisions::authors,
                revisions::sources,
                revisions::related,
                revisions::seo,
                revisions::hero,
            ),
        ))
        .into_boxed();
    if !autosaves {
        query = query.filter(revisions::autosave.eq(false));
    }
    if let Some(number) = before {
        query = query.filter(revisions::number.lt(number));
    }
    query.load(conn).await
}
