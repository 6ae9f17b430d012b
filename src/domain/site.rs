//! The facts of the site that an administrator sets.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::content::Image;
use super::text_enum;

text_enum! {
    /// What happens to comments where an article says nothing else.
    pub enum SiteCommentsPolicy {
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

/// What a page asks of its reader at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallToAction {
    #[schema(min_length = 1, max_length = 500)]
    pub text: String,
    /// The words on the button; `null` when there is none.
    #[schema(required, max_length = 100)]
    pub label: Option<String>,
    /// Where the button leads.
    #[schema(required, format = "uri", max_length = 2048)]
    pub url: Option<String>,
}

/// Who answers for the paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Publisher {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[schema(required, format = "uri", max_length = 2048)]
    pub url: Option<String>,
    #[schema(required)]
    pub logo: Option<Image>,
}
