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
mod versions;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use quick_cache::sync::{Cache as Entries, EntryAction, EntryResult, PlaceholderGuard};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

pub use entry::{Kept, Weighed};

use crate::clock::Clock;
use crate::db::{Pool, Replicas};
use crate::metrics::Text;
use evictions::Evictions;
use hearing::Hearing;
use versions::Versions;

/// For how long entries are given while PostgreSQL cannot be reached.
const STALE: TimeDelta = TimeDelta::seconds(600);

/// The size that an entry is taken to have when the number of entries is estimated.
const USUAL_ENTRY: u64 = 16 * 1024;

/// Entries, and how true they are.
pub struct Cache<T> {
    entries: Option<Store<T>>,
    evictions: Evictions,
    news: Arc<News>,
    clock: Clock,
}

type Store<T> = Entries<String, Arc<Kept<T>>, ByBytes, DefaultHashBuilder, Evictions>;

type Guard<'a, T> = PlaceholderGuard<'a, String, Arc<Kept<T>>, ByBytes, DefaultHashBuilder, Evictions>;

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
        listener::start(&news, pool, replicas, clock.clone())?;
        Ok(Self {
            entries: entries(bytes, &evictions),
            evictions,
            news,
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
        // Whoever waited for another's answer may find that there was none to be had.
        let found = entries.entry_async(key, |_, kept| {
            if self.is_fresh(kept, arrived, now) {
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
            began: self.news.versions.now(),
            unheard: unheard
                && old
                    .as_ref()
                    .is_some_and(|old| self.news.versions.still_hold(old, arrived)),
            old,
        })
    }

    fn is_fresh(&self, kept: &Kept<T>, arrived: u64, now: DateTime<Utc>) -> bool {
        self.news.hearing.is_hearing()
            && kept.until.is_none_or(|until| now < until)
            && self.news.versions.still_hold(kept, arrived)
    }

    /// This entry with its age, if it may be given while PostgreSQL is away: nothing is known against it, and it is not too
    /// long ago that something would have been.
    fn stale(&self, kept: Arc<Kept<T>>, now: DateTime<Utc>) -> Option<(Arc<Kept<T>>, TimeDelta)> {
        let age = (now - self.news.hearing.last_heard()).max(TimeDelta::zero());
        let may = age <= STALE && self.news.versions.still_hold(&kept, self.news.versions.now());
        may.then_some((kept, age))
    }

    /// Whether PostgreSQL cannot be reached, as far as this node knows.
    pub fn is_away(&self) -> bool {
        self.news.hearing.is_away()
    }

    /// Waits until everything that was committed before this call is known here: whoever wrote it answers only then.
    pub async fn catch_up(&self) {
        if self.entries.is_some() {
            self.news.hearing.look().await;
        }
    }

    /// Bytes in use, as they are counted.
    pub fn weight(&self) -> u64 {
        self.entries.as_ref().map_or(0, Entries::weight)
    }

    /// Writes how full it is, and whether what it has is known to be true.
    pub fn write_metrics(&self, text: &mut Text) {
        let entries = self.entries.as_ref();
        let (bytes, most) = (self.weight(), entries.map_or(0, Entries::capacity));
        let hearing = u8::from(self.news.hearing.is_hearing());
        text.single(
            "masthead_cache_bytes",
            "gauge",
            "Bytes of answers that are kept.",
            bytes,
        );
        text.single("masthead_cache_bytes_limit", "gauge", "Bytes at most.", most);
        let count = entries.map_or(0, Entries::len);
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
        let kept = Arc::new(Kept::new(value, tags, self.began, until));
        if self
            .cache
            .news
            .versions
            .still_hold(&kept, self.cache.news.versions.now())
        {
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

/// Counts bytes.
#[derive(Clone)]
pub struct ByBytes;

impl<T: Weighed> Weighter<String, Arc<Kept<T>>> for ByBytes {
    fn weight(&self, key: &String, kept: &Arc<Kept<T>>) -> u64 {
        let bytes = key.len() + kept.bytes();
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

fn entries<T: Weighed>(bytes: u64, evictions: &Evictions) -> Option<Store<T>> {
    let many = usize::try_from(bytes / USUAL_ENTRY).ok().filter(|many| *many > 0)?;
    // A few shards: an entry must fit into one.
    let options = OptionsBuilder::new()
        .shards(4)
        .estimated_items_capacity(many)
        .weight_capacity(bytes)
        .build()
        .ok()?;
    Some(Entries::with_options(
        options,
        ByBytes,
        DefaultHashBuilder::default(),
        evictions.clone(),
    ))
}
