//! What callers are told when the database fails.
//!
//! Whether it is away, too slow or wrong is told by its SQLSTATE. diesel hands on only some of those, and for the others what
//! PostgreSQL says. So that is read: in English, which our connections ask for (see [`db::pool`](crate::db::pool)).

use super::{Code, Error, internal};
use crate::db::pool::PoolError;

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::from(&error)
    }
}

impl From<&diesel::result::Error> for Error {
    fn from(error: &diesel::result::Error) -> Self {
        use diesel::result::DatabaseErrorKind as Kind;
        use diesel::result::Error as E;
        match error {
            E::NotFound => Self::not_found("thing"),
            E::DatabaseError(Kind::ClosedConnection | Kind::UnableToSendCommand, _) | E::BrokenTransactionManager => {
                unreachable_database(error)
            }
            // A standby, perhaps since a moment ago.
            E::DatabaseError(Kind::ReadOnlyTransaction, _) => {
                tracing::warn!(%error, "the database takes no changes");
                Self::new(
                    Code::DatabaseUnavailable,
                    "The database takes no changes at the moment; please try again.",
                )
            }
            // A replica replayed what took away the rows that were being read.
            E::DatabaseError(Kind::SerializationFailure, info) if info.message().contains("conflict with recovery") => {
                Self::new(Code::Overloaded, "The question took too long; please try again.")
            }
            E::DatabaseError(Kind::UniqueViolation | Kind::ForeignKeyViolation | Kind::SerializationFailure, info) => {
                tracing::info!(constraint = info.constraint_name(), "a write lost a race");
                Self::new(
                    Code::Conflict,
                    "Somebody else changed the same thing at the same time; please try again.",
                )
            }
            E::DatabaseError(_, info) if says(TOO_SLOW, info.message()) => {
                tracing::warn!(reason = info.message(), "the database gave up on a statement");
                Self::new(Code::Overloaded, "The database took too long; please try again.")
            }
            E::DatabaseError(_, info) if says(AWAY, info.message()) => unreachable_database(error),
            _ => internal(error),
        }
    }
}

/// What PostgreSQL says when it gives up on a statement: 57014, 55P03, 40P01.
const TOO_SLOW: &[&str] = &["timeout", "canceling statement", "deadlock detected"];

/// What PostgreSQL and its driver say when the connection is gone (57P01 to 57P05), and when there is no room left (53100,
/// 53200).
const AWAY: &[&str] = &[
    "connection closed",
    "terminating connection",
    "error communicating",
    "shutting down",
    "starting up",
    "in recovery mode",
    "No space left on device",
    "Disk quota exceeded",
    "out of memory",
];

fn says(signs: &[&str], message: &str) -> bool {
    signs.iter().any(|sign| message.contains(sign))
}

fn unreachable_database(error: &dyn std::fmt::Display) -> Error {
    tracing::warn!(%error, "the database is away");
    Error::new(
        Code::DatabaseUnavailable,
        "The database cannot be reached at the moment; please try again.",
    )
}

impl From<PoolError> for Error {
    fn from(error: PoolError) -> Self {
        Self::from(&error)
    }
}

impl From<&PoolError> for Error {
    fn from(error: &PoolError) -> Self {
        match error {
            PoolError::Busy => Self::new(
                Code::Overloaded,
                "All database connections are busy; please try again in a moment.",
            ),
            PoolError::Unreachable(reason) => unreachable_database(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use diesel::result::{DatabaseErrorKind, Error as Failure};

    use super::*;

    #[test]
    fn only_what_is_our_fault_is_an_internal_error() {
        let of = |kind, message: &str| Error::from(Failure::DatabaseError(kind, Box::new(message.to_owned()))).code;
        let unknown = |message| of(DatabaseErrorKind::Unknown, message);
        for message in [
            "canceling statement due to statement timeout",
            "canceling statement due to lock timeout",
            "canceling statement due to user request",
            "deadlock detected",
        ] {
            assert_eq!(unknown(message), Code::Overloaded, "{message}");
        }
        for message in [
            "terminating connection due to administrator command",
            "terminating connection because of crash of another server process",
            "the database system is shutting down",
            "the database system is in recovery mode",
            "could not extend file \"base/5/16384\": No space left on device",
            "out of memory",
        ] {
            assert_eq!(unknown(message), Code::DatabaseUnavailable, "{message}");
        }
        // Known by its SQLSTATE, whatever it says.
        let read_only = of(DatabaseErrorKind::ReadOnlyTransaction, "INSERT geht nicht");
        assert_eq!(read_only, Code::DatabaseUnavailable);
        assert_eq!(unknown("column \"it\" does not exist"), Code::InternalError);
    }
}
