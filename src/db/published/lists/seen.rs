//! What is seen of a list whose index does not answer the whole question: each entry of a stretch is looked at.

use chrono::{DateTime, Utc};
use diesel::dsl::{array, count_star};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool};
use diesel_async::RunQueryDsl;

use super::along::Along;
use super::belonging::belonging;
use super::belongs::Belongs;
use super::look::Look;
use super::walk::{self, Key, Stretch, behind, dated};
use super::{Position, PublishedSort};
use crate::db::apart::{Apart, Fragment};
use crate::db::published::cards::{CardData, CardRow, NamesColumns, SiteRules, columns_beside};
use crate::db::refs::SectionName;
use crate::db::schema::{
    article_counts, authors, published_article_authors, published_article_sections, published_article_tags,
    published_articles, sections, site, tags,
};
use crate::db::with::{With, with};
use crate::db::{Connection, Result};

/// What is seen of two stretches, that of a page and that of the whole list.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Cards of the first of the page's that belong on the list, in no order.
    pub(super) cards: Vec<CardData>,
    /// Where the page's ends, unless the list ends before.
    pub(super) end: Option<Position>,
    /// How many of the whole belong on the list.
    pub(super) total: i64,
    /// Where the whole ends, unless the list ends before.
    pub(super) whole_end: Option<Position>,
}

impl Along {
    /// Looks at the entries of two stretches, in one statement.
    pub(super) async fn look(&self, conn: &Connection, page: &Stretch<'_>, whole: &Stretch<'_>) -> Result<Seen> {
        match self {
            Self::Section(named) => by_section::look(conn, || walk::by_section::of(named), page, whole).await,
            Self::Tag(named) => by_tag::look(conn, || walk::by_tag::of(named), page, whole).await,
            Self::Author(named) => by_author::look(conn, || walk::by_author::of(named), page, whole).await,
            Self::Breaking(now) => breaking::look(conn, *now, page, whole).await,
            _ => all::look(conn, || self.narrow(), page, whole).await,
        }
    }
}

type SeenColumns = (
    Option<CardRow>,
    Option<SectionName>,
    Option<(i32, i32)>,
    SiteRules,
    NamesColumns,
    Vec<Position>,
    Option<i64>,
    Vec<Position>,
);

impl FromIterator<SeenColumns> for Seen {
    fn from_iter<T: IntoIterator<Item = SeenColumns>>(rows: T) -> Self {
        let mut seen = Self::default();
        for (article, section, counts, site, names, end, total, whole_end) in rows {
            let card = article.map(|article| CardData::new((article, section, counts, site), &names.into()));
            seen.cards.extend(card);
            seen.end = end.into_iter().next();
            seen.total = total.unwrap_or_default();
            seen.whole_end = whole_end.into_iter().next();
        }
        seen
    }
}

with! {
    /// What belongs on the page.
    seen (article_id) {
        article_id -> Uuid,
    }
    beside counted, published_articles, sections, site, article_counts, authors, tags
}
with! {
    /// What belongs on the whole list.
    counted (article_id) {
        article_id -> Uuid,
    }
    beside published_articles, sections, site
}

/// Where a stretch ends, if the list does not end before.
type End<'a> = Apart<'a, Array<Key>>;

/// Looks at two stretches in one statement, each with where it ends.
async fn read<'a>(
    mut conn: &Connection,
    (page, end): (Fragment<'a>, End<'a>),
    (whole, whole_end): (Fragment<'a>, End<'a>),
) -> Result<Seen> {
    let itself = published_articles::table.on(published_articles::id.eq(seen::article_id));
    let its_section = sections::table.on(published_articles::section_id.eq(sections::id.nullable()));
    let total = counted::table.select(count_star()).single_value();
    let query = site::table
        .left_join(seen::table.on(true.into_sql::<Bool>()))
        .left_join(itself)
        .left_join(its_section)
        .filter(site::id.eq(1))
        .select(columns_beside!(end, total, whole_end));
    let tables = vec![("seen (article_id)", page), ("counted (article_id)", whole)];
    let rows: Vec<SeenColumns> = With::first(tables, query).load(&mut conn).await?;
    Ok(rows.into_iter().collect())
}

