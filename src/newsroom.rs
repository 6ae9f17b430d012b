//! One function per change, one file per verb. Each takes a connection and the [`Act`](crate::domain::actor::Act)
//! (who, when), opens the one transaction, loads and locks, lets `domain` decide, and has `db` write the row, its
//! audit row, and last the kept counts. The only room that opens a writing transaction; api, jobs and the command line
//! all call it. Never names HTTP.

use crate::domain::check::FieldError;

/// Why a change was not made. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("{0}")]
    Denied(String),
    #[error("fields are not accepted: {0:?}")]
    Invalid(Vec<FieldError>),
    #[error("the slug `{0}` belongs to another")]
    SlugTaken(String),
    #[error("{0}")]
    InUse(String),
    #[error("{0}")]
    Conflict(String),
    #[error("{detail}")]
    Transition { detail: String, allowed_actions: Vec<String> },
    /// The version that the caller had read is no longer the newest.
    #[error("{0}")]
    Stale(String),
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}

/// What a change answers.
pub type Result<T> = std::result::Result<T, Refusal>;

impl From<Vec<FieldError>> for Refusal {
    fn from(errors: Vec<FieldError>) -> Self {
        Self::Invalid(errors)
    }
}
