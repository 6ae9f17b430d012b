//! Where it is kept how often each caller asked: bounded, and counted by the clock that was passed in.

use std::convert::Infallible;
use std::sync::Arc;

use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed, StateStore};
use quick_cache::sync::Cache;

use crate::clock::Clock;

/// A caller, and whether their request counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Asks {
    caller: u128,
    counts: bool,
}

impl Asks {
    /// A request that counts.
    #[must_use]
    pub fn counted(caller: u128) -> Self {
        Self { caller, counts: true }
    }

    /// A question only: what would be answered.
    #[must_use]
    pub fn foreseen(caller: u128) -> Self {
        Self { caller, counts: false }
    }
}

/// What is known of the callers that were seen most.
pub struct Store(Cache<u128, Arc<InMemoryState>>);

/// For how many callers there is room from the start.
const AT_FIRST: usize = 256;

impl Store {
    #[must_use]
    pub fn new(most: u64) -> Self {
        Self(Cache::with(
            AT_FIRST,
            most,
            Default::default(),
            Default::default(),
            Default::default(),
        ))
    }

    /// How many callers are known.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl StateStore for Store {
    type Key = Asks;

    fn measure_and_replace<T, F, E>(&self, key: &Asks, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        if key.counts {
            let new = || Ok::<_, Infallible>(Arc::default());
            return match self.0.get_or_insert_with(&key.caller, new) {
                Ok(state) => state.measure_and_replace(&NotKeyed::NonKey, f),
                Err(never) => match never {},
            };
        }
        let Some(state) = self.0.get(&key.caller) else {
            return f(None).map(|(answer, _)| answer);
        };
        // Nothing is put in place of what was there after an error.
        let foreseen = state.measure_and_replace(&NotKeyed::NonKey, |now| Err::<(Infallible, Nanos), _>(f(now)));
        match foreseen {
            Ok(never) => match never {},
            Err(answer) => answer.map(|(answer, _)| answer),
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
