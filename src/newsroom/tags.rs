//! What the verbs on tags share.

use crate::domain::patch::Patch;
use crate::domain::taxonomy::TagKind;

/// What an editor says about a tag, its texts checked already. What is absent stays.
#[derive(Clone, Debug, Default)]
pub struct TagChange {
    pub slug: Option<String>,
    pub name: Option<String>,
    pub kind: Patch<TagKind>,
    pub description: Patch<String>,
}
