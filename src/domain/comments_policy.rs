//! Who may comment on an article, and what happens to it.

use super::text_enum;

text_enum! {
    /// What an article says about its comments.
    #[derive(Default)]
    pub enum CommentsPolicy {
        /// As the site says.
        #[default]
        Site = "site",
        /// Shown at once.
        Open = "open",
        /// Shown once approved.
        Moderated = "moderated",
        /// The first of a reader is approved, the next are shown at once.
        ModeratedFirst = "moderated_first",
        /// None are taken.
        Closed = "closed",
    }
}
