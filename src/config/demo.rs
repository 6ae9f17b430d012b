//! The demonstration newsroom.

use super::Environment;
use super::reader::Reader;

/// The demonstration newsroom.
#[derive(Clone, Debug)]
pub struct DemoConfig {
    /// `MASTHEAD_DEMO`: whether an empty database gets demonstration content; only development may.
    pub enabled: bool,
}

impl DemoConfig {
    /// The defaults of an environment.
    #[must_use]
    pub fn defaults(environment: Environment) -> Self {
        Self {
            enabled: environment.is_development(),
        }
    }

    pub(super) fn read(reader: &mut Reader, environment: Environment) -> Self {
        const NAME: &str = "MASTHEAD_DEMO";
        let enabled = reader.get(NAME, Self::defaults(environment).enabled);
        if enabled && !environment.is_development() {
            // Its users have a password that everybody knows.
            reader.problem(NAME, "must be off in production".to_owned(), "off");
        }
        Self { enabled }
    }
}
