//! Public notes that say what was wrong.

use super::text_enum;

text_enum! {
    /// What kind of note it is.
    pub enum CorrectionKind {
        /// Something was wrong.
        Correction = "correction",
        /// Something could be misunderstood.
        Clarification = "clarification",
        /// Something happened since.
        Update = "update",
        /// The article should not have been published.
        Retraction = "retraction",
    }
}
