//! Walks along one index of the readers' copy.

use diesel::dsl::{array, cardinality};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Record, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use futures_util::TryStreamExt;
use futures_util::future::try_join3;
use uuid::Uuid;

use super::along::Along;
use super::belonging::belonging;
use super::{ListFilter, Position, PublishedSort};
use crate::db::published::cards::{CardColumns, CardData, card_columns};
use crate::db::published::ids::{First, any_of, unnest};
use crate::db::refs::{self, Refs};
use crate::db::schema::{
    authors, published_article_authors, published_article_sections, published_article_tags, published_articles,
    sections, site, tags,
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

impl Along {
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

    /// Cards of the first entries of a stretch that belong on the list, in no order, and how many of another do.
    pub(super) async fn cards(
        &self,
        conn: &Connection,
        page: &Stretch<'_>,
        whole: &Stretch<'_>,
    ) -> Result<(Vec<CardData>, i64)> {
        match self {
            Self::Section(id) => by_section::cards(conn, || by_section::of(*id), page, whole).await,
            Self::Tag(id) => by_tag::cards(conn, || by_tag::of(*id), page, whole).await,
            Self::Author(id) => by_author::cards(conn, || by_author::of(*id), page, whole).await,
            _ => all::cards(conn, || self.narrow(), page, whole).await,
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

/// Cards with these names, and with those that an article was given after they were asked for.
async fn named(conn: &Connection, cards: Vec<CardColumns>, mut refs: Refs) -> Result<Vec<CardData>> {
    let listed = || cards.iter().map(|card| &card.0.listing);
    let late_tags = listed()
        .flat_map(|listing| &listing.tags)
        .filter(|id| !refs.tags.contains_key(id));
    let late_authors = listed()
        .flat_map(|listing| &listing.authors)
        .filter(|id| !refs.authors.contains_key(id));
    let (late_tags, late_authors): (Vec<Uuid>, Vec<Uuid>) =
        (late_tags.copied().collect(), late_authors.copied().collect());
    let late = refs::load(conn, &[], &late_tags, &late_authors).await?;
    refs.tags.extend(late.tags);
    refs.authors.extend(late.authors);
    Ok(cards.into_iter().map(|card| CardData::new(card, &refs)).collect())
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
                let mut walk = within(walk, stretch);
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

            pub(super) async fn cards<'a>(
                conn: &Connection,
                walk: impl Fn() -> Walk<'a>,
                page: &Stretch<'a>,
                whole: &Stretch<'a>,
            ) -> Result<(Vec<CardData>, i64)> {
                let first = || First::of(found(walk(), page).select($table::$article), page.limit);
                let cards = async {
                    let mut conn = conn;
                    let cards = published_articles::table
                        .left_join(sections::table)
                        .inner_join(site::table.on(site::id.eq(1)))
                        .filter(published_articles::id.eq(any_of(first())))
                        .select(card_columns!());
                    let mut rows = cards.load_stream::<CardColumns>(&mut conn).await?;
                    let mut cards = Vec::with_capacity(usize::try_from(page.limit).unwrap_or_default());
                    while let Some(card) = rows.try_next().await? {
                        cards.push(card);
                    }
                    Ok(cards)
                };
                // Each name once takes a third of the time of each article's.
                let names = async {
                    let mut conn = conn;
                    let articles = || published_articles::table.filter(published_articles::id.eq(any_of(first())));
                    let their_tags = articles().select(unnest(published_articles::tag_ids));
                    let their_authors = articles().select(unnest(published_articles::author_ids));
                    let names = refs::tag_columns!()
                        .filter(tags::id.eq_any(their_tags))
                        .union_all(refs::author_columns!().filter(authors::id.eq_any(their_authors)));
                    let rows = names.load_stream::<refs::Row>(&mut conn).await?;
                    rows.try_collect::<Refs>().await
                };
                let total = async {
                    match whole.limit {
                        0 => Ok(0),
                        _ => {
                            let mut conn = conn;
                            let each = found(walk(), whole).limit(whole.limit).select(1.into_sql::<Integer>());
                            let total = cardinality::<Array<Integer>, _>(array(each));
                            diesel::select(total).get_result::<i32>(&mut conn).await
                        }
                    }
                };
                let (cards, names, total) = try_join3(cards, names, total).await?;
                Ok((named(conn, cards, names).await?, total.into()))
            }

            pub(super) async fn read<'a>(
                mut conn: &Connection,
                walk: impl Fn() -> Walk<'a>,
                page: &Stretch<'a>,
                whole: &Stretch<'a>,
            ) -> Result<(Vec<Position>, i64)> {
                let entries = array(keys(found(walk(), page).limit(page.limit), page.sort));
                let each = found(walk(), whole).limit(whole.limit).select(1.into_sql::<Integer>());
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
