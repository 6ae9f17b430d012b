//! Revisions: immutable snapshots of an article's content, numbered from 1.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Text};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::{articles, revisions, users};
use super::{Connection, Json, Result};
use crate::domain::body::{BodyFormat, OutlineEntry};
use crate::domain::content::{Image, NamedRef, Seo, Source};

/// A revision: content, and who saved it when.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = revisions, check_for_backend(diesel::pg::Pg))]
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

/// What reaches readers when the revision is published.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = revisions, check_for_backend(diesel::pg::Pg))]
pub struct Content {
    pub slug: String,
    pub kicker: Option<String>,
    pub title: String,
    pub standfirst: Option<String>,
    pub dateline: Option<String>,
    pub language: String,
    pub body_source: String,
    pub body_format: BodyFormat,
    pub body_html: String,
    pub outline: Json<Vec<OutlineEntry>>,
    pub word_count: i32,
    pub section: Option<Json<NamedRef>>,
    pub tags: Json<Vec<NamedRef>>,
    pub authors: Json<Vec<NamedRef>>,
    pub sources: Json<Vec<Source>>,
    pub related: Vec<Uuid>,
    pub seo: Json<Seo>,
    pub hero: Option<Json<Image>>,
}

impl Content {
    /// The fields in which this differs from `other`, as the API names them. A relation that was only renamed is the same.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let section = |content: &Self| content.section.as_ref().map(|section| section.0.id);
        [
            ("slug", self.slug != other.slug),
            ("kicker", self.kicker != other.kicker),
            ("title", self.title != other.title),
            ("standfirst", self.standfirst != other.standfirst),
            ("dateline", self.dateline != other.dateline),
            ("language", self.language != other.language),
            (
                "body",
                self.body_source != other.body_source || self.body_format != other.body_format,
            ),
            ("section", section(self) != section(other)),
            ("tags", ids(&self.tags.0) != ids(&other.tags.0)),
            ("authors", ids(&self.authors.0) != ids(&other.authors.0)),
            ("sources", self.sources != other.sources),
            ("related", self.related != other.related),
            ("seo", self.seo != other.seo),
            ("hero", self.hero != other.hero),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect()
    }
}

impl Content {
    /// The fields that somebody has given a value.
    #[must_use]
    pub fn given(&self) -> Vec<&'static str> {
        [
            ("slug", true),
            ("kicker", self.kicker.is_some()),
            ("title", true),
            ("standfirst", self.standfirst.is_some()),
            ("dateline", self.dateline.is_some()),
            ("language", true),
            ("body", self.word_count > 0),
            ("section", self.section.is_some()),
            ("tags", !self.tags.0.is_empty()),
            ("authors", !self.authors.0.is_empty()),
            ("sources", !self.sources.0.is_empty()),
            ("related", !self.related.is_empty()),
            ("seo", self.seo.0 != Seo::default()),
            ("hero", self.hero.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .collect()
    }
}

/// The ids of what is referred to, in order.
#[must_use]
pub fn ids(refs: &[NamedRef]) -> Vec<Uuid> {
    refs.iter().map(|named| named.id).collect()
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
pub async fn insert(conn: &mut Connection, revision: &RevisionRow) -> Result<()> {
    diesel::insert_into(revisions::table)
        .values(revision)
        .execute(conn)
        .await
        .map(drop)
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
