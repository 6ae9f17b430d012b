//! One entry.

use std::sync::atomic::AtomicU64;

use chrono::{DateTime, Utc};

use super::versions::{Slot, slots};

/// Something whose size in memory is known.
pub trait Weighed {
    /// Its bytes, at most.
    fn bytes(&self) -> usize;
}

/// What an entry takes beside what is kept: its own fields, and its place in the store.
const OVERHEAD: usize = 256;

/// Something that is kept.
pub struct Kept<T> {
    pub value: T,
    pub(super) until: Option<DateTime<Utc>>,
    /// What it depends on.
    pub(super) slots: Box<[Slot]>,
    /// When it was asked for: a moment of this process's life.
    pub(super) asked: u64,
    /// The newest change that was known then.
    pub(super) began: u64,
    /// The newest change that is known not to have touched it.
    pub(super) holds_at: AtomicU64,
}

impl<T: Weighed> Kept<T> {
    pub(super) fn new<'t>(
        value: T,
        tags: impl IntoIterator<Item = &'t String>,
        (asked, began): (u64, u64),
        until: Option<DateTime<Utc>>,
    ) -> Self {
        Self {
            value,
            until,
            slots: slots(tags),
            asked,
            began,
            holds_at: AtomicU64::new(began),
        }
    }

    /// When it is over by itself.
    pub fn until(&self) -> Option<DateTime<Utc>> {
        self.until
    }

    pub(super) fn is_current(&self, now: DateTime<Utc>) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    pub(super) fn bytes(&self) -> usize {
        self.value.bytes() + std::mem::size_of_val(&*self.slots) + OVERHEAD
    }
}
