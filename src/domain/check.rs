//! Checking the fields of a request body: all problems are collected, so that they can be mended at once.

use serde::Serialize;
use utoipa::ToSchema;

use super::text;

/// What is wrong with one field or one parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FieldProblem)]
pub struct FieldError {
    /// JSON Pointer to the field in the body.
    #[schema(required)]
    pub pointer: Option<String>,
    /// Name of the query parameter or header.
    #[schema(required)]
    pub parameter: Option<String>,
    /// A stable word for programs.
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// What would be accepted instead, when that is a short list.
    pub allowed: Vec<String>,
}

impl FieldError {
    /// A problem with a field of the body.
    pub fn field(pointer: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: Some(pointer.into()),
            parameter: None,
            code: code.into(),
            message: message.into(),
            allowed: Vec::new(),
        }
    }

    /// A problem with a query parameter or header.
    pub fn parameter(parameter: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: None,
            parameter: Some(parameter.into()),
            code: code.into(),
            message: message.into(),
            allowed: Vec::new(),
        }
    }

    /// Adds what would be accepted.
    #[must_use]
    pub fn allowing(mut self, allowed: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.allowed = allowed.into_iter().map(Into::into).collect();
        self
    }
}

/// The problems of one request, gathered while its fields are read.
#[derive(Clone, Debug, Default)]
pub struct Check(Vec<FieldError>);

impl Check {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a problem.
    pub fn refuse(&mut self, problem: FieldError) {
        self.0.push(problem);
    }

    /// A line of text: trimmed, one line, 1 to `max` characters. What is wrong is noted and the text returned as it came.
    pub fn line(&mut self, pointer: &str, value: &str, max: usize) -> String {
        self.keep(pointer, value, text::line(value, max))
    }

    /// Text of several lines, 1 to `max` characters.
    pub fn block(&mut self, pointer: &str, value: &str, max: usize) -> String {
        self.keep(pointer, value, text::block(value, max))
    }

    /// A line that may be left empty: blank counts as empty.
    pub fn optional_line(&mut self, pointer: &str, value: Option<&str>, max: usize) -> Option<String> {
        let value = value.filter(|value| !value.trim().is_empty())?;
        Some(self.line(pointer, value, max))
    }

    /// Several lines that may be left empty.
    pub fn optional_block(&mut self, pointer: &str, value: Option<&str>, max: usize) -> Option<String> {
        let value = value.filter(|value| !value.trim().is_empty())?;
        Some(self.block(pointer, value, max))
    }

    /// An e-mail address, in its one spelling.
    pub fn email(&mut self, pointer: &str, value: &str) -> String {
        self.keep(pointer, value, super::email::email(value))
    }

    /// An `https` address.
    pub fn https(&mut self, pointer: &str, value: &str) -> String {
        self.keep(pointer, value, super::link::https(value))
    }

    /// An `http` or `https` address.
    pub fn link(&mut self, pointer: &str, value: &str) -> String {
        self.keep(pointer, value, super::link::http(value))
    }

    /// A language tag (BCP 47), in its usual spelling.
    pub fn language(&mut self, pointer: &str, value: &str) -> String {
        self.keep(pointer, value, super::language::language(value))
    }

    /// A number between two bounds.
    pub fn range(&mut self, pointer: &str, value: i32, min: i32, max: i32) -> i32 {
        if !(min..=max).contains(&value) {
            self.refuse(FieldError::field(
                pointer,
                "out_of_range",
                format!("must be {min} to {max}"),
            ));
        }
        value
    }

    /// No more than `max` entries.
    pub fn at_most<T>(&mut self, pointer: &str, list: &[T], max: usize) {
        if list.len() > max {
            self.refuse(FieldError::field(
                pointer,
                "too_many",
                format!("at most {max} entries, {} given", list.len()),
            ));
        }
    }

    /// Nothing if no problem was noted, else all of them.
    ///
    /// # Errors
    /// The problems noted.
    pub fn done(self) -> Result<(), Vec<FieldError>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }

    fn keep<E: text::Coded>(&mut self, pointer: &str, given: &str, result: Result<String, E>) -> String {
        result.unwrap_or_else(|error| {
            self.refuse(FieldError::field(pointer, error.code(), error.to_string()));
            given.to_owned()
        })
    }
}
