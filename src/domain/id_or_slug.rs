//! What names a thing in an address: its id or its slug.

use serde::{Deserialize, Deserializer};
use uuid::Uuid;

/// An id or a slug. A slug never looks like an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdOrSlug {
    Id(Uuid),
    Slug(String),
}

impl IdOrSlug {
    #[must_use]
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Slug(_) => None,
        }
    }

    #[must_use]
    pub fn slug(&self) -> Option<&str> {
        match self {
            Self::Id(_) => None,
            Self::Slug(slug) => Some(slug),
        }
    }
}

impl From<&str> for IdOrSlug {
    fn from(text: &str) -> Self {
        Uuid::try_parse(text).map_or_else(|_| Self::Slug(text.to_owned()), Self::Id)
    }
}

impl<'de> Deserialize<'de> for IdOrSlug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // PostgreSQL holds no NUL, and no slug is this long: such a name is nobody's.
        if text.contains('\0') || text.len() > 1000 {
            return Err(serde::de::Error::custom("no name"));
        }
        Ok(Self::from(text.as_str()))
    }
}
