//! What a command prints: text for people, or JSON for programs.

use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::json;

use super::Failure;

/// Where results go, in the form that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    json: bool,
}

impl Output {
    /// `json` is the flag of the same name.
    #[must_use]
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints a result: `text` for people, `value` for programs.
    ///
    /// # Errors
    /// When nobody takes it.
    pub fn say(self, text: impl Display, value: &impl Serialize) -> Result<(), Failure> {
        let line = if self.json {
            serde_json::to_string(value).map_err(|error| Failure::new(format!("cannot write JSON: {error}")))?
        } else {
            text.to_string()
        };
        writeln!(std::io::stdout(), "{line}")
            .map_err(|error| Failure::new(format!("cannot write to standard output: {error}")))
    }

    /// Prints why the command failed, on standard error; the status to end with.
    pub(super) fn fail(self, failure: &Failure) -> ExitCode {
        if self.json {
            eprintln!("{}", json!({ "error": { "message": failure.message } }));
        } else {
            eprintln!("{}", failure.message);
        }
        ExitCode::from(failure.status)
    }
}
