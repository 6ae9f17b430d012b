//! Which index of the readers' copy a list is walked along.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{FEW, ListFilter, PublishedSort};
use crate::db::schema::published_articles;
use crate::db::{Connection, Result};

/// What a list walks along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Along {
    Everything,
    Section(Uuid),
    Tag(Uuid),
    Author(Uuid),
    Kicker(String),
    Language(String),
    Featured,
    /// Few enough to look at each.
    These(Vec<Uuid>),
}

impl Along {
    /// Breaking news, which is few at a time. Else the index with the fewest entries that do not belong on the list.
    pub(super) async fn choose(conn: &Connection, filter: &ListFilter, sort: PublishedSort) -> Result<Self> {
        if let Some((true, now)) = filter.breaking {
            let breaking = breaking(conn, now).await?;
            if i64::try_from(breaking.len()).is_ok_and(|breaking| breaking < FEW) {
                return Ok(Self::These(breaking));
            }
        }
        Ok(Self::index(filter, sort))
    }

    fn index(filter: &ListFilter, sort: PublishedSort) -> Self {
        if let Some(tag) = filter.tags_all.as_slice().first().or(only(filter.tags.as_ref())) {
            return Self::Tag(*tag);
        }
        if let Some(author) = only(filter.authors.as_ref()) {
            return Self::Author(*author);
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
            return Self::Section(*section);
        }
        match only(filter.languages.as_ref()) {
            Some(language) if sort != PublishedSort::Updated => Self::Language(language.clone()),
            _ => Self::Everything,
        }
    }

    /// Whether it has few entries, so that each can be looked at.
    pub(super) fn is_short(&self) -> bool {
        matches!(self, Self::These(_))
    }

    /// What is to be asked of each entry, because walking here does not answer it.
    pub(super) fn left_to_ask(&self, filter: &ListFilter) -> ListFilter {
        let mut left = filter.clone();
        match self {
            Self::Everything => {}
            Self::Section(_) => left.sections = None,
            Self::Tag(id) => {
                left.tags_all.retain(|tag| tag != id);
                left.tags = left.tags.filter(|tags| tags.as_slice() != [*id]);
            }
            Self::Author(_) => left.authors = None,
            Self::Kicker(_) => left.kickers = None,
            Self::Language(_) => left.languages = None,
            Self::Featured => left.featured = None,
            Self::These(_) => left.breaking = None,
        }
        left
    }
}

fn only<T>(list: Option<&Vec<T>>) -> Option<&T> {
    list.filter(|list| list.len() == 1)?.as_slice().first()
}

/// What is breaking news at this instant, or so much of it that it is not few.
async fn breaking(mut conn: &Connection, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    published_articles::table
        .filter(published_articles::breaking_until.gt(now))
        .order(published_articles::breaking_until.desc())
        .limit(FEW)
        .select(published_articles::id)
        .load(&mut conn)
        .await
}
