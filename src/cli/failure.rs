//! Why a command ends with something else than 0.

use std::io;

use crate::cluster::ClusterError;
use crate::config::ConfigError;
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

impl From<ClusterError> for Failure {
    fn from(error: ClusterError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<TelemetryError> for Failure {
    fn from(error: TelemetryError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(error.to_string())
    }
}
