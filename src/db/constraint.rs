//! Which constraint refused a write: the database decides races, its constraint's name tells who lost what.

use diesel::result::{DatabaseErrorKind, Error};

/// Whether `error` says that the unique constraint `name` was violated.
#[must_use]
pub fn is_unique_violation(error: &Error, name: &str) -> bool {
    matches!(error, Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info) if info.constraint_name() == Some(name))
}
