//! What will be done to an article by itself, and when.

use super::text_enum;

text_enum! {
    /// What the scheduler does.
    pub enum PlannedAction {
        Publish = "publish",
        Unpublish = "unpublish",
    }
}
