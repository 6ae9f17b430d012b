//! Which published articles hold certain words.
//!
//! A search reads a stretch: the newest [`STRETCH`] articles that hold the words, found by the index of words. When even the
//! rarest word is common, the index is asked for the newest weeks alone, so that words which never meet are not
//! followed through the years. Only then is looked at what filters ask, and how well the words fit.

mod read;
mod results;
mod stretch;

use diesel_async::RunQueryDsl;

pub use self::read::{Reading, Wish, read};
pub use self::results::{Found, Part, Slice, search};
pub use self::stretch::{Sought, Stretch};
use crate::db::text_search::search_count_words;
use crate::db::{Connection, Result};

/// How many articles with the words are looked at.
pub const STRETCH: usize = 1_000;

/// A word in more articles than this is common; so many of the newest are looked through for it.
pub const RARE: i32 = 12_000;

/// Counts the words of so many articles that were published since this was done last, for correcting slips. Answers of how
/// many.
///
/// # Errors
/// When the database fails.
pub async fn count_words(conn: &mut Connection, articles: i32) -> Result<i32> {
    diesel::select(search_count_words(articles)).get_result(conn).await
}

const SECONDS_A_WEEK: i64 = 7 * 86_400;

/// The week of an instant, counted from 1970.
fn week(at: chrono::DateTime<chrono::Utc>) -> i32 {
    i32::try_from(at.timestamp().div_euclid(SECONDS_A_WEEK)).unwrap_or_default()
}

/// When a week begins.
fn beginning(week: i32) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(i64::from(week) * SECONDS_A_WEEK, 0).unwrap_or_default()
}
