//! Whether this node hears of changes.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, watch};

/// For how long what was heard last is the newest. Looks are made a few times in it.
const NEWEST: Duration = Duration::from_millis(900);

/// How long somebody who wrote waits for the look that finds it.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is known about the listener's looks.
pub struct Hearing {
    born: Instant,
    /// When the last good look began: milliseconds of this process's life, 0 when none holds.
    heard: AtomicU64,
    /// The same by the clock.
    last: AtomicI64,
    away: AtomicBool,
    /// Looks that were asked for.
    asked: AtomicU64,
    /// Wakes the listener.
    pub(super) wake: Notify,
    /// The newest look that was asked for and has been made.
    made: watch::Sender<u64>,
}

impl Hearing {
    pub fn new(now: DateTime<Utc>) -> Self {
        Self {
            born: Instant::now(),
            heard: AtomicU64::new(0),
            last: AtomicI64::new(now.timestamp_micros()),
            away: AtomicBool::new(false),
            asked: AtomicU64::new(0),
            wake: Notify::new(),
            made: watch::Sender::new(0),
        }
    }

    /// Milliseconds of this process's life; never 0.
    pub fn moment(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis())
            .unwrap_or(u64::MAX)
            .saturating_add(1)
    }

    /// Whether everything is known that others committed a second ago.
    pub fn is_hearing(&self) -> bool {
        self.has_heard_within(NEWEST)
    }

    fn has_heard_within(&self, time: Duration) -> bool {
        self.is_within(self.heard_at(), time)
    }

    /// Up to which moment everything is known; 0 when nothing is.
    pub fn heard_at(&self) -> u64 {
        self.heard.load(Ordering::Acquire)
    }

    /// Whether this moment was no longer ago.
    pub fn is_within(&self, moment: u64, time: Duration) -> bool {
        moment > 0 && u128::from(self.moment().saturating_sub(moment)) <= time.as_millis()
    }

    /// Whether PostgreSQL cannot be reached, as far as the listener knows.
    pub fn is_away(&self) -> bool {
        self.away.load(Ordering::Acquire)
    }

    /// When everything was known last.
    pub fn last_heard(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.last.load(Ordering::Acquire)).unwrap_or_default()
    }

    /// The newest look that somebody waits for: what was committed before this is asked is found by a look that begins now.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Acquire)
    }

    /// A look that began at `moment` knows everything up to then.
    pub fn heard(&self, moment: u64, now: DateTime<Utc>, asked: u64) {
        self.last.store(now.timestamp_micros(), Ordering::Release);
        self.heard.store(moment, Ordering::Release);
        self.away.store(false, Ordering::Release);
        self.made.send_replace(asked);
    }

    /// A look failed: from now on nothing kept is known to be true. Who waits for it waits no longer.
    pub fn lost(&self, is_away: bool, asked: u64) {
        self.heard.store(0, Ordering::Release);
        self.away.store(is_away, Ordering::Release);
        self.made.send_replace(asked);
    }

    /// Somebody failed to reach PostgreSQL: the listener looks for itself.
    pub fn doubt(&self) {
        self.wake.notify_one();
    }

    /// Waits for a look that begins after this call, and answers whether there was one. When none succeeds in time, nothing
    /// kept counts as true.
    pub async fn look(&self) -> bool {
        let mine = self.asked.fetch_add(1, Ordering::AcqRel) + 1;
        let mut made = self.made.subscribe();
        self.wake.notify_one();
        let made = made.wait_for(|made| *made >= mine);
        if tokio::time::timeout(PATIENCE, made).await.is_err() {
            self.heard.store(0, Ordering::Release);
        }
        self.heard_at() > 0
    }
}
