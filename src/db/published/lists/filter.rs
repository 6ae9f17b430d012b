//! Which articles a list shows.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::db::published::names::{self, Names};
use crate::db::{Connection, Result};
use crate::domain::id_or_slug::IdOrSlug;
use crate::domain::taxonomy::Taxonomy;

/// Which articles a list shows. What is `None` or empty is not asked for.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    /// In one of these sections or below it.
    pub sections: Option<Vec<IdOrSlug>>,
    /// With one of these tags.
    pub tags: Option<Vec<IdOrSlug>>,
    /// With each of these tags.
    pub tags_all: Vec<IdOrSlug>,
    /// By one of these authors.
    pub authors: Option<Vec<IdOrSlug>>,
    pub kickers: Option<Vec<String>>,
    pub languages: Option<Vec<String>>,
    pub featured: Option<bool>,
    /// Whether it is breaking news at this instant.
    pub breaking: Option<(bool, DateTime<Utc>)>,
    /// Not before this date line.
    pub published_from: Option<DateTime<Utc>>,
    /// Before this date line.
    pub published_before: Option<DateTime<Utc>>,
    pub exclude: Vec<Uuid>,
}

impl ListFilter {
    /// Whether it asks for nothing but dates and other articles than some.
    pub(super) fn is_none(&self) -> bool {
        self.sections.is_none()
            && self.tags.is_none()
            && self.tags_all.is_empty()
            && self.authors.is_none()
            && self.kickers.is_none()
            && self.languages.is_none()
            && self.featured.is_none()
            && self.breaking.is_none()
    }

    /// Whether it asks what an editor may change without moving the article to other lists.
    #[must_use]
    pub fn asks_of_articles(&self) -> bool {
        self.kickers.is_some() || self.languages.is_some() || self.featured.is_some() || self.breaking.is_some()
    }

    pub(super) fn is_dated(&self) -> bool {
        self.published_from.is_some() || self.published_before.is_some()
    }

    /// Whether it names several things of a kind, of which some may be nobody's.
    pub(super) fn has_lists_of_names(&self) -> bool {
        [&self.sections, &self.tags, &self.authors]
            .into_iter()
            .flatten()
            .any(|given| given.len() > 1)
    }

    /// What its slugs name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn names(&self, conn: &Connection) -> Result<Names> {
        let tags = [slugs(self.tags.as_ref()), slugs(Some(&self.tags_all))].concat();
        let (sections, authors) = (slugs(self.sections.as_ref()), slugs(self.authors.as_ref()));
        names::find(conn, &sections, &tags, &authors).await
    }

    /// Whether no article can fit, when its slugs name this and no more.
    #[must_use]
    pub fn fits_none(&self, names: &Names) -> bool {
        let nobody =
            |kind, given: &Option<Vec<IdOrSlug>>| given.as_ref().is_some_and(|given| names.ids(kind, given).is_empty());
        nobody(Taxonomy::Section, &self.sections)
            || nobody(Taxonomy::Tag, &self.tags)
            || nobody(Taxonomy::Author, &self.authors)
            || self.tags_all.iter().any(|tag| names.id(Taxonomy::Tag, tag).is_none())
    }

    /// The same filter, if one of its lists names only one thing in the end: that has an index of its own.
    pub(super) fn narrowed(&self, names: &Names) -> Option<Self> {
        let one = |kind, given: &Option<Vec<IdOrSlug>>| {
            let given = given.as_ref().filter(|given| given.len() > 1)?;
            match names.ids(kind, given).as_slice() {
                [id] => Some(vec![IdOrSlug::Id(*id)]),
                _ => None,
            }
        };
        let sections = one(Taxonomy::Section, &self.sections);
        let tags = one(Taxonomy::Tag, &self.tags);
        let authors = one(Taxonomy::Author, &self.authors);
        if sections.is_none() && tags.is_none() && authors.is_none() {
            return None;
        }
        Some(Self {
            sections: sections.or_else(|| self.sections.clone()),
            tags: tags.or_else(|| self.tags.clone()),
            authors: authors.or_else(|| self.authors.clone()),
            ..self.clone()
        })
    }
}

fn slugs(named: Option<&Vec<IdOrSlug>>) -> Vec<&str> {
    named.into_iter().flatten().filter_map(IdOrSlug::slug).collect()
}
