//! What is logged.

use tracing_subscriber::EnvFilter;

use super::Environment;
use super::reader::Reader;
use super::value::{Value, keyword};

/// What is logged.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// `MASTHEAD_LOG_FORMAT`: `text` for people, `json` for machines (the default in production).
    pub format: LogFormat,
    /// `MASTHEAD_LOG`: the filter, like `info` or `info,masthead=debug`.
    pub filter: String,
}

impl LogConfig {
    /// The defaults of an environment.
    #[must_use]
    pub fn defaults(environment: Environment) -> Self {
        let format = if environment.is_development() {
            LogFormat::Text
        } else {
            LogFormat::Json
        };
        Self {
            format,
            filter: "info".to_owned(),
        }
    }

    pub(super) fn read(reader: &mut Reader, environment: Environment) -> Self {
        let default = Self::defaults(environment);
        Self {
            format: reader.get("MASTHEAD_LOG_FORMAT", default.format),
            filter: reader.get("MASTHEAD_LOG", Filter(default.filter)).0,
        }
    }
}

/// How a log line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

impl Value for LogFormat {
    fn parse(text: &str) -> Result<Self, String> {
        keyword(text, &[("text", Self::Text), ("json", Self::Json)])
    }

    fn show(&self) -> String {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
        .to_owned()
    }
}

struct Filter(String);

impl Value for Filter {
    fn parse(text: &str) -> Result<Self, String> {
        match EnvFilter::builder().parse(text) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(_) => Err("must be a level (error, warn, info, debug, trace), or levels by module".to_owned()),
        }
    }

    fn show(&self) -> String {
        self.0.clone()
    }
}
