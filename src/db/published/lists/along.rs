//! Which index of the readers' copy a list is walked along.

use chrono::{DateTime, Utc};

use super::{ListFilter, PublishedSort};
use crate::domain::id_or_slug::IdOrSlug;

/// What a list walks along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Along {
    Everything,
    Section(IdOrSlug),
    Tag(IdOrSlug),
    Author(IdOrSlug),
    Kicker(String),
    Language(String),
    Featured,
    /// What is breaking news at this instant, in no order that a list has.
    Breaking(DateTime<Utc>),
}

impl Along {
    /// Breaking news, of which there is little at a time. Else an index in the list's order.
    pub(super) fn choose(filter: &ListFilter, sort: PublishedSort) -> Self {
        match filter.breaking {
            Some((true, now)) => Self::Breaking(now),
            _ => Self::index(filter, sort),
        }
    }

    /// The index in the list's order with the fewest entries that do not belong on the list.
    pub(super) fn index(filter: &ListFilter, sort: PublishedSort) -> Self {
        if let Some(tag) = filter.tags_all.as_slice().first().or(only(filter.tags.as_ref())) {
            return Self::Tag(tag.clone());
        }
        if let Some(author) = only(filter.authors.as_ref()) {
            return Self::Author(author.clone());
        }
        // These are in the order of the date line alone.
        if sort != PublishedSort::Updated {
            if filter.featured == Some(true) {
                return Self::Featured;
            }
            if let Some(kicker) = only(filter.kickers.as_ref()) {
                return Self::Kicker(kicker.clone());
            }
        }
        if let Some(section) = only(filter.sections.as_ref()) {
            return Self::Section(section.clone());
        }
        match only(filter.languages.as_ref()) {
            Some(language) if sort != PublishedSort::Updated => Self::Language(language.clone()),
            _ => Self::Everything,
        }
    }

    /// Whether it answers the whole question, in the list's order.
    pub(super) fn answers(&self, filter: &ListFilter, sort: PublishedSort) -> bool {
        let dated = filter.is_dated() && sort == PublishedSort::Updated;
        !dated && !matches!(self, Self::Breaking(_)) && self.left_to_ask(filter).is_none()
    }

    /// What is to be asked of each entry, because walking here does not answer it.
    pub(super) fn left_to_ask(&self, filter: &ListFilter) -> ListFilter {
        let mut left = filter.clone();
        match self {
            Self::Everything => {}
            Self::Section(_) => left.sections = None,
            Self::Tag(named) => {
                left.tags_all.retain(|tag| tag != named);
                left.tags = left.tags.filter(|tags| only(Some(tags)) != Some(named));
            }
            Self::Author(_) => left.authors = None,
            Self::Kicker(_) => left.kickers = None,
            Self::Language(_) => left.languages = None,
            Self::Featured => left.featured = None,
            Self::Breaking(_) => left.breaking = None,
        }
        left
    }
}

fn only<T>(list: Option<&Vec<T>>) -> Option<&T> {
    list.filter(|list| list.len() == 1)?.as_slice().first()
}
