//! A field of a PATCH: left out, cleared with `null`, or given a value.

use serde::{Deserialize, Deserializer};

/// What a PATCH says about one field that may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Not mentioned: stays as it is.
    #[default]
    Absent,
    /// `null`: cleared.
    Clear,
    /// A new value.
    Set(T),
}

impl<T> Patch<T> {
    /// The new value of a field that is `current` now.
    pub fn apply(self, current: Option<T>) -> Option<T> {
        match self {
            Self::Absent => current,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The value given, by reference.
    pub fn as_set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Absent | Self::Clear => None,
        }
    }

    /// Turns the value, if one was given, into another.
    pub fn map<U>(self, turn: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Absent => Patch::Absent,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(turn(value)),
        }
    }
}

/// A create is a PATCH of nothing: what is left out or `null` is empty.
impl<T> From<Option<T>> for Patch<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }
}

/// Use with `#[serde(default)]`, which makes a missing field [`Patch::Absent`].
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|value| value.map_or(Self::Clear, Self::Set))
    }
}

/// Reads a field that may be left out but not cleared: with `#[serde(default, deserialize_with = "given")]` a `null` is
/// refused instead of passing for nothing said.
///
/// # Errors
/// When the value is `null` or no `T`.
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Body {
        #[serde(default)]
        name: Patch<String>,
        #[serde(default, deserialize_with = "given")]
        rank: Option<i32>,
    }

    #[test]
    fn what_cannot_be_cleared_refuses_null() {
        let read = |json: &str| serde_json::from_str::<Body>(json).map(|body| body.rank);
        assert_eq!(read("{}").expect("valid"), None);
        assert_eq!(read(r#"{"rank": 3}"#).expect("valid"), Some(3));
        assert!(read(r#"{"rank": null}"#).is_err());
    }

    #[test]
    fn absent_null_and_value_are_three_things() {
        let read = |json: &str| serde_json::from_str::<Body>(json).expect("valid").name;
        assert_eq!(read("{}"), Patch::Absent);
        assert_eq!(read(r#"{"name": null}"#), Patch::Clear);
        assert_eq!(read(r#"{"name": "x"}"#), Patch::Set("x".to_owned()));
    }
}
