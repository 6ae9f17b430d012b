//! Readers' comments.

use std::time::Duration;

use chrono::TimeDelta;

use super::Secrets;
use super::reader::Reader;
use super::url::Endpoint;

/// Readers' comments. (The policy is the site's, and the rules are written on the desk.)
#[derive(Clone, Debug)]
pub struct CommentsConfig {
    /// `MASTHEAD_COMMENT_EDIT_WINDOW`: for how long readers may change or delete what they wrote.
    pub edit_window: Duration,
    /// `MASTHEAD_ADDRESS_RETENTION`: how long the hashes of readers' addresses are kept.
    pub address_retention: Duration,
    /// Whether a service of the paper's own is asked about each comment, and which.
    pub hook: Option<CommentHookConfig>,
}

/// A service of the paper's own that is asked about each comment of a reader.
#[derive(Clone, Debug)]
pub struct CommentHookConfig {
    /// `MASTHEAD_COMMENT_HOOK_URL`: where it listens.
    pub url: Endpoint,
    /// `MASTHEAD_COMMENT_HOOK_SECRET`: what questions are signed with, one secret or `new,old`, each of 32 bytes or more.
    pub secrets: Secrets,
    /// `MASTHEAD_COMMENT_HOOK_TIMEOUT`: how long a comment waits for its answer.
    pub timeout: Duration,
}

const DAY: u64 = 24 * 60 * 60;

impl Default for CommentsConfig {
    fn default() -> Self {
        Self {
            edit_window: Duration::from_secs(10 * 60),
            address_retention: Duration::from_secs(30 * DAY),
            hook: None,
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
            hook: CommentHookConfig::read(reader),
        }
    }
}

impl CommentHookConfig {
    /// How long a comment waits for an answer when nothing else is said.
    const TIMEOUT: Duration = Duration::from_secs(1);

    fn read(reader: &mut Reader) -> Option<Self> {
        const URL: &str = "MASTHEAD_COMMENT_HOOK_URL";
        const SECRET: &str = "MASTHEAD_COMMENT_HOOK_SECRET";
        const EXAMPLE: &str = "\"$(openssl rand -base64 48)\"";
        let url = reader.optional(URL, "https://moderation.example/comments");
        let secrets = reader.optional(SECRET, EXAMPLE);
        let waits = Duration::from_millis(50)..=Duration::from_secs(10);
        let timeout = reader.within("MASTHEAD_COMMENT_HOOK_TIMEOUT", Self::TIMEOUT, &waits);
        if reader.is_set(URL) && !reader.is_set(SECRET) {
            reader.problem(SECRET, format!("must be given with {URL}"), EXAMPLE);
        }
        Some(Self {
            url: url?,
            secrets: secrets?,
            timeout,
        })
    }
}
