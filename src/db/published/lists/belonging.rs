//! Whether an article belongs on a list, asked of each entry that a walk comes by.
//!
//! Every question is one that PostgreSQL can only answer entry by entry: an array, or a single value, of that article.
//! Were the tables joined, it might begin at the other end, and read everything that stands under a tag.

use crate::db::schema::{
    published_article_authors, published_article_sections, published_article_tags, published_articles,
};

// A walk may be along one of these tables itself.
diesel::alias! {
    pub(in crate::db::published) const OWN_SECTIONS: Alias<OwnSections> = published_article_sections as own_sections;
    pub(in crate::db::published) const OWN_TAGS: Alias<OwnTags> = published_article_tags as own_tags;
    pub(in crate::db::published) const OWN_AUTHORS: Alias<OwnAuthors> = published_article_authors as own_authors;
    pub(in crate::db::published) const ITSELF: Alias<Itself> = published_articles as itself;
}

/// Leaves the entries that belong on the list.
macro_rules! belonging {
    ($walk:ident, $filter:expr, $table:ident, $article:ident) => {{
        use $crate::db::published::lists::belonging::{ITSELF, OWN_AUTHORS, OWN_SECTIONS, OWN_TAGS};
        use $crate::db::published::names::ids_of;
        use $crate::db::schema::{
            published_article_authors as by_author, published_article_sections as by_section,
            published_article_tags as by_tag, published_articles as articles,
        };
        use $crate::domain::taxonomy::Taxonomy;

        // What is true of the article itself, as a single value.
        macro_rules! is {
            ($truth:expr) => {{
                let itself = ITSELF.filter(ITSELF.field(articles::id).eq($table::$article));
                itself.select($truth).single_value()
            }};
        }
        let its_sections = || {
            let its_own = OWN_SECTIONS.filter(OWN_SECTIONS.field(by_section::article_id).eq($table::$article));
            array(its_own.select(OWN_SECTIONS.field(by_section::section_id)))
        };
        let its_tags = || {
            let its_own = OWN_TAGS.filter(OWN_TAGS.field(by_tag::article_id).eq($table::$article));
            array(its_own.select(OWN_TAGS.field(by_tag::tag_id)))
        };
        let its_authors = || {
            let its_own = OWN_AUTHORS.filter(OWN_AUTHORS.field(by_author::article_id).eq($table::$article));
            array(its_own.select(OWN_AUTHORS.field(by_author::author_id)))
        };
        if let Some(sections) = &$filter.sections {
            $walk = $walk.filter(its_sections().overlaps_with(ids_of(Taxonomy::Section, sections)));
        }
        if let Some(tags) = &$filter.tags {
            $walk = $walk.filter(its_tags().overlaps_with(ids_of(Taxonomy::Tag, tags)));
        }
        if !$filter.tags_all.is_empty() {
            $walk = $walk.filter(its_tags().contains(ids_of(Taxonomy::Tag, &$filter.tags_all)));
        }
        if let Some(authors) = &$filter.authors {
            $walk = $walk.filter(its_authors().overlaps_with(ids_of(Taxonomy::Author, authors)));
        }
        if let Some(kickers) = &$filter.kickers {
            $walk = $walk.filter(is!(ITSELF.field(articles::kicker).eq_any(kickers)));
        }
        if let Some(languages) = &$filter.languages {
            $walk = $walk.filter(is!(ITSELF.field(articles::language).eq_any(languages)));
        }
        if let Some(featured) = $filter.featured {
            $walk = $walk.filter(is!(ITSELF.field(articles::featured).eq(featured)));
        }
        let until = ITSELF.field(articles::breaking_until);
        match $filter.breaking {
            None => $walk,
            Some((true, now)) => $walk.filter(is!(until.gt(now))),
            Some((false, now)) => $walk.filter(is!(until.is_null().or(until.le(now)))),
        }
    }};
}

pub(in crate::db::published) use belonging;
