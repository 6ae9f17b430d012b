//! From a query to the results of a page.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::try_join;

use super::query::{Place, SearchAsked, Shown};
use crate::db::Connection;
use crate::db::published::search::{self, Found, Part, RARE, Reading, Slice, Sought, Stretch, Wish};
use crate::domain::search::{Asked, correction};
use crate::error::Result;

/// Later than any date line.
const AHEAD: TimeDelta = TimeDelta::days(36_500);

/// A corrected word has other forms as well, which its own count does not count.
const FORMS: f64 = 3.0;

/// A page of results.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub results: Vec<Found>,
    /// Where the results go on.
    pub next: Option<Place>,
    pub total: u32,
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
    let slice = Slice {
        as_of: place.map_or(now, |place| place.as_of),
        behind: place.and_then(|place| place.shown).map_or(0, |shown| shown.results),
        limit: search.window.limit,
    };
    let searched = async |target: &Target| {
        let sought = Sought {
            asked: &target.asked,
            configurations: &reading.configurations,
            ordered: reading.ordered,
        };
        search::search(conn, sought, &filter, &target.stretch, slice).await
    };
    let part = searched(&target);
    let Some(corrected) = &corrected else {
        return Ok(findings(search, slice, &target, part.await?));
    };
    let (part, other) = try_join(part, searched(corrected)).await?;
    // What finds nothing was not meant: and so no word is ever named that no published article holds.
    let meant = (other.total > 0).then(|| corrected.asked.text().to_owned());
    let instead = meant.is_some() && part.total == 0 && part.next.is_none();
    let found = match instead {
        true => findings(search, slice, corrected, other),
        false => findings(search, slice, &target, part),
    };
    Ok(Findings { meant, ..found })
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

/// The page of a stretch.
fn findings(search: &SearchAsked, slice: Slice, target: &Target, part: Part) -> Findings {
    let place = search.window.after.as_ref();
    let end = slice.behind.saturating_add(slice.limit);
    let before = place.map_or(0, |place| place.before);
    let instead = (target.asked != search.asked).then(|| target.asked.text().to_owned());
    let goes_on = |edge, shown, before| Place {
        as_of: slice.as_of,
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
        Some(top) if end < part.total => {
            let since = target.stretch.begins();
            let shown = Some(Shown { results: end, since });
            Some(goes_on(top, shown, before))
        }
        _ => part.next.map(|edge| goes_on(edge, None, before + part.total)),
    };
    Findings {
        results: part.results,
        next,
        total: before + part.total,
        capped: part.next.is_some(),
        meant: None,
        searched_for: target.asked.text().to_owned(),
    }
}
