//! What a list shows of published articles: everything but the body, with section, tags and authors as they are called
//! now. Two statements, sent at once, for any number of articles.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Jsonb, Nullable, Text};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join;
use uuid::Uuid;

use crate::db::refs::{AuthorName, SectionName, TagName};
use crate::db::schema::{
    article_counts, authors, published_article_authors, published_article_sections, published_article_tags,
    published_articles, sections, site, tags,
};
use crate::db::{Connection, Json, Result};
use crate::domain::comments_policy::CommentsPolicy;
use crate::domain::content::Image;
use crate::domain::site::SiteCommentsPolicy;
use crate::domain::taxonomy::{AuthorKind, TagKind, Taxonomy};

/// What a card shows of the article itself.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = published_articles, check_for_backend(diesel::pg::Pg))]
pub struct CardRow {
    pub id: Uuid,
    pub slug: String,
    pub kicker: Option<String>,
    pub title: String,
    pub standfirst: Option<String>,
    pub language: String,
    pub dateline: Option<String>,
    pub hero: Option<Json<Image>>,
    pub published_at: DateTime<Utc>,
    pub first_published_at: DateTime<Utc>,
    pub content_updated_at: DateTime<Utc>,
    pub breaking_until: Option<DateTime<Utc>>,
    pub featured: bool,
    pub comments_policy: CommentsPolicy,
    pub word_count: i32,
    pub reading_time_minutes: i32,
}

/// What the site says that a card depends on.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = site, check_for_backend(diesel::pg::Pg))]
pub struct SiteRules {
    pub comments_policy: SiteCommentsPolicy,
    pub comments_close_after_days: Option<i32>,
    pub timezone: Option<String>,
}

/// Whose an article is and what it is about.
#[derive(Clone, Debug, Default)]
pub struct Relations {
    /// Its section and every one above it, in no order.
    pub sections: Vec<Uuid>,
    pub tags: Vec<TagName>,
    pub authors: Vec<AuthorName>,
}

/// A published article without its body.
#[derive(Clone, Debug)]
pub struct CardData {
    pub article: CardRow,
    pub section: Option<SectionName>,
    pub comments: Option<i32>,
    pub site: SiteRules,
    pub relations: Relations,
}

/// A card's columns, as one statement answers them.
pub type CardColumns = (CardRow, Option<SectionName>, Option<i32>, SiteRules);

impl CardData {
    /// Puts together what two statements answered.
    #[must_use]
    pub fn new((article, section, comments, site): CardColumns, relations: &mut HashMap<Uuid, Relations>) -> Self {
        let relations = relations.remove(&article.id).unwrap_or_default();
        Self {
            article,
            section,
            comments,
            site,
            relations,
        }
    }
}

/// The published ones among these articles, in this order.
///
/// # Errors
/// When the database fails.
pub async fn load(conn: &Connection, ids: &[Uuid]) -> Result<Vec<CardData>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (rows, mut relations) = try_join(rows(conn, ids), relations(conn, ids)).await?;
    Ok(rows.into_iter().map(|row| CardData::new(row, &mut relations)).collect())
}

/// The columns of the published ones among these articles, in this order.
///
/// # Errors
/// When the database fails.
pub async fn rows(mut conn: &Connection, ids: &[Uuid]) -> Result<Vec<CardColumns>> {
    let rows: Vec<CardColumns> = published_articles::table
        .left_join(sections::table)
        .left_join(article_counts::table.on(article_counts::article_id.eq(published_articles::id)))
        .inner_join(site::table.on(site::id.eq(1)))
        .filter(published_articles::id.eq_any(ids))
        .select((
            CardRow::as_select(),
            Option::<SectionName>::as_select(),
            article_counts::comments.nullable(),
            SiteRules::as_select(),
        ))
        .load(&mut conn)
        .await?;
    let mut by_id: HashMap<Uuid, CardColumns> = rows.into_iter().map(|row| (row.0.id, row)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

/// The sections, tags and authors of these published articles: one statement.
///
/// # Errors
/// When the database fails.
pub async fn relations(mut conn: &Connection, ids: &[Uuid]) -> Result<HashMap<Uuid, Relations>> {
    use published_article_authors as by_author;
    use published_article_sections as by_section;
    use published_article_tags as by_tag;

    let nothing = || String::new().into_sql::<Text>();
    let listed = by_section::table.filter(by_section::article_id.eq_any(ids)).select((
        by_section::article_id,
        Taxonomy::Section.into_sql::<Text>(),
        0.into_sql::<Integer>(),
        by_section::section_id,
        nothing(),
        nothing(),
        nothing(),
        None::<Json<Image>>.into_sql::<Nullable<Jsonb>>(),
    ));
    let tagged = by_tag::table
        .inner_join(tags::table)
        .filter(by_tag::article_id.eq_any(ids))
        .select((
            by_tag::article_id,
            Taxonomy::Tag.into_sql::<Text>(),
            by_tag::position,
            tags::id,
            tags::slug,
            tags::name,
            tags::kind,
            None::<Json<Image>>.into_sql::<Nullable<Jsonb>>(),
        ));
    let written = by_author::table
        .inner_join(authors::table)
        .filter(by_author::article_id.eq_any(ids))
        .select((
            by_author::article_id,
            Taxonomy::Author.into_sql::<Text>(),
            by_author::position,
            authors::id,
            authors::slug,
            authors::name,
            authors::kind,
            authors::avatar,
        ));
    let mut rows: Vec<RelationRow> = listed.union_all(tagged).union_all(written).load(&mut conn).await?;
    rows.sort_by_key(|row| row.position);
    let mut relations: HashMap<Uuid, Relations> = HashMap::new();
    for row in rows {
        relations.entry(row.article_id).or_default().add(row)?;
    }
    Ok(relations)
}

/// A section, tag or author of an article. `kind` and `avatar` are what the one or the other has.
#[derive(Debug, Queryable)]
struct RelationRow {
    article_id: Uuid,
    taxonomy: Taxonomy,
    position: i32,
    id: Uuid,
    slug: String,
    name: String,
    kind: String,
    avatar: Option<Json<Image>>,
}

impl Relations {
    fn add(&mut self, row: RelationRow) -> Result<()> {
        let unknown = |problem: String| diesel::result::Error::DeserializationError(problem.into());
        let RelationRow { id, slug, name, .. } = row;
        match row.taxonomy {
            Taxonomy::Section => self.sections.push(id),
            Taxonomy::Tag => {
                let kind: TagKind = row.kind.parse().map_err(unknown)?;
                self.tags.push(TagName {
                    id,
                    slug,
                    name,
                    kind,
                    // Merging a tag into another puts published articles on the list of that one.
                    merged_into: None,
                });
            }
            Taxonomy::Author => {
                let kind: AuthorKind = row.kind.parse().map_err(unknown)?;
                let avatar = row.avatar.map(|avatar| avatar.0);
                self.authors.push(AuthorName {
                    id,
                    slug,
                    name,
                    kind,
                    avatar,
                });
            }
        }
        Ok(())
    }
}
