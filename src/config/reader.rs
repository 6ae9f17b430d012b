//! Reads variables one by one and collects every problem, so that an operator mends all of them in one round.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

use super::value::Value;
use crate::domain::nearest::nearest;

const PREFIX: &str = "MASTHEAD_";

/// One setting that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The variable.
    pub name: String,
    /// What is wrong; never contains a secret.
    pub message: String,
    /// A right value, or none when the variable should not be there at all.
    pub example: Option<String>,
}

/// Every setting that is wrong. The caller prints it and exits with [`ConfigError::EXIT_STATUS`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// At least one.
    pub problems: Vec<Problem>,
}

impl ConfigError {
    /// The exit status that says "a setting is wrong".
    pub const EXIT_STATUS: u8 = 3;
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.len() {
            1 => writeln!(f, "One setting is wrong, so nothing was started.")?,
            n => writeln!(f, "{n} settings are wrong, so nothing was started.")?,
        }
        for Problem { name, message, example } in &self.problems {
            let end = if message.ends_with('?') { "" } else { "." };
            writeln!(f, "  {name} {message}{end}")?;
            if let Some(example) = example {
                writeln!(f, "    Example: {name}={example}")?;
            }
        }
        write!(f, "Every setting is explained in .env.example.")
    }
}

/// The variables, the names asked for so far with their defaults, and the problems found.
pub(super) struct Reader {
    variables: BTreeMap<String, String>,
    asked: BTreeMap<&'static str, String>,
    problems: Vec<Problem>,
}

impl Reader {
    pub(super) fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let variables = variables
            .into_iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .collect();
        Self {
            variables,
            asked: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    /// Whether a variable has a value, right or wrong.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.variables.contains_key(name)
    }

    /// A setting with a default, which also serves as the example.
    pub(super) fn get<T: Value>(&mut self, name: &'static str, default: T) -> T {
        let example = default.show();
        self.asked.insert(name, example.clone());
        self.parse(name, &example).unwrap_or(default)
    }

    /// A setting with a default and bounds, both included.
    pub(super) fn within<T: Value + PartialOrd>(
        &mut self,
        name: &'static str,
        default: T,
        bounds: &RangeInclusive<T>,
    ) -> T {
        let example = default.show();
        let value = self.get(name, default);
        self.check_bounds(name, &value, bounds, &example);
        value
    }

    /// A setting with bounds that may be missing.
    pub(super) fn optional_within<T: Value + PartialOrd>(
        &mut self,
        name: &'static str,
        example: &str,
        bounds: &RangeInclusive<T>,
    ) -> Option<T> {
        let value = self.optional(name, example)?;
        self.check_bounds(name, &value, bounds, example);
        Some(value)
    }

    fn check_bounds<T: Value + PartialOrd>(
        &mut self,
        name: &'static str,
        value: &T,
        bounds: &RangeInclusive<T>,
        example: &str,
    ) {
        if !bounds.contains(value) {
            let (least, most) = (bounds.start().show(), bounds.end().show());
            let message = format!("must be between {least} and {most}, but is {}", value.show());
            self.problem(name, message, example);
        }
    }

    /// A setting that may be missing.
    pub(super) fn optional<T: Value>(&mut self, name: &'static str, example: &str) -> Option<T> {
        self.asked.insert(name, String::new());
        self.parse(name, example)
    }

    fn parse<T: Value>(&mut self, name: &'static str, example: &str) -> Option<T> {
        let text = self.variables.get(name)?.trim();
        let parsed = match text.contains(char::REPLACEMENT_CHARACTER) {
            true => Err("must be UTF-8 text".to_owned()),
            false => T::parse(text),
        };
        match parsed {
            Ok(value) => Some(value),
            Err(message) if T::SECRET => {
                self.problem(name, message, example);
                None
            }
            Err(message) => {
                let shown: String = text.chars().take(80).collect();
                self.problem(name, format!("{message}, but is {shown:?}"), example);
                None
            }
        }
    }

    /// Adds a problem that takes more than one setting to see.
    pub(super) fn problem(&mut self, name: &str, message: String, example: &str) {
        self.problems.push(Problem {
            name: name.to_owned(),
            message,
            example: Some(example.to_owned()),
        });
    }

    /// The names asked for, with their defaults as text ("" when there is none).
    pub(super) fn asked(&self) -> &BTreeMap<&'static str, String> {
        &self.asked
    }

    /// The problems, with the names of ours that nobody asked for.
    pub(super) fn finish(mut self) -> Result<(), ConfigError> {
        let unknown: Vec<Problem> = self.variables.keys().filter_map(|name| self.unknown(name)).collect();
        self.problems.extend(unknown);
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(ConfigError {
                problems: self.problems,
            })
        }
    }

    fn unknown(&self, name: &str) -> Option<Problem> {
        if self.asked().contains_key(name) {
            return None;
        }
        // The prefix, which all share, makes no two names alike.
        let ours = self.asked.keys().filter_map(|known| known.strip_prefix(PREFIX));
        let message = match nearest(name.strip_prefix(PREFIX)?, ours) {
            Some(known) => format!("is not a setting; did you mean `{PREFIX}{known}`?"),
            None => "is not a setting; remove it".to_owned(),
        };
        Some(Problem {
            name: name.to_owned(),
            message,
            example: None,
        })
    }
}
