//! The kinds of tags and authors, how they are listed, and what a section's place in the tree must obey.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::text_enum;

/// Sections nest this deep at most; a root section has depth 1.
pub const MAX_SECTION_DEPTH: i32 = 4;

text_enum! {
    /// What a tag names.
    #[derive(Default)]
    pub enum TagKind {
        #[default]
        Topic = "topic",
        Person = "person",
        Place = "place",
        Organisation = "organisation",
    }
}

text_enum! {
    /// Who a byline names.
    #[derive(Default)]
    pub enum AuthorKind {
        #[default]
        Person = "person",
        Agency = "agency",
    }
}

/// A tag, as articles refer to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TagRef {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub kind: TagKind,
}

text_enum! {
    /// The three kinds of things that articles refer to by slug.
    pub enum Taxonomy {
        Section = "section",
        Tag = "tag",
        Author = "author",
    }
}

text_enum! {
    /// In which order tags and authors are listed.
    pub enum NameSort {
        /// By name.
        Name = "name",
        /// Those that most published articles name first.
        Busiest = "-article_count",
    }
}

text_enum! {
    /// In which order tags and authors are listed on the desk.
    pub enum DeskNameSort {
        /// By name.
        Name = "name",
        /// Those that most published articles name first.
        Busiest = "-article_count",
        /// Those that were changed last first.
        Newest = "-updated_at",
    }
}

impl From<NameSort> for DeskNameSort {
    fn from(sort: NameSort) -> Self {
        match sort {
            NameSort::Name => Self::Name,
            NameSort::Busiest => Self::Busiest,
        }
    }
}

/// Where in such a list an entry stands: what it is sorted by, then its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NamePosition {
    Name(String, Uuid),
    Busiest(i32, String, Uuid),
    Newest(DateTime<Utc>, Uuid),
}
