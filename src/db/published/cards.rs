//! What a list shows of published articles: everything but the body, with section, tags and authors as they are called
//! now. One statement for any number of articles.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Jsonb, Nullable, Record, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::refs::{AuthorName, SectionName, TagName};
use crate::db::schema::{article_counts, published_articles, sections, site};
use crate::db::{Connection, Json, Result};
use crate::domain::comments_policy::CommentsPolicy;
use crate::domain::content::Image;
use crate::domain::site::SiteCommentsPolicy;
use crate::domain::taxonomy::{AuthorKind, TagKind};

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

/// What is counted of an article.
#[derive(Clone, Copy, Debug, Default, Queryable, Selectable)]
#[diesel(table_name = article_counts, check_for_backend(diesel::pg::Pg))]
pub struct Counts {
    /// Comments that readers can see.
    pub comments: i32,
    pub corrections: i32,
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
    pub counts: Counts,
    pub site: SiteRules,
    pub relations: Relations,
}

/// A tag with its position, as one value of a statement's answer. (Sorted here, which spares PostgreSQL two sorts a card.)
pub(super) type TagSql = Record<(Integer, SqlUuid, Text, Text, Text)>;
/// An author with its position, as one value of a statement's answer.
pub(super) type AuthorSql = Record<(Integer, SqlUuid, Text, Text, Text, Nullable<Jsonb>)>;

/// What is counted of an article, as one value: joined, the planner might read the counts of every article.
pub(super) type CountsSql = Record<(Integer, Integer)>;

/// An article's sections, tags and authors, as one statement answers them.
pub(super) type RelationColumns = (
    Vec<Uuid>,
    Vec<(i32, Uuid, String, String, TagKind)>,
    Vec<(i32, Uuid, String, String, AuthorKind, Option<Json<Image>>)>,
);

/// A card's columns, as one statement answers them.
pub(super) type CardColumns = (
    CardRow,
    Option<SectionName>,
    Option<(i32, i32)>,
    SiteRules,
    RelationColumns,
);

/// The columns of a card and further ones, in a statement on published articles, their section and the site. (A macro, because the type of these expressions is too long to be written down.)
macro_rules! card_columns {
    ($($more:expr),*) => {{
        use diesel::dsl::array;
        use $crate::db::published::cards::{AuthorSql, CardRow, CountsSql, SiteRules, TagSql};
        use $crate::db::refs::SectionName;
        use $crate::db::schema::{
            article_counts, authors, published_article_authors as by_author, published_article_sections as by_section,
            published_article_tags as by_tag, published_articles, tags,
        };

        let counts = article_counts::table
            .filter(article_counts::article_id.eq(published_articles::id))
            .select((article_counts::comments, article_counts::corrections).into_sql::<CountsSql>())
            .single_value();
        let listed = by_section::table
            .filter(by_section::article_id.eq(published_articles::id))
            .select(by_section::section_id);
        let tagged = by_tag::table
            .inner_join(tags::table)
            .filter(by_tag::article_id.eq(published_articles::id))
            .select((by_tag::position, tags::id, tags::slug, tags::name, tags::kind).into_sql::<TagSql>());
        let written = by_author::table
            .inner_join(authors::table)
            .filter(by_author::article_id.eq(published_articles::id))
            .select(
                (by_author::position, authors::id, authors::slug, authors::name, authors::kind, authors::avatar)
                    .into_sql::<AuthorSql>(),
            );
        (
            CardRow::as_select(),
            Option::<SectionName>::as_select(),
            counts,
            SiteRules::as_select(),
            $($more,)*
            (array(listed), array(tagged), array(written)),
        )
    }};
}

pub(super) use card_columns;

/// The published ones among the articles with these ids and slugs: first by id, then by slug, each once.
///
/// # Errors
/// When the database fails.
pub async fn load(mut conn: &Connection, ids: &[Uuid], slugs: &[String]) -> Result<Vec<CardData>> {
    if ids.is_empty() && slugs.is_empty() {
        return Ok(Vec::new());
    }
    let all = published_articles::table
        .left_join(sections::table)
        .inner_join(site::table.on(site::id.eq(1)))
        .select(card_columns!());
    let by_id = published_articles::id.eq_any(at_least_ten(ids));
    // The planner should not have to think of what no slug leads to.
    let rows: Vec<CardColumns> = match slugs {
        [] => all.filter(by_id).load(&mut conn).await?,
        _ => {
            let named = by_id.or(published_articles::slug.eq_any(slugs));
            all.filter(named).load(&mut conn).await?
        }
    };
    let mut cards: HashMap<Uuid, CardData> = rows.into_iter().map(|row| (row.0.id, row.into())).collect();
    let by_slug: HashMap<String, Uuid> = cards
        .values()
        .map(|card| (card.article.slug.clone(), card.article.id))
        .collect();
    let named = slugs.iter().filter_map(|slug| by_slug.get(slug));
    Ok(ids.iter().chain(named).filter_map(|id| cards.remove(id)).collect())
}

/// The same ids, the last of them again and again if there are fewer than ten. PostgreSQL keeps a plan for ten, and would
/// plan for fewer each time anew, which takes longer than the answer.
fn at_least_ten(ids: &[Uuid]) -> Vec<Uuid> {
    let mut padded = ids.to_vec();
    if let Some(last) = ids.last() {
        padded.resize(ids.len().max(10), *last);
    }
    padded
}

impl From<CardColumns> for CardData {
    fn from((article, section, counts, site, relations): CardColumns) -> Self {
        Self {
            article,
            section,
            counts: counts.map_or_else(Counts::default, |(comments, corrections)| Counts {
                comments,
                corrections,
            }),
            site,
            relations: relations.into(),
        }
    }
}

impl From<RelationColumns> for Relations {
    fn from((sections, mut tags, mut authors): RelationColumns) -> Self {
        tags.sort_unstable_by_key(|(position, ..)| *position);
        authors.sort_unstable_by_key(|(position, ..)| *position);
        let tags = tags.into_iter().map(|(_, id, slug, name, kind)| TagName {
            id,
            slug,
            name,
            kind,
            // Merging a tag into another puts published articles on the list of that one.
            merged_into: None,
        });
        let authors = authors.into_iter().map(|(_, id, slug, name, kind, avatar)| AuthorName {
            id,
            slug,
            name,
            kind,
            avatar: avatar.map(|avatar| avatar.0),
        });
        Self {
            sections,
            tags: tags.collect(),
            authors: authors.collect(),
        }
    }
}
