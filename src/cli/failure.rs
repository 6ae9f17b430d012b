//! Why a command ends with something else than 0.

use std::io;

use crate::auth::password::HasherError;
use crate::cluster::ClusterError;
use crate::config::{ConfigError, SecretFileError};
use crate::db::migrate::MigrateError;
use crate::db::pool::{ConnectError, PoolError};
use crate::db::tls::TargetError;
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
