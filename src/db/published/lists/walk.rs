//! Walks along one index of the readers' copy.

use chrono::{DateTime, Utc};
use diesel::dsl::{array, cardinality};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Record, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::belonging::belonging;
use super::{FEW, ListFilter, Position, PublishedSort};
use crate::db::schema::{
    published_article_authors, published_article_sections, published_article_tags, published_articles,
};
use crate::db::{Connection, Result};

/// Part of a walk.
#[derive(Clone, Copy)]
pub(super) struct Stretch<'a> {
    pub(super) filter: &'a ListFilter,
    /// What of the filter is to be asked of each entry.
    pub(super) asking: &'a ListFilter,
    pub(super) sort: PublishedSort,
    /// Begins behind this entry.
    pub(super) after: Option<Position>,
    /// Ends with this entry.
    pub(super) until: Option<Position>,
    /// Holds so many entries at most; none to pass over it.
    pub(super) entries: i64,
    /// Stops when so many were found that belong on the list.
    pub(super) limit: i64,
}

/// What a list walks along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Along {
    Everything,
    Section(Uuid),
    Tag(Uuid),
    Author(Uuid),
    Kicker(String),
    Language(String),
    Featured,
    /// Few enough to look at each.
    These(Vec<Uuid>),
}

impl Along {
    /// Breaking news, which is few at a time. Else the index with the fewest entries that do not belong on the list.
    pub(super) async fn choose(conn: &Connection, filter: &ListFilter, sort: PublishedSort) -> Result<Self> {
        if let Some((true, now)) = filter.breaking {
            let breaking = breaking(conn, now).await?;
            if i64::try_from(breaking.len()).is_ok_and(|breaking| breaking < FEW) {
                return Ok(Self::These(breaking));
            }
        }
        Ok(Self::index(filter, sort))
    }

    fn index(filter: &ListFilter, sort: PublishedSort) -> Self {
        if let Some(tag) = filter.tags_all.as_slice().first().or(only(filter.tags.as_ref())) {
            return Self::Tag(*tag);
        }
        if let Some(author) = only(filter.authors.as_ref()) {
            return Self::Author(*author);
        }
        // These are in the order of the date line alone.
        if sort != PublishedSort::Updated {
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

    /// Whether it has few entries, so that each can be looked at.
    pub(super) fn is_short(&self) -> bool {
        matches!(self, Self::These(_))
    }

    /// What is to be asked of each entry, because walking here does not answer it.
    pub(super) fn left_to_ask(&self, filter: &ListFilter) -> ListFilter {
        let mut left = filter.clone();
        match self {
            Self::Everything => {}
            Self::Section(_) => left.sections = None,
            Self::Tag(id) => {
                left.tags_all.retain(|tag| tag != id);
                left.tags = left.tags.filter(|tags| tags.as_slice() != [*id]);
            }
            Self::Author(_) => left.authors = None,
            Self::Kicker(_) => left.kickers = None,
            Self::Language(_) => left.languages = None,
            Self::Featured => left.featured = None,
            Self::These(_) => left.breaking = None,
        }
        left
    }

    /// Where two stretches end, unless the list ends first.
    pub(super) async fn ends(
        &self,
        conn: &Connection,
        page: &Stretch<'_>,
        whole: &Stretch<'_>,
    ) -> Result<(Option<Position>, Option<Position>)> {
        match self {
            Self::Section(id) => by_section::ends(conn, || by_section::of(*id), page, whole).await,
            Self::Tag(id) => by_tag::ends(conn, || by_tag::of(*id), page, whole).await,
            Self::Author(id) => by_author::ends(conn, || by_author::of(*id), page, whole).await,
            _ => all::ends(conn, || self.narrow(), page, whole).await,
        }
    }

    /// The first entries of one stretch that belong on the list, and how many of another do.
    pub(super) async fn read(
        &self,
        conn: &Connection,
        page: &Stretch<'_>,
        whole: &Stretch<'_>,
    ) -> Result<(Vec<Position>, i64)> {
        match self {
            Self::Section(id) => by_section::read(conn, || by_section::of(*id), page, whole).await,
            Self::Tag(id) => by_tag::read(conn, || by_tag::of(*id), page, whole).await,
            Self::Author(id) => by_author::read(conn, || by_author::of(*id), page, whole).await,
            _ => all::read(conn, || self.narrow(), page, whole).await,
        }
    }

    fn narrow(&self) -> published_articles::BoxedQuery<'_, Pg> {
        let all = published_articles::table.into_boxed();
        match self {
            Self::Kicker(kicker) => all.filter(published_articles::kicker.eq(kicker)),
            Self::Language(language) => all.filter(published_articles::language.eq(language)),
            Self::Featured => all.filter(published_articles::featured),
            Self::These(ids) => all.filter(published_articles::id.eq_any(ids)),
            Self::Everything | Self::Section(_) | Self::Tag(_) | Self::Author(_) => all,
        }
    }
}

fn only<T>(list: Option<&Vec<T>>) -> Option<&T> {
    list.filter(|list| list.len() == 1)?.as_slice().first()
}

/// What is breaking news at this instant, or so much of it that it is not few.
async fn breaking(mut conn: &Connection, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    published_articles::table
        .filter(published_articles::breaking_until.gt(now))
        .order(published_articles::breaking_until.desc())
        .limit(FEW)
        .select(published_articles::id)
        .load(&mut conn)
        .await
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

            type Walk<'a> = $table::BoxedQuery<'a, Pg>;

            $(
                pub(super) fn of(id: Uuid) -> Walk<'static> {
                    $table::table.filter($table::$owner.eq(id)).into_boxed()
                }
            )?

