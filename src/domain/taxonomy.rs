//! The kinds of tags and authors, and what a section's place in the tree must obey.

use super::text_enum;

/// Sections nest this deep at most; a root section has depth 1.
pub const MAX_SECTION_DEPTH: i32 = 4;

text_enum! {
    /// What a tag names.
    pub enum TagKind {
        Topic = "topic",
        Person = "person",
        Place = "place",
        Organisation = "organisation",
    }
}

text_enum! {
    /// Who a byline names.
    pub enum AuthorKind {
        Person = "person",
        Agency = "agency",
    }
}

text_enum! {
    /// The three kinds of things that articles refer to by slug.
    pub enum Taxonomy {
        Section = "section",
        Tag = "tag",
        Author = "author",
    }
}
