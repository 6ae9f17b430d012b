//! Which published articles a list shows, and in which order.
//!
//! Every list walks along one index, whose entries are in the list's order, and stops when the page is full. When the
//! index answers the whole question, a page costs the same at any depth. Otherwise each entry is looked at, and a page
//! looks at no more than a `STRETCH`: it may end with fewer articles than asked for, but never reads on and on.

mod along;
pub(super) mod belonging;
pub(super) mod belongs;
mod filter;
mod look;
mod seen;
mod walk;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::array;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::try_join;
use uuid::Uuid;

use self::along::Along;
pub use self::filter::ListFilter;
use self::seen::Seen;
use self::walk::Stretch;
use crate::db::published::cards::{CardData, CardRow};
use crate::db::published::names::Names;
use crate::db::schema::{published_article_sections, sections};
use crate::db::{Connection, Result};
use crate::domain::id_or_slug::IdOrSlug;
use crate::domain::text_enum;

/// How many entries of its index a page looks at, at most, when not every entry belongs on it. Each may be read twice, to
/// find the end of the stretch and to look at it, so that with [`FEW`] a page reads 5,000 at most.
const STRETCH: i64 = 2_000;

/// The same when a list of names may turn out to be about one thing: then another stretch is looked at.
const STRETCH_OF_TWO: i64 = 1_200;

/// All breaking news is looked at while there is less of it than this.
const FEW: i64 = 500;

text_enum! {
    /// The order of a list.
    #[derive(Default)]
    pub enum PublishedSort {
        /// Newest date line first.
        #[default]
        Newest = "-published_at",
        /// Oldest date line first.
        Oldest = "published_at",
        /// Last difference that readers could see first.
        Updated = "-content_updated_at",
    }
}

/// Where an article stands in a list: its instant in the list's order, and its id.
pub type Position = (DateTime<Utc>, Uuid);

/// Part of a list.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub cards: Vec<CardData>,
    /// Where the list goes on, if it does.
    pub next: Option<Position>,
    /// When it was to be counted.
    pub counted: Option<Counted>,
    /// What the filter's slugs name.
    pub names: Names,
}

/// How many a list shows.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    pub total: i64,
    /// Whether there may be more.
    pub capped: bool,
}

/// A page: `limit` of the articles after the position `after`. With `count_to` also how many the whole list shows, looking
/// at so many entries of its index. One journey when the index answers the whole question, else two; one more when a list of
/// names turns out to be about one thing.
///
/// # Errors
/// When the database fails.
pub async fn page(
    conn: &Connection,
    filter: &ListFilter,
    sort: PublishedSort,
    after: Option<Position>,
    limit: u32,
    count_to: Option<i64>,
) -> Result<Found> {
    let asked = Asked {
        filter,
        sort,
        after,
        limit: i64::from(limit) + 1,
        count_to,
    };
    let along = Along::choose(filter, sort);
    if along.answers(filter, sort) {
        let ((cards, total), names) = try_join(asked.cards(conn, &along), filter.names(conn)).await?;
        return Ok(Found {
            counted: asked.counted(total, false),
            ..asked.cut(cards, None, names)
        });
    }
    let (mut seen, names) = try_join(asked.look(conn, &along), filter.names(conn)).await?;
    if filter.fits_none(&names) {
        seen = Seen::default();
    } else if let Some(filter) = &filter.narrowed(&names) {
        let narrower = Along::choose(filter, sort);
        if narrower != along {
            seen = Asked { filter, ..asked }.look(conn, &narrower).await?;
        }
    }
    Ok(Found {
        counted: asked.counted(seen.total, seen.whole_end.is_some()),
        ..asked.cut(seen.cards, seen.end, names)
    })
}

/// What is asked of a list.
#[derive(Clone, Copy)]
struct Asked<'a> {
    filter: &'a ListFilter,
    sort: PublishedSort,
    after: Option<Position>,
    /// One more than belong on the page, to see whether it goes on.
    limit: i64,
    count_to: Option<i64>,
}

