//! The sections, tags and authors that articles name, as they are called now: one statement, whatever is asked for.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Nullable, Text};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::{authors, sections, tags, users};
use super::{Connection, Json, Result};
use crate::domain::content::{Image, NamedRef};
use crate::domain::taxonomy::{AuthorKind, TagKind, Taxonomy};

/// A section's names.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sections, check_for_backend(diesel::pg::Pg))]
pub struct SectionName {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub path: String,
}

/// A tag's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagName {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub kind: TagKind,
    /// The tag that took its place.
    pub merged_into: Option<Uuid>,
}

/// An author's names.
#[derive(Clone, Debug, PartialEq)]
pub struct AuthorName {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub kind: AuthorKind,
    pub avatar: Option<Image>,
}

/// What was found, by id. What is gone is missing.
#[derive(Clone, Debug, Default)]
pub struct Refs {
    pub sections: HashMap<Uuid, SectionName>,
    pub tags: HashMap<Uuid, TagName>,
    pub authors: HashMap<Uuid, AuthorName>,
}

impl Refs {
    /// The tags among `ids` that exist, in that order.
    #[must_use]
    pub fn tags(&self, ids: &[Uuid]) -> Vec<&TagName> {
        ids.iter().filter_map(|id| self.tags.get(id)).collect()
    }

    /// The authors among `ids` that exist, in that order.
    #[must_use]
    pub fn authors(&self, ids: &[Uuid]) -> Vec<&AuthorName> {
        ids.iter().filter_map(|id| self.authors.get(id)).collect()
    }

    /// Their names alone, by kind and id.
    #[must_use]
    pub fn named(&self) -> HashMap<(Taxonomy, Uuid), NamedRef> {
        let sections = self
            .sections
            .values()
            .map(|s| (Taxonomy::Section, s.id, &s.slug, &s.name));
        let tags = self.tags.values().map(|t| (Taxonomy::Tag, t.id, &t.slug, &t.name));
        let authors = self
            .authors
            .values()
            .map(|a| (Taxonomy::Author, a.id, &a.slug, &a.name));
        let named = sections.chain(tags).chain(authors).map(|(kind, id, slug, name)| {
            let (slug, name) = (slug.clone(), name.clone());
            ((kind, id), NamedRef { id, slug, name })
        });
        named.collect()
    }
}

type Row = (
    Taxonomy,
    Uuid,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<Json<Image>>,
    Option<Uuid>,
);

/// Loads what these ids name.
///
/// # Errors
/// When the database fails.
pub async fn load(mut conn: &Connection, section: &[Uuid], tag: &[Uuid], author: &[Uuid]) -> Result<Refs> {
    let no_text = || None::<String>.into_sql::<Nullable<Text>>();
    let no_id = || None::<Uuid>.into_sql::<Nullable<diesel::sql_types::Uuid>>();
    let no_image = || None::<Json<Image>>.into_sql::<Nullable<Jsonb>>();
    let named_sections = sections::table.filter(sections::id.eq_any(section)).select((
        Taxonomy::Section.into_sql::<Text>(),
        sections::id,
        sections::slug,
        sections::name,
        no_text(),
        sections::path.nullable(),
        no_image(),
        no_id(),
    ));
    let named_tags = tags::table.filter(tags::id.eq_any(tag)).select((
        Taxonomy::Tag.into_sql::<Text>(),
        tags::id,
        tags::slug,
        tags::name,
        tags::kind.nullable(),
        no_text(),
        no_image(),
        tags::merged_into_id,
    ));
    let named_authors = authors::table.filter(authors::id.eq_any(author)).select((
        Taxonomy::Author.into_sql::<Text>(),
        authors::id,
        authors::slug,
        authors::name,
        authors::kind.nullable(),
        no_text(),
        authors::avatar,
        no_id(),
    ));
    let mut refs = Refs::default();
    if section.is_empty() && tag.is_empty() && author.is_empty() {
        return Ok(refs);
    }
    let rows: Vec<Row> = named_sections
        .union_all(named_tags)
        .union_all(named_authors)
        .load(&mut conn)
        .await?;
    for (taxonomy, id, slug, name, kind, path, avatar, merged_into) in rows {
        // A kind that is not known cannot be stored: the tables check it.
        match taxonomy {
            Taxonomy::Section => {
                let path = path.unwrap_or_default();
                refs.sections.insert(id, SectionName { id, slug, name, path });
            }
            Taxonomy::Tag => {
                let kind = kind.and_then(|kind| kind.parse().ok()).unwrap_or(TagKind::Topic);
                let tag = TagName {
                    id,
                    slug,
                    name,
                    kind,
                    merged_into,
                };
                refs.tags.insert(id, tag);
            }
            Taxonomy::Author => {
                let kind = kind.and_then(|kind| kind.parse().ok()).unwrap_or(AuthorKind::Person);
                let avatar = avatar.map(|avatar| avatar.0);
                refs.authors.insert(
                    id,
                    AuthorName {
                        id,
                        slug,
                        name,
                        kind,
                        avatar,
                    },
                );
            }
        }
    }
    Ok(refs)
}

/// The names of accounts.
///
/// # Errors
/// When the database fails.
pub async fn users(mut conn: &Connection, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let names: Vec<(Uuid, String)> = users::table
        .filter(users::id.eq_any(ids))
        .select((users::id, users::name))
        .load(&mut conn)
        .await?;
    Ok(names.into_iter().collect())
}

/// The authors with these ids or slugs.
///
/// # Errors
/// When the database fails.
pub async fn authors_named(conn: &mut Connection, given: &[String]) -> Result<Vec<Uuid>> {
    let ids: Vec<Uuid> = given.iter().filter_map(|text| Uuid::try_parse(text).ok()).collect();
    authors::table
        .filter(authors::slug.eq_any(given).or(authors::id.eq_any(ids)))
        .select(authors::id)
        .load(conn)
        .await
}
