//! Where it is kept how often each caller asked: bounded, and counted by the clock that was passed in.

use std::convert::Infallible;
use std::sync::Arc;

use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed, StateStore};
use quick_cache::sync::Cache;

use crate::clock::Clock;

/// What is known of the callers that were seen most. A clone is the same.
#[derive(Clone)]
pub struct Store(Arc<Cache<u128, Arc<InMemoryState>>>);

/// For how many callers there is room from the start.
const AT_FIRST: usize = 256;

impl Store {
    #[must_use]
    pub fn new(most: u64) -> Self {
        Self(Arc::new(Cache::with(
            AT_FIRST,
            most,
            Default::default(),
            Default::default(),
            Default::default(),
        )))
    }

    /// Gives a caller back what `one` request took.
    pub fn give_back(&self, caller: u128, one: Nanos) {
        if let Some(state) = self.0.get(&caller) {
            let sooner = |until: Option<Nanos>| until.map(|until| ((), until.saturating_sub(one))).ok_or(());
            // Refused where nothing was taken yet.
            let _: Result<(), ()> = state.measure_and_replace(&NotKeyed::NonKey, sooner);
        }
    }

    /// How many callers are known.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl StateStore for Store {
    type Key = u128;

    fn measure_and_replace<T, F, E>(&self, caller: &u128, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let new = || Ok::<_, Infallible>(Arc::default());
        match self.0.get_or_insert_with(caller, new) {
            Ok(state) => state.measure_and_replace(&NotKeyed::NonKey, f),
            Err(never) => match never {},
        }
    }
}

/// The clock as governor reads it.
#[derive(Clone, Debug)]
pub struct Ticks(pub Clock);

impl governor::clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let nanos = self.0.now().timestamp_nanos_opt().unwrap_or(0);
        Nanos::new(u64::try_from(nanos).unwrap_or(0))
    }
}
