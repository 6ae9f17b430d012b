//! Why a command ends with something else than 0.

use std::io;

use crate::auth::password::HasherError;
use crate::cluster::ClusterError;
use crate::config::{ConfigError, SecretFileError};
use crate::db::migrate::MigrateError;
use crate::db::pool::{ConnectError, PoolError};
use crate::db::tls::TargetError;
use crate::newsroom::Refusal;
use crate::outbound::ClientError;
use crate::server::PartsError;
use crate::telemetry::TelemetryError;

/// What to tell the operator, and the status to end with.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    /// The exit status.
    pub status: u8,
    /// One or more lines: what is wrong and how to mend it.
    pub message: String,
}

impl Failure {
    /// The command could not do what it was asked (status 1).
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            status: 1,
            message: message.into(),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self {
            status: ConfigError::EXIT_STATUS,
            message: error.to_string(),
        }
    }
}

/// A change that was refused says why; one with wrong fields says it of each.
impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let Refusal::Invalid(errors) = refusal else {
            return Self::new(refusal.to_string());
        };
        let lines = errors.into_iter().map(|error| {
            let field = error.pointer.or(error.parameter).unwrap_or_default();
            format!("{}: {}", field.trim_start_matches('/'), error.message)
        });
        Self::new(lines.collect::<Vec<_>>().join("\n"))
    }
}

/// Errors that say all there is to say.
macro_rules! speaks_for_itself {
    ($($error:ty),+ $(,)?) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::new(error.to_string())
            }
        })+
    };
}

speaks_for_itself!(
    ClientError,
    PartsError,
    ClusterError,
    ConnectError,
    diesel::result::Error,
    HasherError,
    io::Error,
    MigrateError,
    PoolError,
    SecretFileError,
    TargetError,
    TelemetryError,
);
