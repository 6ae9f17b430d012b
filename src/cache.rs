//! What delivery answered, kept in this process until something that it shows changes.
//!
//! An entry carries tags (`article:<id>`, `section:<id>`, `slug:<slug>` …). The database notes for every change the tags that
//! it touches; a listener reads them a few times a second, and at once when this node itself wrote something. There is no
//! other end to an entry's life than a change, an instant that it names itself, and the need for room.
//!
//! What is kept is up to the caller (`T`). Never names HTTP.

mod entry;
mod evictions;
mod hearing;
mod listener;
mod store;
mod versions;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use quick_cache::sync::{EntryAction, EntryResult};

pub use entry::{Kept, Weighed};

use crate::clock::Clock;
use crate::db::{Pool, Replicas};
use crate::metrics::Text;
use evictions::Evictions;
use hearing::Hearing;
use store::{Guard, Store, entries};
use versions::Versions;

/// For how long entries are given while PostgreSQL cannot be reached.
const STALE: TimeDelta = TimeDelta::seconds(600);

/// Entries, and how true they are.
pub struct Cache<T> {
    entries: Option<Store<T>>,
    evictions: Evictions,
    news: Arc<News>,
    replicas: Arc<Replicas>,
    clock: Clock,
}

/// What this node knows of changes.
struct News {
    versions: Versions,
    hearing: Hearing,
}

/// What was found under a key.
pub enum Found<'a, T> {
    /// It is true now.
    Fresh(Arc<Kept<T>>),
    /// PostgreSQL is away; it was true so long ago.
    Stale(Arc<Kept<T>>, TimeDelta),
    /// Whoever gets this is the only one to ask the database; others with the same question wait for the answer.
    Missing(Filling<'a, T>),
    /// Nothing is kept, and nobody waits for anybody.
    Uncached,
}

/// The only one to ask. Dropped without an answer, the next in the queue asks.
pub struct Filling<'a, T> {
    cache: &'a Cache<T>,
    guard: Guard<'a, T>,
    asked: u64,
    began: u64,
    /// What was kept before, true or not.
    old: Option<Arc<Kept<T>>>,
    /// Whether it would be true if this node heard of changes at this moment.
    unheard: bool,
}

