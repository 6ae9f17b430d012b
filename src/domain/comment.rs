//! What may be done to a comment, what readers see of it, and where a reply goes.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::text_enum;

/// Replies nest this deep; a comment on the article itself has depth 1.
pub const MAX_DEPTH: i32 = 8;
/// The longest comment, in characters.
pub const MAX_BODY: usize = 5000;
/// The longest name, in characters.
pub const MAX_NAME: usize = 80;
/// For how long readers may change or delete what they wrote.
pub const OWN_MINUTES: i64 = 10;

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
        /// Put it back into the queue.
        Restore = "restore",
        Delete = "delete",
    }
}

text_enum! {
    /// A moderator's pile of work.
    #[derive(Default)]
    pub enum CommentQueue {
        /// What waits for a decision.
        Pending = "pending",
        #[default]
        All = "all",
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

/// Where a comment stands, as far as it decides what may be done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub status: CommentStatus,
    /// Whether a moderator brought it there.
    pub moderated: bool,
}

impl Standing {
    /// What `action` makes of it; none when it is not possible.
    #[must_use]
    pub fn after(self, action: CommentAction) -> Option<CommentStatus> {
        use CommentAction as A;
        use CommentStatus as S;
        match (self.status, action) {
            // What its author took away stays away.
            (S::Removed, A::Restore) => self.moderated.then_some(S::Pending),
            (S::Removed, A::Update | A::Approve | A::Reject) => None,
            (status, A::Update) => Some(status),
            (_, A::Approve) => Some(S::Approved),
            (_, A::Reject) => Some(S::Rejected),
            (S::Rejected, A::Restore) => Some(S::Pending),
            (status, A::Restore) => Some(status),
            (_, A::Delete) => Some(S::Removed),
        }
    }

    /// What would change something now.
    #[must_use]
    pub fn allowed_actions(self) -> Vec<CommentAction> {
        let changes = |action: &CommentAction| match self.after(*action) {
            Some(status) => status != self.status || *action == CommentAction::Update,
            None => false,
        };
        CommentAction::ALL.iter().copied().filter(changes).collect()
    }
}

/// Whether readers see a comment, or at least its place above replies that they see.
#[must_use]
pub fn is_visible(status: CommentStatus, reply_count: i32) -> bool {
    status == CommentStatus::Approved || reply_count > 0
}

/// Whether the author of a comment may still change it.
#[must_use]
pub fn is_own_time(created_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - created_at < TimeDelta::minutes(OWN_MINUTES)
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

/// Bytes as text.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use CommentAction as A;
    use CommentStatus as S;

    fn standing(status: S, moderated: bool) -> Standing {
        Standing { status, moderated }
    }

    #[test]
    fn what_may_be_done_depends_on_where_a_comment_stands() {
        for (status, actions) in [
            (S::Pending, vec![A::Update, A::Approve, A::Reject, A::Delete]),
            (S::Approved, vec![A::Update, A::Reject, A::Delete]),
            (S::Rejected, vec![A::Update, A::Approve, A::Restore, A::Delete]),
            (S::Removed, vec![A::Restore]),
        ] {
            assert_eq!(standing(status, true).allowed_actions(), actions, "{status}");
        }
        assert!(standing(S::Removed, false).allowed_actions().is_empty());
    }

    #[test]
    fn a_verb_that_changes_nothing_is_possible() {
        for (status, action) in [
            (S::Approved, A::Approve),
            (S::Rejected, A::Reject),
            (S::Pending, A::Restore),
            (S::Removed, A::Delete),
        ] {
            assert_eq!(standing(status, true).after(action), Some(status), "{action}");
        }
    }

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
        assert!(is_own_time(then, then + TimeDelta::seconds(599)));
        assert!(!is_own_time(then, then + TimeDelta::seconds(600)));
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
