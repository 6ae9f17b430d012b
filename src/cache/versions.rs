//! When what last changed.
//!
//! Each change has a number, and each tag a slot that holds the number of its last change; tags share slots by their hash.
//! A shared slot can only make an entry be asked for anew, never keep it too long. An entry needs no list of who depends on
//! it, and a hundred thousand unknown slugs cost nothing.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::entry::Kept;

/// How many slots: a megabyte of them.
const SLOTS: u32 = 1 << 17;

/// The tag that stands for everything.
const EVERYTHING: &str = "*";

/// The place of a tag.
pub type Slot = u32;

/// The places of these tags, each once.
pub fn slots<'t>(tags: impl IntoIterator<Item = &'t String>) -> Box<[Slot]> {
    let mut slots: Vec<Slot> = tags.into_iter().map(|tag| slot(tag)).collect();
    slots.sort_unstable();
    slots.dedup();
    slots.into_boxed_slice()
}

fn slot(tag: &str) -> Slot {
    let mut hasher = DefaultHasher::new();
    tag.hash(&mut hasher);
    u32::try_from(hasher.finish() % u64::from(SLOTS)).unwrap_or_default()
}

/// The number of the last change of each slot.
pub struct Versions {
    now: AtomicU64,
    everything: AtomicU64,
    changed: Box<[AtomicU64]>,
    /// One change at a time.
    changing: Mutex<()>,
}

impl Versions {
    pub fn new() -> Self {
        Self {
            now: AtomicU64::new(0),
            everything: AtomicU64::new(0),
            changed: (0..SLOTS).map(|_| AtomicU64::new(0)).collect(),
            changing: Mutex::new(()),
        }
    }

    /// The newest change that is known.
    pub fn now(&self) -> u64 {
        self.now.load(Ordering::Acquire)
    }

    /// Notes that these changed.
    pub fn change<'a>(&self, tags: impl IntoIterator<Item = &'a str>) {
        let _one = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let number = self.now() + 1;
        for tag in tags {
            let place = match tag {
                EVERYTHING => Some(&self.everything),
                tag => usize::try_from(slot(tag)).ok().and_then(|slot| self.changed.get(slot)),
            };
            if let Some(place) = place {
                place.store(number, Ordering::Release);
            }
        }
        // Last: whoever reads this number reads the slots after it.
        self.now.store(number, Ordering::Release);
    }

    /// Notes that anything may have changed.
    pub fn change_everything(&self) {
        self.change([EVERYTHING]);
    }

    /// Whether nothing that the entry depends on changed since it was asked for, as far as was known at `arrived`.
    pub fn still_hold<T>(&self, kept: &Kept<T>, arrived: u64) -> bool {
        if kept.holds_at.load(Ordering::Relaxed) >= arrived {
            return true;
        }
        let before = |place: &AtomicU64| place.load(Ordering::Acquire) <= kept.began;
        let untouched = |slot: &Slot| {
            let place = usize::try_from(*slot).ok().and_then(|slot| self.changed.get(slot));
            place.is_some_and(before)
        };
        let holds = before(&self.everything) && kept.slots.iter().all(untouched);
        if holds {
            kept.holds_at.fetch_max(arrived, Ordering::Relaxed);
        }
        holds
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::Weighed;
    use super::*;

    struct Nothing;

    impl Weighed for Nothing {
        fn bytes(&self) -> usize {
            0
        }
    }

    fn kept(versions: &Versions, tags: &[&str]) -> Kept<Nothing> {
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        Kept::new(Nothing, &tags, (0, versions.now()), None)
    }

    #[test]
    fn a_change_ends_what_carries_its_tag_and_nothing_else() {
        let versions = Versions::new();
        let (one, other) = (kept(&versions, &["a", "b"]), kept(&versions, &["c"]));
        versions.change(["b", "x"]);
        assert!(!versions.still_hold(&one, versions.now()));
        assert!(versions.still_hold(&other, versions.now()));
        assert!(versions.still_hold(&kept(&versions, &["a", "b"]), versions.now()));
        versions.change_everything();
        assert!(!versions.still_hold(&other, versions.now()));
    }

    #[test]
    fn who_asked_before_a_change_may_have_what_was_true_then() {
        let versions = Versions::new();
        let arrived = versions.now();
        let entry = kept(&versions, &["a"]);
        versions.change(["a"]);
        assert!(versions.still_hold(&entry, arrived));
        assert!(!versions.still_hold(&entry, versions.now()));
    }
}
