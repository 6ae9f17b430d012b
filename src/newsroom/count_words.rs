//! Count the words of what was published, for correcting slips of those who search.

use super::Result;
use crate::db::Connection;
use crate::db::published::search;

/// How many articles are counted at once.
const BATCH: i32 = 50;

/// Counts the words of some articles that were published since this was done last; answers of how many. By one statement,
/// which nobody who publishes waits for.
///
/// # Errors
/// When the database fails; they are counted the next time then.
pub async fn count_words(conn: &mut Connection) -> Result<i32> {
    Ok(search::count_words(conn, BATCH).await?)
}
