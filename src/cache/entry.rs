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
    /// When it is over by itself.
    pub(super) until: Option<DateTime<Utc>>,
    /// What it depends on.
    pub(super) slots: Box<[Slot]>,
    /// The newest change that was known when it was asked for.
    pub(super) began: u64,
    /// The newest change that is known not to have touched it.
    pub(super) holds_at: AtomicU64,
}

impl<T: Weighed> Kept<T> {
    pub(super) fn new<'t>(
        value: T,
        tags: impl IntoIterator<Item = &'t String>,
        began: u64,
        until: Option<DateTime<Utc>>,
    ) -> Self {
        Self {
            value,
            until,
            slots: slots(tags),
            began,
            holds_at: AtomicU64::new(began),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.value.bytes() + std::mem::size_of_val(&*self.slots) + OVERHEAD
    }
}
