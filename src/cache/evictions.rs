//! Counts what had to make room for others.

use std::sync::Arc;

use quick_cache::Lifecycle;

use crate::metrics::Counter;

/// What the store tells when it takes something away.
#[derive(Clone, Default)]
pub struct Evictions(Arc<Counter>);

impl Evictions {
    /// How many by now.
    pub fn count(&self) -> u64 {
        self.0.get()
    }
}

impl<Key, Val> Lifecycle<Key, Val> for Evictions {
    /// What was taken away, so that it is dropped after the store's lock. One that makes room takes the place of one or two.
    type RequestState = [Option<(Key, Val)>; 2];

    fn on_evict(&self, state: &mut Self::RequestState, key: Key, val: Val) {
        self.0.count();
        if let Some(place) = state.iter_mut().find(|place| place.is_none()) {
            *place = Some((key, val));
        }
    }
}