impl<T: Weighed> Cache<T> {
    /// Room for so many bytes; with 0 nothing is kept. A thread of its own listens for changes as long as the cache lives, and
    /// notices when PostgreSQL says nothing any more.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(bytes: u64, pool: Pool, replicas: Arc<Replicas>, clock: Clock) -> std::io::Result<Self> {
        let news = Arc::new(News {
            versions: Versions::new(),
            hearing: Hearing::new(clock.now()),
        });
        let evictions = Evictions::default();
        listener::start(&news, pool, Arc::clone(&replicas), clock.clone())?;
        Ok(Self {
            entries: entries(bytes, &evictions),
            evictions,
            news,
            replicas,
            clock,
        })
    }

    /// What is kept under this key; or the duty to ask.
    pub async fn look_up(&self, key: &str) -> Found<'_, T> {
        let Some(entries) = &self.entries else {
            return Found::Uncached;
        };
        let arrived = self.news.versions.now();
        let now = self.clock.now();
        if let Some(kept) = entries.get(key)
            && self.is_fresh(&kept, arrived, now)
        {
            return Found::Fresh(kept);
        }
        if self.news.hearing.is_away() {
            return match entries.get(key).and_then(|kept| self.stale(kept, now)) {
                Some((kept, age)) => Found::Stale(kept, age),
                None => Found::Uncached,
            };
        }
        let moment = self.news.hearing.moment();
        // Whoever waited for another's answer may find that there was none to be had. What was asked for after somebody came
        // is true for them, whether or not this node hears of changes.
        let found = entries.entry_async(key, |_, kept| {
            if self.is_fresh(kept, arrived, now) || (kept.asked > moment && kept.is_current(now)) {
                return EntryAction::Retain(Found::Fresh(Arc::clone(kept)));
            }
            let stale = self.news.hearing.is_away().then(|| self.stale(Arc::clone(kept), now));
            match stale.flatten() {
                Some((kept, age)) => EntryAction::Retain(Found::Stale(kept, age)),
                None => EntryAction::ReplaceWithGuard,
            }
        });
        let (guard, old) = match found.await {
            EntryResult::Retained(found) => return found,
            EntryResult::Vacant(guard) => (guard, None),
            EntryResult::Replaced(guard, old) => (guard, Some(old)),
            EntryResult::Removed(..) | EntryResult::Timeout => return Found::Uncached,
        };
        let unheard = !self.news.hearing.is_hearing();
        Found::Missing(Filling {
            cache: self,
            guard,
            asked: self.news.hearing.moment(),
            began: self.news.versions.now(),
            unheard: unheard
                && old
                    .as_ref()
                    .is_some_and(|old| self.news.versions.still_hold(old, arrived)),
            old,
        })
    }

    fn is_fresh(&self, kept: &Kept<T>, arrived: u64, now: DateTime<Utc>) -> bool {
        self.news.hearing.is_hearing() && kept.is_current(now) && self.news.versions.still_hold(kept, arrived)
    }

    /// This entry with its age, if it may be given while PostgreSQL is away: nothing is known against it, and it is not too
    /// long ago that something would have been, nor that it ended by itself.
    fn stale(&self, kept: Arc<Kept<T>>, now: DateTime<Utc>) -> Option<(Arc<Kept<T>>, TimeDelta)> {
        let heard = self.news.hearing.last_heard();
        let was_true = kept.until.map_or(heard, |until| until.min(heard));
        let age = (now - was_true).max(TimeDelta::zero());
        let may = age <= STALE && self.news.versions.still_hold(&kept, self.news.versions.now());
        may.then_some((kept, age))
    }

    /// Whether PostgreSQL cannot be reached, as far as this node knows.
    pub fn is_away(&self) -> bool {
        self.news.hearing.is_away()
    }

    /// The moment up to which changes are known here.
    pub fn heard_at(&self) -> u64 {
        self.news.hearing.heard_at()
    }

    /// Whether this moment was no longer ago.
    pub fn is_within(&self, moment: u64, time: Duration) -> bool {
        self.news.hearing.is_within(moment, time)
    }

    /// Whether what ends then ends no later than in so long.
    pub fn ends_within(&self, until: Option<DateTime<Utc>>, time: TimeDelta) -> bool {
        until.is_some_and(|until| until - self.clock.now() < time)
    }

    /// Waits until everything that was committed before this call is known here: whoever wrote it answers only then. Answers
    /// whether it is.
    pub async fn catch_up(&self) -> bool {
        if self.entries.is_none() && !self.replicas.are_there() {
            return true;
        }
        let is_known = self.news.hearing.look().await;
        if !is_known {
            self.replicas.hear(false);
        }
        is_known
    }

    /// From now on nothing that was kept is given, not even as stale.
    pub fn forget(&self) {
        self.news.versions.change_everything();
    }

    /// Bytes in use, as they are counted.
    pub fn weight(&self) -> u64 {
        self.entries.as_ref().map_or(0, Store::weight)
    }

    /// Writes how full it is, and whether what it has is known to be true.
    pub fn write_metrics(&self, text: &mut Text) {
        let entries = self.entries.as_ref();
        let (bytes, most) = (self.weight(), entries.map_or(0, Store::capacity));
        let hearing = u8::from(self.news.hearing.is_hearing());
        text.single(
            "masthead_cache_bytes",
            "gauge",
            "Bytes of answers that are kept.",
            bytes,
        );
        text.single("masthead_cache_bytes_limit", "gauge", "Bytes at most.", most);
        let count = entries.map_or(0, Store::len);
        text.single("masthead_cache_entries", "gauge", "Answers that are kept.", count);
        let evictions = self.evictions.count();
        text.single(
            "masthead_cache_evictions_total",
            "counter",
            "Answers that had to make room.",
            evictions,
        );
        text.single(
            "masthead_cache_hearing",
            "gauge",
            "Whether changes are heard of: 1 or 0.",
            hearing,
        );
    }
}

impl<T: Weighed> Filling<'_, T> {
    /// Keeps the answer, unless something that it shows changed since the question; and hands it to those who wait.
    pub fn keep<'t>(
        self,
        value: T,
        tags: impl IntoIterator<Item = &'t String>,
        until: Option<DateTime<Utc>>,
    ) -> Arc<Kept<T>> {
        let kept = Arc::new(Kept::new(value, tags, (self.asked, self.began), until));
        let versions = &self.cache.news.versions;
        if versions.still_hold(&kept, versions.now()) {
            // Refused when somebody took the key away; then it is not kept.
            drop(self.guard.insert(Arc::clone(&kept)));
        }
        kept
    }

    /// Whether nothing is known against what was kept, but that this node does not hear of changes at this moment.
    pub fn is_unheard(&self) -> bool {
        self.unheard
    }

    /// Whether there is something to give when PostgreSQL does not answer.
    pub fn has_old(&self) -> bool {
        self.old.is_some()
    }

    /// PostgreSQL could not be asked: what was there before stays, and is given with its age if it still may be.
    pub fn give_up(self) -> Option<(Arc<Kept<T>>, TimeDelta)> {
        self.cache.news.hearing.doubt();
        let old = self.old?;
        drop(self.guard.insert(Arc::clone(&old)));
        self.cache.stale(old, self.cache.clock.now())
    }
}
