//! The paper itself, and the people who sign in.

use serde::Deserialize;

use crate::domain::permission::Role;

/// Public facts of the paper.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    pub name: String,
    pub tagline: String,
    pub logo: String,
    pub languages: Vec<String>,
    pub default_language: String,
    pub call_to_action: CallToAction,
    pub publisher: Publisher,
    pub social: Vec<Link>,
}

/// What a page asks of its reader at the end.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallToAction {
    pub text: String,
    pub label: String,
    pub url: String,
}

/// Who answers for the paper.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publisher {
    pub name: String,
    pub url: String,
    pub logo: String,
}

/// A named address.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub name: String,
    pub url: String,
}

/// An account that signs in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    pub email: String,
    pub name: String,
    pub role: Role,
}
