//! What is seen of a list whose index does not answer the whole question: each entry of a stretch is looked at.

use chrono::{DateTime, Utc};
use diesel::dsl::{array, cardinality};
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer};
use diesel_async::RunQueryDsl;

use super::along::Along;
use super::belonging::belonging;
use super::belongs::Belongs;
use super::look::Look;
use super::walk::{self, Key, Stretch, behind, dated};
use super::{Position, PublishedSort};
use crate::db::published::apart::{Apart, Fragment};
use crate::db::schema::{
    published_article_authors, published_article_sections, published_article_tags, published_articles,
};
use crate::db::{Connection, Result};

/// What is seen of two stretches, that of a page and that of the whole list.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The first of the page's that belong on the list.
    pub(super) found: Vec<Position>,
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

type SeenColumns = (Vec<Position>, Vec<Position>, i32, Vec<Position>);

impl From<SeenColumns> for Seen {
    fn from((found, end, total, whole_end): SeenColumns) -> Self {
        Self {
            found,
            end: end.into_iter().next(),
            total: total.into(),
            whole_end: whole_end.into_iter().next(),
        }
    }
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
            pub(super) fn look_at<'a, Item>(
                along: Fragment<'a>,
                belongs: Belongs<'a, $table::table>,
                stretch: &Stretch<'a>,
                select: Fragment<'a>,
            ) -> Apart<'a, Array<Item>> {
                let (at, updated, id) = ($table::published_at, $table::content_updated_at, $table::$article);
                Apart::of(Look::<$table::table> {
                    along,
                    entries: stretch.entries,
                    table: stringify!($table),
                    belongs,
                    select,
                    order: match stretch.sort {
                        PublishedSort::Newest => Box::new((at.desc(), id.desc())),
                        PublishedSort::Oldest => Box::new((at.asc(), id.asc())),
                        PublishedSort::Updated => Box::new((updated.desc(), id.desc())),
                    },
                    most: stretch.limit,
                })
            }

            pub(super) async fn look<'a>(
                mut conn: &Connection,
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
                let keys = |stretch: &Stretch<'a>| -> Fragment<'a> {
                    match stretch.sort {
                        PublishedSort::Newest | PublishedSort::Oldest => Box::new((at, id).into_sql::<Key>()),
                        PublishedSort::Updated => Box::new((updated, id).into_sql::<Key>()),
                    }
                };
                let end = |stretch: &Stretch<'a>| {
                    let last = within(walk(), stretch).offset((stretch.entries - 1).max(0));
                    let last = last.limit(stretch.entries.min(1));
                    array(match stretch.sort {
                        PublishedSort::Newest | PublishedSort::Oldest => last.select((at, id).into_sql::<Key>()),
                        PublishedSort::Updated => last.select((updated, id).into_sql::<Key>()),
                    })
                };
                let found: Apart<'_, Array<Key>> = look_at(along(page), belonging(page), page, keys(page));
                let each: Apart<'_, Array<Integer>> = look_at(
                    along(whole),
                    belonging(whole),
                    whole,
                    Box::new(1.into_sql::<Integer>()),
                );
                let total = cardinality::<Array<Integer>, _>(each);
                let seen = diesel::select((found, end(page), total, end(whole)));
                seen.get_result::<SeenColumns>(&mut conn).await.map(Seen::from)
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
        mut conn: &Connection,
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
        let keys: Fragment<'a> = match page.sort {
            PublishedSort::Newest | PublishedSort::Oldest => Box::new((at, id).into_sql::<Key>()),
            PublishedSort::Updated => Box::new((updated, id).into_sql::<Key>()),
        };
        let found: Apart<'_, Array<Key>> = all::look_at(along(), belonging(page), page, keys);
        let each: Apart<'_, Array<Integer>> =
            all::look_at(along(), belonging(whole), whole, Box::new(1.into_sql::<Integer>()));
        let total = cardinality::<Array<Integer>, _>(each);
        let end = |stretch: &Stretch<'a>| {
            let last = breaking()
                .offset((stretch.entries - 1).max(0))
                .limit(stretch.entries.min(1));
            array(last.select((at, id).into_sql::<Key>()))
        };
        let seen = diesel::select((found, end(page), total, end(whole)));
        seen.get_result::<SeenColumns>(&mut conn).await.map(Seen::from)
    }
}
