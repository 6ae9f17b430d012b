//! Which part of the API a server answers.

use std::str::FromStr;

use super::value::keyword;

/// `masthead serve --role`: which part of the API this server answers. Unless it is told, all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ServerRole {
    /// Readers and staff.
    #[default]
    All,
    /// Readers alone. It makes no tables, loads no demo and runs no jobs: servers of the other roles do.
    Delivery,
    /// Staff alone. It keeps no answers.
    Desk,
}

impl ServerRole {
    /// Whether readers are answered.
    #[must_use]
    pub fn serves_readers(self) -> bool {
        self != Self::Desk
    }

    /// Whether staff are answered, and what a newsroom needs done is done here.
    #[must_use]
    pub fn serves_staff(self) -> bool {
        self != Self::Delivery
    }
}

impl FromStr for ServerRole {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        keyword(
            text,
            &[("all", Self::All), ("delivery", Self::Delivery), ("desk", Self::Desk)],
        )
    }
}
