//! The content of a revision: how two differ, and how a change to one is brought into another.

use diesel::prelude::*;
use uuid::Uuid;

use crate::db::Json;
use crate::db::schema::revisions;
use crate::domain::body::{BodyFormat, OutlineEntry};
use crate::domain::content::{Image, NamedRef, Seo, Source};

/// What reaches readers when the revision is published.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = revisions, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct Content {
    pub slug: String,
    pub kicker: Option<String>,
    pub title: String,
    pub standfirst: Option<String>,
    pub dateline: Option<String>,
    pub language: String,
    pub body_source: String,
    pub body_format: BodyFormat,
    pub body_html: String,
    pub outline: Json<Vec<OutlineEntry>>,
    pub word_count: i32,
    pub section: Option<Json<NamedRef>>,
    pub tags: Json<Vec<NamedRef>>,
    pub authors: Json<Vec<NamedRef>>,
    pub sources: Json<Vec<Source>>,
    pub related: Vec<Uuid>,
    pub seo: Json<Seo>,
    pub hero: Option<Json<Image>>,
}

impl Content {
    /// The fields in which this differs from `other`, as the API names them. A relation that was only renamed is the same.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let section = |content: &Self| content.section.as_ref().map(|section| section.0.id);
        [
            ("slug", self.slug != other.slug),
            ("kicker", self.kicker != other.kicker),
            ("title", self.title != other.title),
            ("standfirst", self.standfirst != other.standfirst),
            ("dateline", self.dateline != other.dateline),
            ("language", self.language != other.language),
            (
                "body",
                self.body_source != other.body_source || self.body_format != other.body_format,
            ),
            ("section", section(self) != section(other)),
            ("tags", ids(&self.tags.0) != ids(&other.tags.0)),
            ("authors", ids(&self.authors.0) != ids(&other.authors.0)),
            ("sources", self.sources != other.sources),
            ("related", self.related != other.related),
            ("seo", self.seo != other.seo),
            ("hero", self.hero != other.hero),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect()
    }
}

/// What became of a change that was brought into another text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The fields that were brought in.
    pub applied: Vec<&'static str>,
    /// The fields that stay as they are, because they had been changed there too.
    pub not_applied: Vec<&'static str>,
}

impl Content {
    /// Brings in what changed from `before` to `after`, field by field, but for fields that were changed here as well.
    pub fn merge(&mut self, before: &Self, after: &Self) -> Merged {
        let (own, apart) = (self.differences(before), self.differences(after));
        let mut merged = Merged::default();
        for field in after.differences(before) {
            if !own.contains(&field) {
                self.take(field, after.clone());
                merged.applied.push(field);
            } else if apart.contains(&field) {
                merged.not_applied.push(field);
            }
        }
        merged
    }

    fn take(&mut self, field: &str, from: Self) {
        match field {
            "slug" => self.slug = from.slug,
            "kicker" => self.kicker = from.kicker,
            "title" => self.title = from.title,
            "standfirst" => self.standfirst = from.standfirst,
            "dateline" => self.dateline = from.dateline,
            "language" => self.language = from.language,
            "body" => {
                self.body_source = from.body_source;
                self.body_format = from.body_format;
                self.body_html = from.body_html;
                self.outline = from.outline;
                self.word_count = from.word_count;
            }
            "section" => self.section = from.section,
            "tags" => self.tags = from.tags,
            "authors" => self.authors = from.authors,
            "sources" => self.sources = from.sources,
            "related" => self.related = from.related,
            "seo" => self.seo = from.seo,
            "hero" => self.hero = from.hero,
            // A test takes every field that can differ.
            _ => {}
        }
    }

    /// The fields that somebody has given a value.
    #[must_use]
    pub fn given(&self) -> Vec<&'static str> {
        [
            ("slug", true),
            ("kicker", self.kicker.is_some()),
            ("title", true),
            ("standfirst", self.standfirst.is_some()),
            ("dateline", self.dateline.is_some()),
            ("language", true),
            ("body", self.word_count > 0),
            ("section", self.section.is_some()),
            ("tags", !self.tags.0.is_empty()),
            ("authors", !self.authors.0.is_empty()),
            ("sources", !self.sources.0.is_empty()),
            ("related", !self.related.is_empty()),
            ("seo", self.seo.0 != Seo::default()),
            ("hero", self.hero.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .collect()
    }
}

/// The ids of what is referred to, in order.
#[must_use]
pub fn ids(refs: &[NamedRef]) -> Vec<Uuid> {
    refs.iter().map(|named| named.id).collect()
}

#[cfg(test)]
mod tests;
