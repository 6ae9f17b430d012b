//! Optimistic concurrency: which version a caller expects to change.

/// What `If-Match` said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing was said, or `*`: whatever is there.
    Any,
    /// One of these versions, which may be none at all.
    OneOf(Vec<i32>),
}

impl Expected {
    /// Whether `current` may be changed.
    #[must_use]
    pub fn matches(&self, current: i32) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(versions) => versions.contains(&current),
        }
    }
}
