//! A hash of a thing's row: it shows whether a thing is still what it was, and tells nothing else of it.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// SHA-256 of a row as JSON, without its secrets, without what changes with other things, and without what a person may have
/// erased: the log is kept, and whoever guesses right must not be told so by it. (Every change counts a row's version up.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of this row.
    #[must_use]
    pub fn of(row: &impl Serialize) -> Self {
        // A row is numbers, texts and instants: it cannot fail to be written.
        let json = serde_json::to_vec(row).unwrap_or_default();
        Self(Sha256::digest(json).into())
    }

    /// Its bytes.
    #[must_use]
    pub fn to_vec(self) -> Vec<u8> {
        self.0.to_vec()
    }
}

/// What a thing was before a change, and what it is after it.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    pub(super) before: Option<Fingerprint>,
    pub(super) after: Option<Fingerprint>,
}

impl Change {
    /// Nothing has become another.
    #[must_use]
    pub fn none() -> Self {
        Self {
            before: None,
            after: None,
        }
    }

    /// It is new.
    #[must_use]
    pub fn created(after: &impl Serialize) -> Self {
        Self {
            before: None,
            after: Some(Fingerprint::of(after)),
        }
    }

    /// It was something else before.
    #[must_use]
    pub fn from(before: Fingerprint, after: &impl Serialize) -> Self {
        Self {
            before: Some(before),
            after: Some(Fingerprint::of(after)),
        }
    }

    /// It is gone.
    #[must_use]
    pub fn deleted(before: Fingerprint) -> Self {
        Self {
            before: Some(before),
            after: None,
        }
    }
}
