//! Counts the words of what is published, so that slips of those who search can be corrected.

use std::time::Duration;

use tokio::sync::watch;

use super::Trouble;
use crate::db::Pool;
use crate::newsroom;

/// How long a new word can be unknown.
const LOOK: Duration = Duration::from_secs(5);

/// Counts what waits, until it is told to stop.
pub(super) async fn run(pool: Pool, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match some(&pool).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(%error, "words cannot be counted; trying again"),
        }
        // Either end of the channel is the same news: it is time to stop.
        if tokio::time::timeout(LOOK, stopped.changed()).await.is_ok() {
            break;
        }
    }
}

async fn some(pool: &Pool) -> Result<i32, Trouble> {
    Ok(newsroom::count_words(&mut *pool.get().await?).await?)
}
