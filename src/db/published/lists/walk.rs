//! Walks along one index of the readers' copy.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Record, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{ListFilter, Position, PublishedSort};
use crate::db::schema::{
    published_article_authors, published_article_sections, published_article_tags, published_articles,
};
use crate::db::{Connection, Result};

/// Part of a walk.
pub(super) struct Stretch<'a> {
    pub(super) filter: &'a ListFilter,
    pub(super) sort: PublishedSort,
    /// Begins behind this entry.
    pub(super) after: Option<Position>,
    /// Ends with this entry.
    pub(super) until: Option<Position>,
    pub(super) skip: i64,
    pub(super) limit: i64,
}

/// The index that a list walks along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Along {
    Everything,
    Section(Uuid),
    Tag(Uuid),
    Author(Uuid),
    Kicker(String),
    Language(String),
    Featured,
    Breaking,
}

impl Along {
    /// The index with the fewest entries that do not belong on the list.
    pub(super) fn choose(filter: &ListFilter, sort: PublishedSort) -> Self {
        if let Some(tag) = filter.tags_all.as_slice().first().or(only(filter.tags.as_ref())) {
            return Self::Tag(*tag);
        }
        if let Some(author) = only(filter.authors.as_ref()) {
            return Self::Author(*author);
        }
        // These are in the order of the date line alone.
        if sort != PublishedSort::Updated {
            if filter.breaking.is_some_and(|(breaking, _)| breaking) {
                return Self::Breaking;
            }
            if filter.featured == Some(true) {
                return Self::Featured;
            }
            if let Some(kicker) = only(filter.kickers.as_ref()) {
                return Self::Kicker(kicker.clone());
            }
        }
        if let Some(section) = only(filter.sections.as_ref()) {
            return Self::Section(*section);
        }
        match only(filter.languages.as_ref()) {
            Some(language) if sort != PublishedSort::Updated => Self::Language(language.clone()),
            _ => Self::Everything,
        }
    }

    /// Whether every entry of the index belongs on the list, save for the few that are excluded by id.
    pub(super) fn answers(&self, filter: &ListFilter, sort: PublishedSort) -> bool {
        let dated = filter.published_from.is_some() || filter.published_before.is_some();
        if dated && sort == PublishedSort::Updated {
            return false;
        }
        let asked = [
            filter.sections.is_some(),
            filter.tags.is_some(),
            filter.tags_all.len() == 1,
            filter.authors.is_some(),
            filter.kickers.is_some(),
            filter.languages.is_some(),
            filter.featured.is_some(),
        ];
        let asked = asked.into_iter().filter(|asked| *asked).count();
        // Breaking news stops being it without a word, so its index holds what was breaking once.
        filter.breaking.is_none() && filter.tags_all.len() < 2 && asked == usize::from(*self != Self::Everything)
    }

    /// The entries of a stretch; only those that belong on the list when `filtered`.
    pub(super) async fn walk(&self, conn: &Connection, stretch: &Stretch<'_>, filtered: bool) -> Result<Vec<Position>> {
        let filtered = filtered && !self.answers(stretch.filter, stretch.sort);
        match self {
            Self::Section(id) => by_section::walk(conn, by_section::of(*id), stretch, filtered).await,
            Self::Tag(id) => by_tag::walk(conn, by_tag::of(*id), stretch, filtered).await,
            Self::Author(id) => by_author::walk(conn, by_author::of(*id), stretch, filtered).await,
            _ => all::walk(conn, self.narrow(), stretch, filtered).await,
        }
    }

    pub(super) async fn count(&self, conn: &Connection, stretch: &Stretch<'_>) -> Result<i64> {
        let filtered = !self.answers(stretch.filter, stretch.sort);
        match self {
            Self::Section(id) => by_section::count(conn, by_section::of(*id), stretch, filtered).await,
            Self::Tag(id) => by_tag::count(conn, by_tag::of(*id), stretch, filtered).await,
            Self::Author(id) => by_author::count(conn, by_author::of(*id), stretch, filtered).await,
            _ => all::count(conn, self.narrow(), stretch, filtered).await,
        }
    }

    fn narrow(&self) -> published_articles::BoxedQuery<'_, Pg> {
        let all = published_articles::table.into_boxed();
        match self {
            Self::Kicker(kicker) => all.filter(published_articles::kicker.eq(kicker)),
            Self::Language(language) => all.filter(published_articles::language.eq(language)),
            Self::Featured => all.filter(published_articles::featured),
            Self::Breaking => all.filter(published_articles::breaking_until.is_not_null()),
            Self::Everything | Self::Section(_) | Self::Tag(_) | Self::Author(_) => all,
        }
    }
}

fn only<T>(list: Option<&Vec<T>>) -> Option<&T> {
    list.filter(|list| list.len() == 1)?.as_slice().first()
}

