//! From a query to the results of a page.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::try_join;
use uuid::Uuid;

use super::query::{Place, SearchAsked, Shown};
use crate::db::Connection;
use crate::db::published::cards::CardData;
use crate::db::published::search::{self, Part, RARE, Reading, Sought, Stretch, Wish};
use crate::domain::search::{Asked, Hit, correction, score};
use crate::error::Result;

/// Later than any date line.
const AHEAD: TimeDelta = TimeDelta::days(36_500);

/// A corrected word has other forms as well, which its own count does not count.
const FORMS: f64 = 3.0;

/// A page of results.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// The articles in their order, each with its snippet.
    pub cards: Vec<(CardData, String)>,
    pub scores: HashMap<Uuid, f64>,
    /// Where the results go on.
    pub next: Option<Place>,
    pub total: usize,
    /// Whether there may be more.
    pub capped: bool,
    /// What was probably meant.
    pub meant: Option<String>,
    pub searched_for: String,
}

/// What is searched for, and where.
struct Target {
    asked: Asked,
    stretch: Stretch,
}

/// Finds what was asked for.
///
/// # Errors
/// When the database fails.
pub(super) async fn find(conn: &Connection, search: &SearchAsked, now: DateTime<Utc>) -> Result<Findings> {
    let place = search.window.after.as_ref();
    let instead = place.and_then(|place| Asked::read(place.instead.as_deref()?).ok());
    let asked = instead.unwrap_or_else(|| search.asked.clone());
    let nothing = Findings {
        searched_for: asked.text().to_owned(),
        ..Findings::default()
    };
    let filter = search.filters.at(now);
    let latest = place.map_or(now + AHEAD, |place| place.edge.0);
    let wish = Wish {
        // One of several words being there says nothing of the others.
        spelling: place.is_none() && !asked.either(),
        newest: place.is_some_and(|place| place.shown.is_some_and(|shown| shown.since.is_some())),
        up_to: filter.published_before.map_or(latest, |before| before.min(latest)),
    };
    let (names, reading) = try_join(filter.names(conn), search::read(conn, &asked, wish)).await?;
    let Some(reading) = reading.filter(|_| !filter.fits_none(&names)) else {
        return Ok(nothing);
    };
    let corrected = corrected(&asked, &reading);
    let target = Target {
        stretch: stretch(place, &reading),
        asked,
    };
    let (part, meant) = match &corrected {
        None => {
            let part = search::search(conn, sought(&target, &reading), &filter, &target.stretch).await?;
            (part, None)
        }
        Some(corrected) => {
            let first = (sought(&target, &reading), &target.stretch);
            let second = (sought(corrected, &reading), &corrected.stretch);
            let (part, other) = search::search_both(conn, first, second, &filter).await?;
            // What finds nothing was not meant: and so no word is ever named that no published article holds.
            (part, Some(other).filter(|other| !other.hits.is_empty()))
        }
    };
    match (meant, corrected) {
        (Some(other), Some(corrected)) => {
            let meant = Some(corrected.asked.text().to_owned());
            let nothing_else = part.hits.is_empty() && part.next.is_none();
            let (part, target) = if nothing_else {
                (other, corrected)
            } else {
                (part, target)
            };
            show(conn, search, now, (part, &target, &reading))
                .await
                .map(|found| Findings { meant, ..found })
        }
        _ => show(conn, search, now, (part, &target, &reading)).await,
    }
}

fn sought<'a>(target: &'a Target, reading: &'a Reading) -> Sought<'a> {
    Sought {
        asked: &target.asked,
        configurations: &reading.configurations,
        ordered: reading.ordered,
    }
}

/// The stretch that the page belongs to.
fn stretch(place: Option<&Place>, reading: &Reading) -> Stretch {
    let shown = place.and_then(|place| place.shown);
    let newest = match shown {
        Some(shown) => shown.since.is_some(),
        None => reading.frequency > f64::from(RARE),
    };
    let stretch = Stretch {
        after: place.map(|place| place.edge),
        from_top: shown.is_some(),
        weeks: reading.weeks.clone().filter(|_| newest),
    };
    match shown.and_then(|shown| shown.since) {
        Some(since) => stretch.since(since),
        None => stretch,
    }
}

/// The query with what its words were probably meant to be, if any was meant to be another.
fn corrected(asked: &Asked, reading: &Reading) -> Option<Target> {
    let meant: HashMap<&str, _> = reading
        .near
        .iter()
        .filter_map(|spelling| Some((spelling.given.as_str(), correction(spelling)?)))
        .collect();
    let rarest = meant.values().map(|word| word.articles).min()?;
    let rarest = f64::from(i32::try_from(rarest).unwrap_or(i32::MAX)) * FORMS;
    Some(Target {
        asked: asked.with(|word| Some(meant.get(word)?.word.clone())),
        stretch: Stretch {
            after: None,
            from_top: false,
            weeks: reading.weeks.clone().filter(|_| rarest > f64::from(RARE)),
        },
    })
}

/// The page of a stretch that was asked for.
async fn show(
    conn: &Connection,
    search: &SearchAsked,
    now: DateTime<Utc>,
    (part, target, reading): (Part, &Target, &Reading),
) -> Result<Findings> {
    let place = search.window.after.as_ref();
    let as_of = place.map_or(now, |place| place.as_of);
    let hit = |(id, published_at, rank)| Hit {
        id,
        published_at,
        score: score(rank, published_at, as_of),
    };
    let mut hits: Vec<Hit<Uuid>> = part.hits.into_iter().map(hit).collect();
    hits.sort_unstable_by(Hit::order);
    let shown = place.and_then(|place| place.shown).map_or(0, |shown| shown.results);
    let end = shown.saturating_add(usize::try_from(search.window.limit).unwrap_or(usize::MAX));
    let on_page = hits.iter().skip(shown).take(end - shown);
    let ids: Vec<Uuid> = on_page.clone().map(|hit| hit.id).collect();
    let scores = on_page.map(|hit| (hit.id, hit.score)).collect();
    let before = place.map_or(0, |place| place.before);
    let instead = (target.asked != search.asked).then(|| target.asked.text().to_owned());
    let goes_on = |edge, shown, before| Place {
        as_of,
        edge,
        shown,
        before,
        instead: instead.clone(),
    };
    let top = match place {
        Some(place) if place.shown.is_some() => Some(place.edge),
        _ => part.top,
    };
    let next = match top {
        Some(top) if end < hits.len() => {
            let since = target.stretch.begins();
            let shown = Some(Shown { results: end, since });
            Some(goes_on(top, shown, before))
        }
        _ => part.next.map(|edge| goes_on(edge, None, before + hits.len())),
    };
    Ok(Findings {
        cards: search::found(conn, &ids, sought(target, reading)).await?,
        scores,
        next,
        total: before + hits.len(),
        capped: part.next.is_some(),
        meant: None,
        searched_for: target.asked.text().to_owned(),
    })
}