            fn dated<'a>(mut walk: Walk<'a>, filter: &ListFilter) -> Walk<'a> {
                if let Some(from) = filter.published_from {
                    walk = walk.filter($table::published_at.ge(from));
                }
                if let Some(before) = filter.published_before {
                    walk = walk.filter($table::published_at.lt(before));
                }
                walk
            }

            /// The entries of a stretch: what the index alone can tell.
            fn within<'a>(mut walk: Walk<'a>, stretch: &Stretch<'a>) -> Walk<'a> {
                if stretch.sort != PublishedSort::Updated {
                    walk = dated(walk, stretch.filter);
                }
                match stretch.sort {
                    PublishedSort::Newest => {
                        stretch!(walk, stretch, $table::published_at, $table::$article, lt, ge, desc)
                    }
                    PublishedSort::Oldest => {
                        stretch!(walk, stretch, $table::published_at, $table::$article, gt, le, asc)
                    }
                    PublishedSort::Updated => {
                        stretch!(walk, stretch, $table::content_updated_at, $table::$article, lt, ge, desc)
                    }
                }
            }

            /// The entries of a stretch that belong on the list.
            fn found<'a>(walk: Walk<'a>, stretch: &Stretch<'a>) -> Walk<'a> {
                let mut walk = within(walk, stretch).limit(stretch.limit);
                if stretch.sort == PublishedSort::Updated {
                    walk = dated(walk, stretch.filter);
                }
                if !stretch.filter.exclude.is_empty() {
                    walk = walk.filter($table::$article.ne_all(&stretch.filter.exclude));
                }
                belonging!(walk, stretch.asking, $table, $article)
            }

            fn keys<'a>(walk: Walk<'a>, sort: PublishedSort) -> $table::BoxedQuery<'a, Pg, Key> {
                match sort {
                    PublishedSort::Newest | PublishedSort::Oldest => {
                        walk.select(($table::published_at, $table::$article).into_sql::<Key>())
                    }
                    PublishedSort::Updated => {
                        walk.select(($table::content_updated_at, $table::$article).into_sql::<Key>())
                    }
                }
            }

            pub(super) async fn ends<'a>(
                mut conn: &Connection,
                walk: impl Fn() -> Walk<'a>,
                page: &Stretch<'a>,
                whole: &Stretch<'a>,
            ) -> Result<(Option<Position>, Option<Position>)> {
                let last = |stretch: &Stretch<'a>| {
                    let last = within(walk(), stretch).offset((stretch.entries - 1).max(0));
                    array(keys(last.limit(stretch.entries.min(1)), stretch.sort))
                };
                let (mut page, mut whole): (Vec<Position>, Vec<Position>) =
                    diesel::select((last(page), last(whole))).get_result(&mut conn).await?;
                Ok((page.pop(), whole.pop()))
            }

            pub(super) async fn read<'a>(
                mut conn: &Connection,
                walk: impl Fn() -> Walk<'a>,
                page: &Stretch<'a>,
                whole: &Stretch<'a>,
            ) -> Result<(Vec<Position>, i64)> {
                let entries = array(keys(found(walk(), page), page.sort));
                let each = found(walk(), whole).select(1.into_sql::<Integer>());
                let total = cardinality::<Array<Integer>, _>(array(each));
                let (entries, total): (Vec<Position>, i32) =
                    diesel::select((entries, total)).get_result(&mut conn).await?;
                Ok((entries, total.into()))
            }
        }
    };
}

walks!(all, published_articles, id);
walks!(by_section, published_article_sections, article_id, section_id);
walks!(by_tag, published_article_tags, article_id, tag_id);
walks!(by_author, published_article_authors, article_id, author_id);
