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
use super::{ListFilter, Position, PublishedSort};
use crate::db::published::cards::{CardColumns, CardData, card_columns};
use crate::db::published::ids::{any_of, first, unnest};
use crate::db::published::names::id_of;
use crate::db::refs::{self, Refs};
use crate::db::schema::{
    authors, published_article_authors, published_article_sections, published_article_tags, published_articles,
    sections, site, tags,
};
use crate::db::{Connection, Result};
use crate::domain::id_or_slug::IdOrSlug;
use crate::domain::taxonomy::Taxonomy;

/// Part of a walk.
#[derive(Clone, Copy)]
pub(super) struct Stretch<'a> {
    pub(super) filter: &'a ListFilter,
    /// What of the filter is to be asked of each entry.
    pub(super) asking: &'a ListFilter,
    pub(super) sort: PublishedSort,
    /// Begins behind this entry.
    pub(super) after: Option<Position>,
    /// Holds so many entries at most; none to pass over it.
    pub(super) entries: i64,
    /// Stops when so many were found that belong on the list.
    pub(super) limit: i64,
}

impl Along {
    /// Cards of the first entries of a stretch, in no order, and how many another has. Of neither is anything to be asked.
    pub(super) async fn cards(
        &self,
        conn: &Connection,
        page: &Stretch<'_>,
        whole: &Stretch<'_>,
    ) -> Result<(Vec<CardData>, i64)> {
        match self {
            Self::Section(named) => by_section::cards(conn, || by_section::of(named), page, whole).await,
            Self::Tag(named) => by_tag::cards(conn, || by_tag::of(named), page, whole).await,
            Self::Author(named) => by_author::cards(conn, || by_author::of(named), page, whole).await,
            _ => all::cards(conn, || self.narrow(), page, whole).await,
        }
    }

    pub(super) fn narrow(&self) -> published_articles::BoxedQuery<'_, Pg> {
        let all = published_articles::table.into_boxed();
        match self {
            Self::Kicker(kicker) => all.filter(published_articles::kicker.eq(kicker)),
            Self::Language(language) => all.filter(published_articles::language.eq(language)),
            Self::Featured => all.filter(published_articles::featured),
            Self::Everything | Self::Section(_) | Self::Tag(_) | Self::Author(_) | Self::Breaking(_) => all,
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

pub(super) type Key = Record<(Timestamptz, SqlUuid)>;

/// Narrows something to what is behind a place. `$behind` leads away from the list's start.
macro_rules! behind {
    ($narrowed:expr, $stretch:ident, $at:expr, $id:expr, $behind:ident) => {
        match $stretch.after {
            Some(after) => $narrowed.filter(($at, $id).into_sql::<Key>().$behind(after)),
            None => $narrowed,
        }
    };
}

/// Narrows something to the dates that are asked for.
macro_rules! dated {
    ($narrowed:ident, $stretch:ident, $at:expr) => {
        if let Some(from) = $stretch.filter.published_from {
            $narrowed = $narrowed.filter($at.ge(from));
        }
        if let Some(before) = $stretch.filter.published_before {
            $narrowed = $narrowed.filter($at.lt(before));
        }
    };
}

pub(super) use {behind, dated};

/// Walks over one table, whose entries name an article and its two instants.
macro_rules! walks {
    ($room:ident, $table:ident, $article:ident $(, $owner:ident $kind:ident)?) => {
        pub(super) mod $room {
            use super::*;

            pub(in super::super) type Walk<'a> = $table::BoxedQuery<'a, Pg>;

            $(
                pub(in super::super) fn of(named: &IdOrSlug) -> Walk<'_> {
                    $table::table.filter($table::$owner.eq(id_of(Taxonomy::$kind, named))).into_boxed()
                }
            )?

            /// The entries of a stretch, in the list's order: what the index alone can tell.
            pub(in super::super) fn within<'a>(mut walk: Walk<'a>, stretch: &Stretch<'a>) -> Walk<'a> {
                let (at, updated, id) = ($table::published_at, $table::content_updated_at, $table::$article);
                if stretch.sort != PublishedSort::Updated {
                    dated!(walk, stretch, at);
                }
                match stretch.sort {
                    PublishedSort::Newest => behind!(walk, stretch, at, id, lt).order((at.desc(), id.desc())),
                    PublishedSort::Oldest => behind!(walk, stretch, at, id, gt).order((at.asc(), id.asc())),
                    PublishedSort::Updated => {
                        behind!(walk, stretch, updated, id, lt).order((updated.desc(), id.desc()))
                    }
                }
            }

            pub(super) async fn cards<'a>(
                conn: &Connection,
                walk: impl Fn() -> Walk<'a>,
                page: &Stretch<'a>,
                whole: &Stretch<'a>,
            ) -> Result<(Vec<CardData>, i64)> {
                let found = |stretch: &Stretch<'a>| {
                    let walk = within(walk(), stretch);
                    match &*stretch.filter.exclude {
                        [] => walk,
                        others => walk.filter($table::$article.ne_all(others)),
                    }
                };
                let ids = || first(found(page).select($table::$article), page.limit);
                let cards = async {
                    let mut conn = conn;
                    let cards = published_articles::table
                        .left_join(sections::table)
                        .inner_join(site::table.on(site::id.eq(1)))
                        .filter(published_articles::id.eq(any_of(ids())))
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
                    let articles = || published_articles::table.filter(published_articles::id.eq(any_of(ids())));
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
                            let each = found(whole).limit(whole.limit).select(1.into_sql::<Integer>());
                            let total = cardinality::<Array<Integer>, _>(array(each));
                            diesel::select(total).get_result::<i32>(&mut conn).await
                        }
                    }
                };
                let (cards, names, total) = try_join3(cards, names, total).await?;
                Ok((named(conn, cards, names).await?, total.into()))
            }
        }
    };
}

walks!(all, published_articles, id);
walks!(by_section, published_article_sections, article_id, section_id Section);
walks!(by_tag, published_article_tags, article_id, tag_id Tag);
walks!(by_author, published_article_authors, article_id, author_id Author);
