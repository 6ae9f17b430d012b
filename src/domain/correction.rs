//! Public notes that say what was wrong.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

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

/// A public note that says what was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Correction {
    pub id: Uuid,
    pub kind: CorrectionKind,
    pub text: String,
    pub published_at: DateTime<Utc>,
}
