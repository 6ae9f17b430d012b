//! Authors as editors write them, and their checks.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::desk::inputs::{ImageInput, LinkInput, links};
use crate::domain::check::Check;
use crate::domain::patch::{Patch, given};
use crate::domain::taxonomy::AuthorKind;
use crate::error::{Error, Result};
use crate::newsroom::AuthorChange;

/// A new author.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAuthor {
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Made from the name when left out.
    #[schema(min_length = 1, max_length = 120)]
    pub slug: Option<String>,
    /// A person when left out.
    pub kind: Option<AuthorKind>,
    #[schema(max_length = 5000)]
    pub bio: Option<String>,
    pub avatar: Option<ImageInput>,
    /// Where else they are found.
    #[schema(max_items = 20)]
    pub links: Option<Vec<LinkInput>>,
    /// Id or e-mail address of the account that writes under this name.
    #[schema(min_length = 1, max_length = 254)]
    pub user: Option<String>,
}

/// What changes about an author: what is left out stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    /// The old one leads to the new one from then on.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 120)]
    pub slug: Option<String>,
    /// `null` makes it a person again.
    #[serde(default)]
    #[schema(value_type = Option<AuthorKind>)]
    pub kind: Patch<AuthorKind>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5000)]
    pub bio: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<ImageInput>)]
    pub avatar: Patch<ImageInput>,
    /// Where else they are found: the list replaces the one before.
    #[serde(default)]
    #[schema(value_type = Option<Vec<LinkInput>>, max_items = 20)]
    pub links: Patch<Vec<LinkInput>>,
    /// Id or e-mail address of the account that writes under this name; `null` unlinks it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 254)]
    pub user: Patch<String>,
}

impl From<NewAuthor> for AuthorPatch {
    fn from(new: NewAuthor) -> Self {
        Self {
            name: Some(new.name),
            slug: new.slug,
            kind: new.kind.into(),
            bio: new.bio.into(),
            avatar: new.avatar.into(),
            links: new.links.into(),
            user: new.user.into(),
        }
    }
}

impl AuthorPatch {
    pub(super) fn check(self) -> Result<AuthorChange> {
        let mut check = Check::new();
        let change = AuthorChange {
            name: self.name.map(|name| check.line("/name", &name, 100)),
            slug: self.slug,
            kind: self.kind,
            bio: self.bio.map(|bio| check.block("/bio", &bio, 5000)),
            avatar: self.avatar.map(|avatar| avatar.check(&mut check, "/avatar")),
            links: self.links.map(|list| links(&mut check, "/links", list)),
            user: self.user.map(|user| check.line("/user", &user, 254)),
        };
        check.done().map_err(Error::invalid)?;
        Ok(change)
    }
}