/// The ids of the articles that belong on a list, whatever it walks along.
fn belonging(filter: &ListFilter) -> published_articles::BoxedQuery<'_, Pg, SqlUuid> {
    let mut query = published_articles::table.select(published_articles::id).into_boxed();
    if let Some(sections) = &filter.sections {
        let inside = published_article_sections::table
            .filter(published_article_sections::article_id.eq(published_articles::id))
            .filter(published_article_sections::section_id.eq_any(sections));
        query = query.filter(diesel::dsl::exists(inside));
    }
    for tags in filter.tags.iter().map(Vec::as_slice).chain(filter.tags_all.chunks(1)) {
        let tagged = published_article_tags::table
            .filter(published_article_tags::article_id.eq(published_articles::id))
            .filter(published_article_tags::tag_id.eq_any(tags));
        query = query.filter(diesel::dsl::exists(tagged));
    }
    if let Some(authors) = &filter.authors {
        let written = published_article_authors::table
            .filter(published_article_authors::article_id.eq(published_articles::id))
            .filter(published_article_authors::author_id.eq_any(authors));
        query = query.filter(diesel::dsl::exists(written));
    }
    if let Some(kickers) = &filter.kickers {
        query = query.filter(published_articles::kicker.eq_any(kickers));
    }
    if let Some(languages) = &filter.languages {
        query = query.filter(published_articles::language.eq_any(languages));
    }
    if let Some(featured) = filter.featured {
        query = query.filter(published_articles::featured.eq(featured));
    }
    query = match filter.breaking {
        None => query,
        Some((true, now)) => query.filter(published_articles::breaking_until.gt(now)),
        Some((false, now)) => {
            let until = published_articles::breaking_until;
            query.filter(until.is_null().or(until.le(now)))
        }
    };
    query
}

type Key = Record<(Timestamptz, SqlUuid)>;

/// Narrows a query to a stretch in one order. `$behind` leads away from the list's start, `$up_to` not beyond its end.
macro_rules! stretch {
    ($query:ident, $stretch:ident, $at:expr, $id:expr, $behind:ident, $up_to:ident, $direction:ident) => {{
        if let Some(after) = $stretch.after {
            $query = $query.filter(($at, $id).into_sql::<Key>().$behind(after));
        }
        if let Some(until) = $stretch.until {
            $query = $query.filter(($at, $id).into_sql::<Key>().$up_to(until));
        }
        $query.order(($at.$direction(), $id.$direction()))
    }};
}

/// Walks over one table, whose entries name an article and its two instants.
macro_rules! walks {
    ($room:ident, $table:ident, $article:ident $(, $owner:ident)?) => {
        mod $room {
            use super::*;

            $(
                pub(super) fn of(id: Uuid) -> $table::BoxedQuery<'static, Pg> {
                    $table::table.filter($table::$owner.eq(id)).into_boxed()
                }
            )?

            fn narrow<'a>(
                mut query: $table::BoxedQuery<'a, Pg>,
                stretch: &'a Stretch<'_>,
                filtered: bool,
            ) -> $table::BoxedQuery<'a, Pg> {
                if let Some(from) = stretch.filter.published_from {
                    query = query.filter($table::published_at.ge(from));
                }
                if let Some(before) = stretch.filter.published_before {
                    query = query.filter($table::published_at.lt(before));
                }
                if !stretch.filter.exclude.is_empty() {
                    query = query.filter($table::$article.ne_all(&stretch.filter.exclude));
                }
                if filtered {
                    query = query.filter($table::$article.eq_any(belonging(stretch.filter)));
                }
                match stretch.sort {
                    PublishedSort::Newest => {
                        stretch!(query, stretch, $table::published_at, $table::$article, lt, ge, desc)
                    }
                    PublishedSort::Oldest => {
                        stretch!(query, stretch, $table::published_at, $table::$article, gt, le, asc)
                    }
                    PublishedSort::Updated => {
                        stretch!(query, stretch, $table::content_updated_at, $table::$article, lt, ge, desc)
                    }
                }
            }

            pub(super) async fn walk(
                mut conn: &Connection,
                query: $table::BoxedQuery<'_, Pg>,
                stretch: &Stretch<'_>,
                filtered: bool,
            ) -> Result<Vec<Position>> {
                let query = narrow(query, stretch, filtered).offset(stretch.skip).limit(stretch.limit);
                match stretch.sort {
                    PublishedSort::Newest | PublishedSort::Oldest => {
                        query.select(($table::published_at, $table::$article)).load(&mut conn).await
                    }
                    PublishedSort::Updated => {
                        query.select(($table::content_updated_at, $table::$article)).load(&mut conn).await
                    }
                }
            }

            pub(super) async fn count(
                mut conn: &Connection,
                query: $table::BoxedQuery<'_, Pg>,
                stretch: &Stretch<'_>,
                filtered: bool,
            ) -> Result<i64> {
                let query = narrow(query, stretch, filtered).limit(stretch.limit);
                let counted = query.select(1.into_sql::<Integer>()).execute(&mut conn).await?;
                Ok(i64::try_from(counted).unwrap_or(stretch.limit))
            }
        }
    };
}

walks!(all, published_articles, id);
walks!(by_section, published_article_sections, article_id, section_id);
walks!(by_tag, published_article_tags, article_id, tag_id);
walks!(by_author, published_article_authors, article_id, author_id);
