//! Which published articles a list shows, and in which order.
//!
//! Every list walks along one index, whose entries are in the list's order, and stops when the page is full. When the
//! index answers the whole question, a page costs the same at any depth. Otherwise each entry is looked at, and a page
//! looks at no more than a `STRETCH`: it may end with fewer articles than asked for, but never reads on and on. Where
//! the stretch ends is asked first, by the index alone, so that nothing else that is asked can lengthen it.

mod along;
pub(super) mod belonging;
mod walk;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::array;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use self::along::Along;
use self::walk::Stretch;
use crate::db::published::cards::{self, CardData, CardRow};
use crate::db::published::detail::Named;
use crate::db::schema::{published_article_sections, sections};
use crate::db::{Connection, Result};
use crate::domain::text_enum;

/// How many entries of its index a page looks at, at most, when not every entry belongs on it. Each may be read twice, to
/// find the end of the stretch and to look at it, so that with [`FEW`] a page reads 5,000 at most.
const STRETCH: i64 = 2_000;

/// Breaking news is looked at one by one while there is less of it than this.
const FEW: i64 = 1_000;

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

/// Which articles a list shows. What is `None` or empty is not asked for.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    /// In one of these sections or below it.
    pub sections: Option<Vec<Uuid>>,
    /// With one of these tags.
    pub tags: Option<Vec<Uuid>>,
    /// With each of these tags.
    pub tags_all: Vec<Uuid>,
    /// By one of these authors.
    pub authors: Option<Vec<Uuid>>,
    pub kickers: Option<Vec<String>>,
    pub languages: Option<Vec<String>>,
    pub featured: Option<bool>,
    /// Whether it is breaking news at this instant.
    pub breaking: Option<(bool, DateTime<Utc>)>,
    /// Not before this date line.
    pub published_from: Option<DateTime<Utc>>,
    /// Before this date line.
    pub published_before: Option<DateTime<Utc>>,
    pub exclude: Vec<Uuid>,
}

impl ListFilter {
    /// Whether it asks for nothing but dates and other articles than some.
    fn is_none(&self) -> bool {
        self.sections.is_none()
            && self.tags.is_none()
            && self.tags_all.is_empty()
            && self.authors.is_none()
            && self.kickers.is_none()
            && self.languages.is_none()
            && self.featured.is_none()
            && self.breaking.is_none()
    }

    fn is_dated(&self) -> bool {
        self.published_from.is_some() || self.published_before.is_some()
    }
}

/// Part of a list.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub cards: Vec<CardData>,
    /// Where the list goes on, if it does.
    pub next: Option<Position>,
    /// When it was to be counted.
    pub counted: Option<Counted>,
}

/// How many a list shows.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    pub total: i64,
    /// Whether there may be more.
    pub capped: bool,
}

/// A page: `limit` of the articles after the position `after`. With `count_to` also how many the whole list shows, looking
/// at so many entries of its index. One journey when the index answers the whole question, else three; one more for
/// breaking news.
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
    let along = Along::choose(conn, filter, sort).await?;
    let asking = along.left_to_ask(filter);
    let mut page = Stretch {
        filter,
        asking: &asking,
        sort,
        after,
        until: None,
        entries: STRETCH,
        limit: i64::from(limit) + 1,
    };
    let mut whole = Stretch {
        after: None,
        entries: count_to.unwrap_or(0),
        limit: count_to.map_or(0, |most| most + 1),
        ..page
    };
    let answers = asking.is_none() && !(filter.is_dated() && sort == PublishedSort::Updated);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (cards, next, total) = if answers {
        let (mut cards, total) = along.cards(conn, &page, &whole).await?;
        sort.arrange(&mut cards);
        let goes_on = cards.len() > limit;
        cards.truncate(limit);
        let last = cards.last().filter(|_| goes_on);
        let next = last.map(|card| sort.position(&card.article));
        (cards, next, total)
    } else {
        // Each entry is looked at once.
        if !along.is_short() {
            (page.until, whole.until) = along.ends(conn, &page, &whole).await?;
        }
        let (mut entries, total) = along.read(conn, &page, &whole).await?;
        let goes_on = entries.len() > limit;
        entries.truncate(limit);
        let next = if goes_on { entries.last().copied() } else { page.until };
        let articles: Vec<Uuid> = entries.into_iter().map(|(_, id)| id).collect();
        (cards::load(conn, &articles, &[]).await?, next, total)
    };
    let counted = count_to.map(|most| Counted {
        total: total.min(most),
        capped: whole.until.is_some() || total > most,
    });
    Ok(Found { cards, next, counted })
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
    of: Option<Named<'_>>,
    limit: u32,
) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    use published_article_sections as listed;

    let all = sections::table.into_boxed();
    let those = match of {
        None => all,
        Some(Named::Id(id)) => all.filter(sections::id.eq(id)),
        Some(Named::Slug(slug)) => all.filter(sections::slug.eq(slug)),
    };
    let newest = listed::table
        .filter(listed::section_id.eq(sections::id))
        .order((listed::published_at.desc(), listed::article_id.desc()))
        .limit(limit.into())
        .select(listed::article_id);
    let rows: Vec<(Uuid, Vec<Uuid>)> = those.select((sections::id, array(newest))).load(&mut conn).await?;
    Ok(rows.into_iter().collect())
}
