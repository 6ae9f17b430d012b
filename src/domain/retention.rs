//! How long history is kept: what somebody may still want to see, and no heap of drafts.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// How many of an article's newest revisions are kept, whatever their age. Those that a program saved do not count.
pub const KEPT_REVISIONS: i32 = 50;
/// How long a revision that a program saved is kept.
pub const AUTOSAVES: TimeDelta = TimeDelta::days(1);
/// How long a preview link is remembered after its end.
pub const PREVIEW_LINKS: TimeDelta = TimeDelta::days(30);
/// How long the answer to a request with a key is kept.
pub const ANSWERS: TimeDelta = TimeDelta::hours(24);

/// The hour of the night at which things are tidied up.
const HOUR: u32 = 3;

/// A revision, as far as its age decides.
#[derive(Clone, Copy, Debug)]
pub struct Aged {
    pub number: i32,
    pub autosave: bool,
    pub created_at: DateTime<Utc>,
}

/// The revisions of an article that can go. Never a `pinned` one: the newest, what readers have or ever had, what waits
/// for review, for its time, or behind a preview link. Of what people saved before the last fifty, the last of each day
/// stays.
#[must_use]
pub fn superfluous(revisions: &[Aged], pinned: &HashSet<i32>, now: DateTime<Utc>) -> Vec<i32> {
    let mut newest_first = revisions.to_vec();
    newest_first.sort_unstable_by_key(|revision| std::cmp::Reverse(revision.number));
    let (mut saved, mut days) = (0, HashSet::<NaiveDate>::new());
    let mut gone = Vec::new();
    for revision in newest_first {
        let stays = if revision.autosave {
            revision.created_at + AUTOSAVES > now
        } else {
            saved += 1;
            // Both are asked, so that a day whose last revision is among the newest is done with.
            let last_of_its_day = days.insert(revision.created_at.date_naive());
            saved <= KEPT_REVISIONS || last_of_its_day
        };
        if !stays && !pinned.contains(&revision.number) {
            gone.push(revision.number);
        }
    }
    gone
}

/// The last time that it was the hour for tidying up, where the paper is made.
#[must_use]
pub fn last_night(now: DateTime<Utc>, timezone: Tz) -> DateTime<Utc> {
    let today = now.with_timezone(&timezone).date_naive();
    let at_night = |day: NaiveDate| {
        let local = day.and_hms_opt(HOUR, 0, 0)?;
        // An hour that the clocks skip is over when the next one begins.
        let instant = timezone.from_local_datetime(&local).earliest();
        instant.map(|instant| instant.with_timezone(&Utc))
    };
    let nights = [
        Some(today),
        today.pred_opt(),
        today.pred_opt().and_then(|day| day.pred_opt()),
    ];
    let mut past = nights
        .into_iter()
        .flatten()
        .filter_map(at_night)
        .filter(|night| *night <= now);
    past.next().unwrap_or(now - TimeDelta::days(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64, minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(day * 86_400 + minute * 60, 0).expect("an instant")
    }

    fn saved(number: i32, day: i64) -> Aged {
        Aged {
            number,
            autosave: false,
            created_at: at(day, i64::from(number)),
        }
    }

    #[test]
    fn the_last_fifty_stay_and_of_the_others_the_last_of_each_day() {
        // Ten on the first day, ten on the second, fifty on the third.
        let all: Vec<Aged> = (1..=70)
            .map(|number| saved(number, i64::from((number - 1) / 10).min(2)))
            .collect();
        let gone = superfluous(&all, &HashSet::from([3]), at(4, 0));
        let stay: Vec<i32> = (1..=70).filter(|number| !gone.contains(number)).collect();
        let expected: Vec<i32> = [3, 10, 20].into_iter().chain(21..=70).collect();
        assert_eq!(stay, expected);
        let few = &all[..50];
        assert!(superfluous(few, &HashSet::new(), at(4, 0)).is_empty());
    }

    #[test]
    fn a_day_that_the_fifty_reach_into_keeps_no_second_one() {
        let all: Vec<Aged> = (1..=60).map(|number| saved(number, 1)).collect();
        let gone = superfluous(&all, &HashSet::new(), at(4, 0));
        assert_eq!(gone, (1..=10).rev().collect::<Vec<_>>());
    }

    #[test]
    fn what_a_program_saved_stays_a_day_and_takes_nobodys_place() {
        let auto = |number, minute| Aged {
            number,
            autosave: true,
            created_at: at(1, minute),
        };
        let now = at(2, 10);
        let all = [saved(1, 0), auto(2, 9), auto(3, 9), auto(4, 11)];
        assert_eq!(superfluous(&all, &HashSet::from([3]), now), [2]);
        let many: Vec<Aged> = (1..=50)
            .map(|number| saved(number, 0))
            .chain((51..=90).map(|n| auto(n, 30)))
            .collect();
        assert!(superfluous(&many, &HashSet::new(), now).is_empty());
    }

    #[test]
    fn night_is_where_the_paper_is_made() {
        let utc = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        for (now, zone, expected) in [
            ("2026-06-01T02:59:59Z", Tz::UTC, "2026-05-31T03:00:00Z"),
            ("2026-06-01T03:00:00Z", Tz::UTC, "2026-06-01T03:00:00Z"),
            ("2026-06-01T12:00:00Z", Tz::Asia__Karachi, "2026-05-31T22:00:00Z"),
            ("2026-06-01T12:00:00Z", Tz::America__New_York, "2026-06-01T07:00:00Z"),
        ] {
            assert_eq!(last_night(utc(now), zone), utc(expected), "{now} {zone}");
        }
    }
}
