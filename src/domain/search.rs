//! Searching: how a query is read, what was meant by it, how a snippet is shown.

mod asked;
mod slip;
mod snippet;

pub use asked::{Asked, AskedError, MAX_QUERY};
pub use slip::{Spelling, Written, correction};
pub use snippet::marked;
