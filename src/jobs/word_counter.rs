//! Counts the words of what is published, so that slips of those who search can be corrected.

use std::time::Duration;

use super::{Tools, Trouble};
use crate::db::Pool;
use crate::newsroom;

/// How long a new word can be unknown.
const LOOK: Duration = Duration::from_secs(5);

/// Counts what waits, until it is told to stop.
pub(super) async fn run(mut tools: Tools) {
    while !*tools.stopped.borrow() {
        match some(&tools.pool).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => {
                tracing::warn!(%error, "words cannot be counted; trying again");
                tools.failed("word_counter");
            }
        }
        if tools.rest(LOOK).await {
            break;
        }
    }
}

async fn some(pool: &Pool) -> Result<i32, Trouble> {
    Ok(newsroom::count_words(&mut *pool.get().await?).await?)
}
