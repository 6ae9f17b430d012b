//! Searching: how a query is read, how results are ordered, how a snippet is shown.

mod asked;
mod score;
mod slip;
mod snippet;

pub use asked::{Asked, AskedError, MAX_QUERY};
pub use score::score;
pub use slip::{Spelling, Written, correction};
pub use snippet::marked;

/// An article that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit<I> {
    pub id: I,
    pub published_at: chrono::DateTime<chrono::Utc>,
    /// How well its words fit, and how new it is.
    pub score: f64,
}

impl<I: Ord> Hit<I> {
    /// The best first; of equals the newest.
    #[must_use]
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        let by_score = other.score.total_cmp(&self.score);
        by_score
            .then_with(|| other.published_at.cmp(&self.published_at))
            .then_with(|| other.id.cmp(&self.id))
    }
}
