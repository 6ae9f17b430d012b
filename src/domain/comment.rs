//! What may be done to a comment, what readers see of it, and where a reply goes.

mod standing;

use std::time::Duration;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::hex::hex;
use super::text_enum;
pub use standing::{Place, Standing};

/// Replies nest this deep; a comment on the article itself has depth 1.
pub const MAX_DEPTH: i32 = 8;
/// The longest comment, in characters.
pub const MAX_BODY: usize = 5000;
/// The longest name, in characters.
pub const MAX_NAME: usize = 80;

text_enum! {
    /// Where a comment stands.
    pub enum CommentStatus {
        /// Readers see it.
        Approved = "approved",
        /// It waits for a moderator.
        Pending = "pending",
        /// A moderator refused it.
        Rejected = "rejected",
        /// It was taken away, by its author or by a moderator.
        Removed = "removed",
    }
}

text_enum! {
    /// On whose behalf a comment speaks.
    pub enum CommentAuthorKind {
        Reader = "reader",
        /// Somebody of the newsroom.
        Staff = "staff",
    }
}

text_enum! {
    /// What a moderator may do to a comment.
    pub enum CommentAction {
        /// Change its text.
        Update = "update",
        Approve = "approve",
        Reject = "reject",
        /// Reject it as spam.
        Spam = "spam",
        /// Put it back into the queue.
        Restore = "restore",
        Delete = "delete",
        /// Take away for good what its author wrote and was known by; its place stays.
        Erase = "erase",
    }
}

text_enum! {
    /// A moderator's pile of work. A comment lies in one of the first four, or in none.
    #[derive(Default)]
    pub enum CommentQueue {
        /// What waits as every comment here does, and appeals.
        Pending = "pending",
        /// What readers reported.
        Reported = "reported",
        /// What waits because a rule found something.
        Held = "held",
        /// What was rejected as spam.
        Spam = "spam",
        /// Every comment, wherever it stands.
        #[default]
        All = "all",
    }
}

text_enum! {
    /// Why a moderator rejects a comment.
    #[derive(Default)]
    pub enum RejectionReason {
        /// Against the rules of the house.
        #[default]
        Rules = "rules",
        /// It insults or threatens somebody.
        Abuse = "abuse",
        /// It incites to hatred.
        Hate = "hate",
        OffTopic = "off_topic",
        /// It tells what is somebody's own.
        Privacy = "privacy",
        /// It pretends to be somebody else's.
        Impersonation = "impersonation",
        /// What it says is known to be wrong.
        Falsehood = "falsehood",
        Illegal = "illegal",
        Spam = "spam",
    }
}

text_enum! {
    /// The order of the comments below an article.
    #[derive(Default)]
    pub enum ThreadSort {
        #[default]
        Newest = "newest",
        Oldest = "oldest",
        /// Those with the most replies first, and of equal ones the newest.
        MostReplied = "most_replied",
    }
}

text_enum! {
    /// The order of comments on the desk.
    #[derive(Default)]
    pub enum CommentSort {
        /// Oldest first.
        #[default]
        CreatedAt = "created_at",
        /// Newest first.
        CreatedAtDescending = "-created_at",
    }
}

text_enum! {
    /// Why a reader reports a comment.
    pub enum ReportReason {
        Spam = "spam",
        /// It insults or threatens somebody.
        Abuse = "abuse",
        /// It incites to hatred.
        Hate = "hate",
        OffTopic = "off_topic",
        /// It tells what is somebody's own.
        Privacy = "privacy",
        /// It pretends to be somebody else's.
        Impersonation = "impersonation",
        /// What it says is known to be wrong.
        Falsehood = "falsehood",
        Illegal = "illegal",
        Other = "other",
    }
}

/// Whether readers see a comment, or at least its place above replies that they see.
#[must_use]
pub fn is_visible(status: CommentStatus, reply_count: i32) -> bool {
    status == CommentStatus::Approved || reply_count > 0
}

/// Whether the author of a comment may still change it.
#[must_use]
pub fn is_own_time(created_at: DateTime<Utc>, now: DateTime<Utc>, window: Duration) -> bool {
    // What a clock has not reached yet is no older than nothing.
    (now - created_at).to_std().unwrap_or_default() < window
}

/// What is hashed of an account that reports comments, where of others their network address is.
#[must_use]
pub fn reported_by(user: Uuid) -> String {
    format!("account {user}")
}

/// Where a reply to the comment `id` goes: the comment that it stands below, and its depth. At the last level it
/// becomes the neighbour of what it answers.
#[must_use]
pub fn place_of_reply(id: Uuid, depth: i32, parent: Option<Uuid>) -> (Uuid, i32) {
    match parent {
        Some(parent) if depth >= MAX_DEPTH => (parent, MAX_DEPTH),
        _ => (id, depth + 1),
    }
}

/// What an e-mail address is hashed as that somebody gives who is not signed in, while an account has it: whoever writes
/// so is not the account's owner, and neither gains nor suffers by what they did.
#[must_use]
pub fn unproven(email: &str) -> String {
    format!("unproven {email}")
}

/// What tells two authors below one article apart.
#[derive(Clone, Copy, Debug)]
pub enum Identity<'a> {
    /// The keyed hash of their e-mail address.
    Email(&'a [u8]),
    User(Uuid),
    Name(&'a str),
}

/// A short key for an author's picture or colour: the same for all that somebody writes below one article, and another
/// below the next, so that nobody is followed about.
#[must_use]
pub fn avatar_key(article: Uuid, identity: Identity<'_>) -> String {
    let hash = Sha256::new().chain_update(article);
    let hash = match identity {
        Identity::Email(email) => hash.chain_update(b"email:").chain_update(email),
        Identity::User(user) => hash.chain_update(b"user:").chain_update(user),
        Identity::Name(name) => hash.chain_update(b"name:").chain_update(name.to_lowercase()),
    };
    let hash = hash.finalize();
    hex(hash.get(..8).unwrap_or(&hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_nest_to_the_last_level_and_no_deeper() {
        let (id, parent) = (Uuid::from_u128(2), Uuid::from_u128(1));
        assert_eq!(place_of_reply(id, 1, None), (id, 2));
        assert_eq!(place_of_reply(id, 7, Some(parent)), (id, 8));
        assert_eq!(place_of_reply(id, 8, Some(parent)), (parent, 8));
    }

    #[test]
    fn ten_minutes_are_over_after_ten_minutes() {
        let then = DateTime::from_timestamp(0, 0).expect("an instant");
        let window = Duration::from_secs(600);
        assert!(is_own_time(then, then + Duration::from_secs(599), window));
        assert!(!is_own_time(then, then + Duration::from_secs(600), window));
        assert!(is_own_time(then + Duration::from_secs(1), then, window));
    }

    #[test]
    fn an_avatar_is_stable_below_one_article_and_differs_below_another() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let key = avatar_key(one, Identity::Name("Runa"));
        assert_eq!(key.len(), 16);
        assert_eq!(key, avatar_key(one, Identity::Name("RUNA")));
        assert_ne!(key, avatar_key(two, Identity::Name("Runa")));
        assert_ne!(key, avatar_key(one, Identity::Email(b"runa")));
    }
}
