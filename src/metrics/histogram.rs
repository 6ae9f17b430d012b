//! How often something took how long.

use std::time::Duration;

use super::Counter;

/// Counts durations by the first bound that they do not exceed.
pub struct Histogram {
    /// In seconds, growing.
    bounds: &'static [f64],
    /// One for each bound, and one for what exceeds them all.
    buckets: Box<[Counter]>,
    micros: Counter,
}

impl Histogram {
    /// Nothing yet.
    #[must_use]
    pub fn new(bounds: &'static [f64]) -> Self {
        Self {
            bounds,
            buckets: (0..=bounds.len()).map(|_| Counter::default()).collect(),
            micros: Counter::default(),
        }
    }

    /// It took this long.
    pub fn observe(&self, took: Duration) {
        let seconds = took.as_secs_f64();
        let place = self.bounds.partition_point(|bound| *bound < seconds);
        if let Some(bucket) = self.buckets.get(place) {
            bucket.count();
        }
        self.micros.add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    /// Each bound with how many did not exceed it; the last without a bound.
    pub fn cumulative(&self) -> impl Iterator<Item = (Option<f64>, u64)> {
        let bounds = self.bounds.iter().copied().map(Some).chain([None]);
        bounds.zip(&self.buckets).scan(0, |sum, (bound, bucket)| {
            *sum += bucket.get();
            Some((bound, *sum))
        })
    }

    /// All of them together, in microseconds.
    #[must_use]
    pub fn micros(&self) -> u64 {
        self.micros.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_counts_for_every_bound_that_it_does_not_exceed() {
        let histogram = Histogram::new(&[0.1, 1.0]);
        for millis in [100, 101, 5_000] {
            histogram.observe(Duration::from_millis(millis));
        }
        let counted: Vec<_> = histogram.cumulative().collect();
        assert_eq!(counted, [(Some(0.1), 1), (Some(1.0), 2), (None, 3)]);
        assert_eq!(histogram.micros(), 5_201_000);
    }
}
