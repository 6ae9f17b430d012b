//! Optimistic concurrency: which version a caller expects to change.

/// What `If-Match` said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing was said, or `*`: whatever is there.
    Any,
    /// This version and no other.
    Version(i32),
    /// Something that no version can ever be.
    Nothing,
}

impl Expected {
    /// Whether `current` may be changed.
    #[must_use]
    pub fn matches(self, current: i32) -> bool {
        match self {
            Self::Any => true,
            Self::Version(version) => version == current,
            Self::Nothing => false,
        }
    }
}
