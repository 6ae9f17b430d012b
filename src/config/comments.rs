//! Readers' comments.

use std::time::Duration;

use chrono::TimeDelta;

use super::reader::Reader;

/// Readers' comments. (The policy is the site's, and the rules are written on the desk.)
#[derive(Clone, Debug)]
pub struct CommentsConfig {
    /// `MASTHEAD_COMMENT_EDIT_WINDOW`: for how long readers may change or delete what they wrote.
    pub edit_window: Duration,
    /// `MASTHEAD_ADDRESS_RETENTION`: how long the hashes of readers' addresses are kept.
    pub address_retention: Duration,
}

const DAY: u64 = 24 * 60 * 60;

impl Default for CommentsConfig {
    fn default() -> Self {
        Self {
            edit_window: Duration::from_secs(10 * 60),
            address_retention: Duration::from_secs(30 * DAY),
        }
    }
}

impl CommentsConfig {
    /// How long the hashes of readers' addresses are kept.
    #[must_use]
    pub fn kept_addresses(&self) -> TimeDelta {
        // What the settings accept is far within what it can hold.
        TimeDelta::from_std(self.address_retention).unwrap_or(TimeDelta::MAX)
    }

    pub(super) fn read(reader: &mut Reader) -> Self {
        let default = Self::default();
        let windows = Duration::from_secs(1)..=Duration::from_secs(DAY);
        let days = Duration::from_secs(DAY)..=Duration::from_secs(400 * DAY);
        Self {
            edit_window: reader.within("MASTHEAD_COMMENT_EDIT_WINDOW", default.edit_window, &windows),
            address_retention: reader.within("MASTHEAD_ADDRESS_RETENTION", default.address_retention, &days),
        }
    }
}
