//! Counts the words of what is published, so that slips of those who search can be corrected.

use std::time::Duration;

use super::{Job, Tools, Trouble};
use crate::newsroom;

/// How long a new word can be unknown.
const LOOK: Duration = Duration::from_secs(5);

/// Counts what waits.
pub(super) struct WordCounter;

impl Job for WordCounter {
    const NAME: &'static str = "word_counter";
    const AGAIN: Duration = LOOK;

    async fn once(&self, tools: &Tools) -> Result<Duration, Trouble> {
        let counted = newsroom::count_words(&mut *tools.pool.get().await?).await?;
        Ok(if counted > 0 { Duration::ZERO } else { LOOK })
    }
}
