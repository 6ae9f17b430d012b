//! What readers and staff say under an article.

use serde::Deserialize;
use uuid::Uuid;

/// A comment of a reader, or of the staff when `staff` gives the e-mail of a [`User`](super::User).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comment {
    /// Given to those that the examples of the API document name.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// The slug of the article.
    pub article: String,
    pub author_name: String,
    pub author_email: Option<String>,
    pub body: String,
    pub status: CommentStatus,
    /// The place of the comment it answers in [`Content::comments`](super::Content::comments), counted from 0.
    pub reply_to: Option<usize>,
    pub staff: Option<String>,
    pub hours_ago: f64,
}

/// What became of a comment.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum CommentStatus {
    Approved,
    Pending,
    Rejected,
    Removed,
}
