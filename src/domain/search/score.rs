//! How results are ordered: how well the words fit, and how new the article is.

use chrono::{DateTime, TimeDelta, Utc};

/// What of its rank an article keeps however old it is.
const KEPT: f64 = 0.4;

/// After so many days an article has lost half of what age takes.
const HALF_LIFE: f64 = 60.0;

/// The score of an article with this rank at this instant.
#[must_use]
pub fn score(rank: f32, published_at: DateTime<Utc>, now: DateTime<Utc>) -> f64 {
    let age = now.signed_duration_since(published_at).max(TimeDelta::zero());
    let days = f64::from(i32::try_from(age.num_minutes()).unwrap_or(i32::MAX)) / (24.0 * 60.0);
    f64::from(rank) * (KEPT + (1.0 - KEPT) * 0.5_f64.powf(days / HALF_LIFE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_takes_some_and_never_all() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let aged = |days| score(1.0, now - TimeDelta::days(days), now);
        assert!((aged(0) - 1.0).abs() < 1e-9);
        assert!((aged(-5) - 1.0).abs() < 1e-9, "what is dated ahead is new");
        assert!((aged(60) - 0.7).abs() < 1e-9);
        assert!(aged(61) < aged(60));
        assert!(aged(20_000) >= 0.4);
        // A title with the word beats a body with it, whatever their age.
        assert!(score(0.6, now - TimeDelta::days(9_000), now) > score(0.06, now, now));
    }
}
