//! The newest articles of sections, and on what an answer that shows them depends.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures_util::future::try_join;
use uuid::Uuid;

use super::Section;
use crate::api::delivery::cards::{ArticleCard, card_tags, count_tags, next_change};
use crate::app::Shared;
use crate::db::published::lists::newest_of_sections;
use crate::db::sections::CountedSection;
use crate::db::{self, Connection};
use crate::domain::check::FieldError;
use crate::domain::id_or_slug::IdOrSlug;
use crate::error::{Code, Error, Result};

/// The most articles that a section shows.
const MAX_LATEST: u32 = 20;
/// The most that sections show together, but for one each.
const TOGETHER: usize = 1000;

pub fn latest(given: Option<u32>) -> Result<u32> {
    let latest = given.unwrap_or(0);
    if latest > MAX_LATEST {
        let problem = FieldError::parameter("latest", "out_of_range", format!("must be 0 to {MAX_LATEST}"));
        return Err(Error::parameter(Code::InvalidParameter, problem));
    }
    Ok(latest)
}

/// The newest articles of sections, by section.
pub type Newest = HashMap<Uuid, Vec<Uuid>>;

/// The tree's rows, and the `latest` newest articles of one section or of each: one journey.
pub async fn rows(conn: &Connection, of: Option<&IdOrSlug>, latest: u32) -> Result<(Vec<CountedSection>, Newest)> {
    let newest = async {
        match latest {
            0 => Ok(Newest::new()),
            _ => newest_of_sections(conn, of, latest).await,
        }
    };
    Ok(try_join(db::sections::all(conn), newest).await?)
}

/// Gives each section its newest articles. Answers when the first of them will look different by itself.
pub async fn show_latest(
    conn: &Connection,
    sections: &mut [Section],
    newest: &Newest,
    app: &Shared,
) -> Result<Option<DateTime<Utc>>> {
    let all = sections.iter().filter_map(|section| newest.get(&section.id));
    let each = match all.map(Vec::len).sum() {
        ..=TOGETHER => usize::MAX,
        _ => (TOGETHER / sections.len()).max(1),
    };
    let newest_of = |section: &Section| newest.get(&section.id).into_iter().flatten().take(each);
    let mut wanted: Vec<Uuid> = sections.iter().flat_map(newest_of).copied().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let cards = db::published::cards::load(conn, &wanted, &[]).await?;
    let now = app.clock.now();
    let until = next_change(&cards, now);
    let cards = ArticleCard::all(cards, &app.config.site, now);
    let cards: HashMap<Uuid, ArticleCard> = cards.into_iter().map(|card| (card.id, card)).collect();
    for section in sections {
        section.latest = newest_of(section).filter_map(|id| cards.get(id).cloned()).collect();
    }
    Ok(until)
}

/// When one of these sections or of the articles they show last changed.
pub fn last_change(changed: Option<DateTime<Utc>>, sections: &[Section]) -> Option<DateTime<Utc>> {
    let cards = sections.iter().flat_map(|section| &section.latest);
    cards.map(|card| card.content_updated_at).chain(changed).max()
}

/// What the counts on these sections' cards depend on.
pub fn untold(sections: &[Section]) -> Vec<String> {
    sections
        .iter()
        .flat_map(|section| count_tags(&section.latest))
        .collect()
}

/// What an answer that shows these sections depends on.
pub fn cache_tags(sections: &[Section]) -> Vec<String> {
    let own = sections.iter().map(|section| format!("section:{}", section.id));
    let cards = sections.iter().flat_map(|section| card_tags(&section.latest));
    // `sections`, because a section shows what the one above it is called.
    let mut tags: Vec<String> = own.chain(cards).chain(["sections".to_owned()]).collect();
    tags.sort_unstable();
    tags.dedup();
    tags
}
