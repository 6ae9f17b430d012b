//! Tags as editors write them, and their checks.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::check::Check;
use crate::domain::patch::{Patch, given};
use crate::domain::taxonomy::TagKind;
use crate::error::{Error, Result};
use crate::newsroom::TagChange;

/// A new tag.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTag {
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Made from the name when left out.
    #[schema(min_length = 1, max_length = 120)]
    pub slug: Option<String>,
    /// A topic when left out.
    pub kind: Option<TagKind>,
    #[schema(min_length = 1, max_length = 1000)]
    pub description: Option<String>,
}

/// What changes about a tag: what is left out stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    /// The old one leads to the new one from then on.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 120)]
    pub slug: Option<String>,
    /// `null` makes it a topic again.
    #[serde(default)]
    #[schema(value_type = Option<TagKind>)]
    pub kind: Patch<TagKind>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub description: Patch<String>,
}

/// Where a tag goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagMerge {
    /// Id or slug of the tag that remains.
    pub into: String,
}

impl From<NewTag> for TagPatch {
    fn from(new: NewTag) -> Self {
        Self {
            name: Some(new.name),
            slug: new.slug,
            kind: new.kind.into(),
            description: new.description.into(),
        }
    }
}

impl TagPatch {
    pub(super) fn check(self) -> Result<TagChange> {
        let mut check = Check::new();
        let change = TagChange {
            name: self.name.map(|name| check.line("/name", &name, 100)),
            slug: self.slug,
            kind: self.kind,
            description: self.description.map(|text| check.block("/description", &text, 1000)),
        };
        check.done().map_err(Error::invalid)?;
        Ok(change)
    }
}
