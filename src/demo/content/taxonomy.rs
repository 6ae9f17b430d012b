//! What articles are sorted by: sections, tags and bylines.

use serde::Deserialize;

use super::Link;
use crate::domain::taxonomy::{AuthorKind, TagKind};

/// A department of the paper; `parent` is a slug, `position` counts among siblings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub parent: Option<String>,
    pub position: i32,
}

/// A topic, person, place or organisation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    pub slug: String,
    pub name: String,
    pub kind: TagKind,
    pub description: String,
}

/// A person or agency in a byline; `user` is the e-mail of a [`User`](super::User).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Author {
    pub slug: String,
    pub name: String,
    pub kind: AuthorKind,
    pub bio: String,
    pub links: Vec<Link>,
    pub user: Option<String>,
}