/// Looks at entries of one table, which name an article and its two instants.
macro_rules! looks {
    ($room:ident, $table:ident, $article:ident) => {
        mod $room {
            use super::*;
            use crate::db::published::lists::walk::$room::{Walk, within};

            /// What is asked of each entry of a stretch.
            pub(super) fn belongs<'a>(stretch: &Stretch<'a>) -> Belongs<'a, $table::table> {
                let mut belongs = Belongs::default();
                if !stretch.filter.exclude.is_empty() {
                    belongs = belongs.filter($table::$article.ne_all(&stretch.filter.exclude));
                }
                belonging!(belongs, stretch.asking, $table, $article)
            }

            /// A look at entries that are known by their columns.
            pub(super) fn look_at<'a>(
                along: Fragment<'a>,
                belongs: Belongs<'a, $table::table>,
                stretch: &Stretch<'a>,
            ) -> Fragment<'a> {
                let (at, updated, id) = ($table::published_at, $table::content_updated_at, $table::$article);
                Box::new(Look::<$table::table> {
                    along,
                    entries: stretch.entries,
                    table: stringify!($table),
                    belongs,
                    article: Box::new(id),
                    order: match stretch.sort {
                        PublishedSort::Newest => Box::new((at.desc(), id.desc())),
                        PublishedSort::Oldest => Box::new((at.asc(), id.asc())),
                        PublishedSort::Updated => Box::new((updated.desc(), id.desc())),
                    },
                    most: stretch.limit,
                })
            }

            pub(super) async fn look<'a>(
                conn: &Connection,
                walk: impl Fn() -> Walk<'a>,
                page: &Stretch<'a>,
                whole: &Stretch<'a>,
            ) -> Result<Seen> {
                let (at, updated, id) = ($table::published_at, $table::content_updated_at, $table::$article);
                let along = |stretch: &Stretch<'a>| -> Fragment<'a> {
                    let entries = within(walk(), stretch);
                    match stretch.sort {
                        PublishedSort::Newest | PublishedSort::Oldest => Box::new(entries.select((at, id))),
                        // The index knows nothing of dates.
                        PublishedSort::Updated if stretch.filter.is_dated() => {
                            Box::new(entries.select((updated, id, at)))
                        }
                        PublishedSort::Updated => Box::new(entries.select((updated, id))),
                    }
                };
                let belonging = |stretch: &Stretch<'a>| {
                    let mut belongs = belongs(stretch);
                    if stretch.sort == PublishedSort::Updated {
                        dated!(belongs, stretch, at);
                    }
                    belongs
                };
                let end = |stretch: &Stretch<'a>| {
                    let last = within(walk(), stretch).offset((stretch.entries - 1).max(0));
                    let last = last.limit(stretch.entries.min(1));
                    Apart::of(array(match stretch.sort {
                        PublishedSort::Newest | PublishedSort::Oldest => last.select((at, id).into_sql::<Key>()),
                        PublishedSort::Updated => last.select((updated, id).into_sql::<Key>()),
                    }))
                };
                let look = |stretch: &Stretch<'a>| (look_at(along(stretch), belonging(stretch), stretch), end(stretch));
                read(conn, look(page), look(whole)).await
            }
        }
    };
}

looks!(all, published_articles, id);
looks!(by_section, published_article_sections, article_id);
looks!(by_tag, published_article_tags, article_id);
looks!(by_author, published_article_authors, article_id);

/// Breaking news: little at a time, and in no order that a list has. All of it is looked at.
mod breaking {
    use super::*;

    pub(super) async fn look<'a>(
        conn: &Connection,
        now: DateTime<Utc>,
        page: &Stretch<'a>,
        whole: &Stretch<'a>,
    ) -> Result<Seen> {
        use published_articles::{breaking_until, content_updated_at as updated, id, published_at as at};

        let breaking = || {
            let breaking = published_articles::table.filter(breaking_until.gt(now));
            breaking.order(breaking_until.desc())
        };
        let belonging = |stretch: &Stretch<'a>| {
            let mut belongs = all::belongs(stretch);
            dated!(belongs, stretch, at);
            match stretch.sort {
                PublishedSort::Newest => behind!(belongs, stretch, at, id, lt),
                PublishedSort::Oldest => behind!(belongs, stretch, at, id, gt),
                PublishedSort::Updated => behind!(belongs, stretch, updated, id, lt),
            }
        };
        let along = || Box::new(breaking().select((id, at, updated)));
        let end = |stretch: &Stretch<'a>| {
            let last = breaking()
                .offset((stretch.entries - 1).max(0))
                .limit(stretch.entries.min(1));
            Apart::of(array(last.select((at, id).into_sql::<Key>())))
        };
        let look = |stretch: &Stretch<'a>| (all::look_at(along(), belonging(stretch), stretch), end(stretch));
        read(conn, look(page), look(whole)).await
    }
}