impl Asked<'_> {
    /// The cards of a page, in no order, and how many the list shows.
    async fn cards(&self, conn: &Connection, along: &Along) -> Result<(Vec<CardData>, i64)> {
        let nothing = ListFilter::default();
        let (page, whole) = self.stretches(&nothing, STRETCH, self.count_to.unwrap_or(0));
        along.cards(conn, &page, &whole).await
    }

    /// What of the list is seen along an index.
    async fn look(&self, conn: &Connection, along: &Along) -> Result<Seen> {
        let asking = along.left_to_ask(self.filter);
        if let Along::Breaking(_) = along {
            let (page, whole) = self.stretches(&asking, FEW, self.count_to.map_or(0, |_| FEW));
            let seen = along.look(conn, &page, &whole).await?;
            return match seen.end {
                None => Ok(seen),
                // There is so much of it that it can be walked by.
                Some(_) => Box::pin(self.look(conn, &Along::index(self.filter, self.sort))).await,
            };
        }
        let entries = if self.filter.has_lists_of_names() {
            STRETCH_OF_TWO
        } else {
            STRETCH
        };
        let (page, whole) = self.stretches(&asking, entries, self.count_to.unwrap_or(0));
        along.look(conn, &page, &whole).await
    }

    /// The stretch that the page is on, and that in which is counted.
    fn stretches<'a>(&'a self, asking: &'a ListFilter, entries: i64, counted: i64) -> (Stretch<'a>, Stretch<'a>) {
        let page = Stretch {
            filter: self.filter,
            asking,
            sort: self.sort,
            after: self.after,
            entries,
            limit: self.limit,
        };
        let whole = Stretch {
            after: None,
            entries: counted,
            limit: self.count_to.map_or(0, |most| most + 1),
            ..page
        };
        (page, whole)
    }

    /// The page that these cards make, and where the list goes on: behind it, or when they do not fill it behind `end`.
    fn cut(&self, mut cards: Vec<CardData>, end: Option<Position>, names: Names) -> Found {
        self.sort.arrange(&mut cards);
        let most = usize::try_from(self.limit - 1).unwrap_or_default();
        let goes_on = cards.len() > most;
        cards.truncate(most);
        let last = cards.last().filter(|_| goes_on);
        Found {
            next: last.map(|card| self.sort.position(&card.article)).or(end),
            cards,
            counted: None,
            names,
        }
    }

    fn counted(&self, total: i64, ends_before: bool) -> Option<Counted> {
        let counted = |most: i64| Counted {
            total: total.min(most),
            capped: ends_before || total > most,
        };
        self.count_to.map(counted)
    }
}

impl PublishedSort {
    fn position(self, article: &CardRow) -> Position {
        match self {
            Self::Newest | Self::Oldest => (article.published_at, article.id),
            Self::Updated => (article.content_updated_at, article.id),
        }
    }

    fn arrange(self, cards: &mut [CardData]) {
        cards.sort_by_key(|card| self.position(&card.article));
        if self != Self::Oldest {
            cards.reverse();
        }
    }
}

/// The newest `limit` articles of a section, or of each, those below it included: one statement, one walk a section.
///
/// # Errors
/// When the database fails.
pub async fn newest_of_sections(
    mut conn: &Connection,
    of: Option<&IdOrSlug>,
    limit: u32,
) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    use published_article_sections as listed;

    let all = sections::table.into_boxed();
    let those = match of {
        None => all,
        Some(IdOrSlug::Id(id)) => all.filter(sections::id.eq(id)),
        Some(IdOrSlug::Slug(slug)) => all.filter(sections::slug.eq(slug)),
    };
    let newest = listed::table
        .filter(listed::section_id.eq(sections::id))
        .order((listed::published_at.desc(), listed::article_id.desc()))
        .limit(limit.into())
        .select(listed::article_id);
    let rows: Vec<(Uuid, Vec<Uuid>)> = those.select((sections::id, array(newest))).load(&mut conn).await?;
    Ok(rows.into_iter().collect())
}
