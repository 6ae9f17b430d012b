//! Instants as callers write them: RFC 3339 with an offset, in the years that PostgreSQL and calendars agree on.

use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serializer};
use thiserror::Error;

use super::text::Coded;

/// What is wrong with an instant that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InstantError {
    #[error(
        "must be a date and time with an offset (RFC 3339), like 2026-01-31T09:00:00Z or 2026-01-31T09:00:00+05:00"
    )]
    Malformed,
    #[error("must lie in the years 0001 to 9999")]
    OutOfRange,
}

impl Coded for InstantError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "invalid_instant",
            Self::OutOfRange => "out_of_range",
        }
    }
}

/// An instant in a query or a body, in microseconds as PostgreSQL keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant(pub DateTime<Utc>);

impl Instant {
    /// Reads an instant.
    ///
    /// # Errors
    /// When it is none, names no offset, or lies too far away.
    pub fn parse(text: &str) -> Result<Self, InstantError> {
        let read = DateTime::parse_from_rfc3339(text).or_else(|error| {
            // In a query a plus that was not encoded arrives as a space.
            match text.rsplit_once(' ') {
                Some((time, offset)) => DateTime::parse_from_rfc3339(&format!("{time}+{offset}")),
                None => Err(error),
            }
        });
        let instant = read.map_err(|_| InstantError::Malformed)?.timestamp_micros();
        DateTime::from_timestamp_micros(instant)
            .filter(|instant| (1..=9999).contains(&instant.year()))
            .map(Self)
            .ok_or(InstantError::OutOfRange)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Writes an instant as it is written anyway, but in one piece: what is written digit by digit is looked through each time.
///
/// # Errors
/// When the serializer fails.
pub fn serialize<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offset_names_the_same_instant() {
        let utc = Instant::parse("2026-01-31T09:00:00Z").expect("an instant");
        for same in [
            "2026-01-31T14:00:00+05:00",
            "2026-01-31T14:00:00 05:00",
            "2026-01-31T04:00:00-05:00",
        ] {
            assert_eq!(Instant::parse(same), Ok(utc), "{same}");
        }
        assert_eq!(
            Instant::parse("2026-01-31T09:00:00.0000009Z"),
            Ok(utc),
            "in microseconds"
        );
    }

    #[test]
    fn an_instant_is_written_as_everywhere_else() {
        for text in [
            "2026-01-31T09:00:00Z",
            "2026-01-31T09:00:00.120Z",
            "0001-01-01T00:00:00.000007Z",
            "9999-12-31T23:59:59.999999Z",
        ] {
            let Instant(at) = Instant::parse(text).expect("an instant");
            let written = serialize(&at, serde_json::value::Serializer).expect("JSON");
            assert_eq!(written, serde_json::to_value(at).expect("JSON"));
            assert_eq!(written, text);
        }
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for malformed in [
            "",
            "now",
            "2026-01-31",
            "2026-01-31T09:00:00",
            "2026-13-31T09:00:00Z",
            "10000-01-01T00:00:00Z",
            "2026-01-31T09:00:00 Z",
        ] {
            assert_eq!(Instant::parse(malformed), Err(InstantError::Malformed), "{malformed}");
        }
        for far in [
            "0000-12-31T23:00:00Z",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:00:00-01:00",
        ] {
            assert_eq!(Instant::parse(far), Err(InstantError::OutOfRange), "{far}");
        }
    }
}
