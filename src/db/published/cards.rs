//! What a list shows of published articles: everything but the body, with section, tags and authors as they are called
//! now. One statement for any number of articles.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Jsonb, Nullable, Record, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Listing;
use crate::db::refs::{AuthorName, Refs, SectionName};
use crate::db::schema::{article_counts, published_articles, sections, site};
use crate::db::{Connection, Json, Result};
use crate::domain::comments_policy::CommentsPolicy;
use crate::domain::content::Image;
use crate::domain::site::SiteCommentsPolicy;
use crate::domain::taxonomy::{AuthorKind, TagKind, TagRef};

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
    #[diesel(embed)]
    pub listing: Listing,
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

/// Whose an article is and what it is about, in the order that it names them.
#[derive(Clone, Debug, Default)]
pub struct Relations {
    pub tags: Vec<Arc<TagRef>>,
    pub authors: Vec<Arc<AuthorName>>,
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

/// What is counted of an article, as one value: joined, the planner might read the counts of every article.
pub(super) type CountsSql = Record<(Integer, Integer)>;

/// A card's columns, as one statement answers them.
pub(super) type CardColumns = (CardRow, Option<SectionName>, Option<(i32, i32)>, SiteRules);

/// The columns of a card and further ones, in a statement on published articles, their section and the site. (A macro, because the type of these expressions is too long to be written down.)
macro_rules! card_columns {
    ($($more:expr),*) => {{
        use $crate::db::published::cards::{CardRow, SiteRules};
        use $crate::db::refs::SectionName;

        (
            CardRow::as_select(),
            Option::<SectionName>::as_select(),
            $crate::db::published::cards::counts_column!(),
            SiteRules::as_select(),
            $($more,)*
        )
    }};
}

/// What is counted of each article.
macro_rules! counts_column {
    () => {{
        use $crate::db::published::cards::CountsSql;
        use $crate::db::schema::{article_counts, published_articles};

        article_counts::table
            .filter(article_counts::article_id.eq(published_articles::id))
            .select((article_counts::comments, article_counts::corrections).into_sql::<CountsSql>())
            .single_value()
    }};
}

pub(super) use {card_columns, counts_column};

/// The tags and authors of one article, as one value each, in no order.
pub(super) type NamesColumns = (
    Vec<(Uuid, String, String, TagKind)>,
    Vec<(Uuid, String, String, AuthorKind, Option<Json<Image>>)>,
);

/// A card's columns with its names, as one statement answers them.
type NamedColumns = (
    CardRow,
    Option<SectionName>,
    Option<(i32, i32)>,
    SiteRules,
    NamesColumns,
);

/// A tag as one value of a statement's answer.
pub(super) type TagSql = Record<(SqlUuid, Text, Text, Text)>;
/// An author as one value of a statement's answer.
pub(super) type AuthorSql = Record<(SqlUuid, Text, Text, Text, Nullable<Jsonb>)>;

/// The names of each article, in the statement that reads it.
macro_rules! names_columns {
    () => {{
        use diesel::dsl::array;
        use $crate::db::published::cards::{AuthorSql, TagSql};
        use $crate::db::published::ids::any_of;
        use $crate::db::schema::{authors, published_articles, tags};

        let its_tags = tags::table
            .filter(tags::id.eq(any_of(published_articles::tag_ids)))
            .select((tags::id, tags::slug, tags::name, tags::kind).into_sql::<TagSql>());
        let its_authors = authors::table
            .filter(authors::id.eq(any_of(published_articles::author_ids)))
            .select(
                (
                    authors::id,
                    authors::slug,
                    authors::name,
                    authors::kind,
                    authors::avatar,
                )
                    .into_sql::<AuthorSql>(),
            );
        (array(its_tags), array(its_authors))
    }};
}

pub(super) use names_columns;

/// The same of a card with its names, in a statement on the site, to which published articles and their sections are joined:
/// it has a row even when there are none.
macro_rules! columns_beside {
    ($($more:expr),*) => {{
        use $crate::db::published::cards::{CardRow, SiteRules, counts_column, names_columns};
        use $crate::db::refs::SectionName;

        (
            Option::<CardRow>::as_select(),
            Option::<SectionName>::as_select(),
            counts_column!(),
            SiteRules::as_select(),
            names_columns!(),
            $($more,)*
        )
    }};
}

pub(super) use columns_beside;

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
        .select(card_columns!(names_columns!()));
    let by_id = published_articles::id.eq_any(at_least_ten(ids));
    // The planner should not have to think of what no slug leads to.
    let rows: Vec<NamedColumns> = match slugs {
        [] => all.filter(by_id).load(&mut conn).await?,
        _ => {
            let named = by_id.or(published_articles::slug.eq_any(slugs));
            all.filter(named).load(&mut conn).await?
        }
    };
    let mut cards: HashMap<Uuid, CardData> = HashMap::new();
    for (article, section, counts, site, names) in rows {
        let card = CardData::new((article, section, counts, site), &Refs::from(names));
        cards.insert(card.article.id, card);
    }
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

impl From<NamesColumns> for Refs {
    fn from((tags, authors): NamesColumns) -> Self {
        // Merging a tag into another puts published articles on the list of that one.
        let tags = tags
            .into_iter()
            .map(|(id, slug, name, kind)| (id, Arc::new(TagRef { id, slug, name, kind })));
        let authors = authors.into_iter().map(|(id, slug, name, kind, avatar)| {
            let avatar = avatar.map(|avatar| avatar.0);
            let author = AuthorName {
                id,
                slug,
                name,
                kind,
                avatar,
            };
            (id, Arc::new(author))
        });
        Self {
            tags: tags.collect(),
            authors: authors.collect(),
            ..Self::default()
        }
    }
}

impl CardData {
    pub(super) fn new((article, section, counts, site): CardColumns, refs: &Refs) -> Self {
        let relations = Relations {
            tags: refs.tags(&article.listing.tags),
            authors: refs.authors(&article.listing.authors),
        };
        Self {
            article,
            section,
            counts: counts.map_or_else(Counts::default, |(comments, corrections)| Counts {
                comments,
                corrections,
            }),
            site,
            relations,
        }
    }
}
