//! The sections, tags and authors that articles name, as they are called now: one statement, whatever is asked for.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Nullable, Text, Uuid as SqlUuid};
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
    pub fn tags(&self, ids: &[Uuid]) -> Vec<TagName> {
        ids.iter().filter_map(|id| self.tags.get(id).cloned()).collect()
    }

    /// The authors among `ids` that exist, in that order.
    #[must_use]
    pub fn authors(&self, ids: &[Uuid]) -> Vec<AuthorName> {
        ids.iter().filter_map(|id| self.authors.get(id).cloned()).collect()
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

/// What one statement answers of any of them.
pub(super) type Row = (
    Taxonomy,
    Uuid,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<Json<Image>>,
    Option<Uuid>,
);

macro_rules! tag_columns {
    () => {{
        use diesel::sql_types::{Jsonb, Nullable, Text};
        use $crate::db::Json;
        use $crate::db::schema::tags;
        use $crate::domain::content::Image;
        use $crate::domain::taxonomy::Taxonomy;

        tags::table.select((
            Taxonomy::Tag.into_sql::<Text>(),
            tags::id,
            tags::slug,
            tags::name,
            tags::kind.nullable(),
            None::<String>.into_sql::<Nullable<Text>>(),
            None::<Json<Image>>.into_sql::<Nullable<Jsonb>>(),
            tags::merged_into_id,
        ))
    }};
}

pub(super) use tag_columns;

macro_rules! author_columns {
    () => {{
        use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
        use $crate::db::schema::authors;
        use $crate::domain::taxonomy::Taxonomy;

        authors::table.select((
            Taxonomy::Author.into_sql::<Text>(),
            authors::id,
            authors::slug,
            authors::name,
            authors::kind.nullable(),
            None::<String>.into_sql::<Nullable<Text>>(),
            authors::avatar,
            None::<Uuid>.into_sql::<Nullable<SqlUuid>>(),
        ))
    }};
}

pub(super) use author_columns;

impl FromIterator<Row> for Refs {
    fn from_iter<I: IntoIterator<Item = Row>>(rows: I) -> Self {
        let mut refs = Self::default();
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
                    let author = AuthorName {
                        id,
                        slug,
                        name,
                        kind,
                        avatar: avatar.map(|avatar| avatar.0),
                    };
                    refs.authors.insert(id, author);
                }
            }
        }
        refs
    }
}

/// Loads what these ids name.
///
/// # Errors
/// When the database fails.
pub async fn load(mut conn: &Connection, section: &[Uuid], tag: &[Uuid], author: &[Uuid]) -> Result<Refs> {
    if section.is_empty() && tag.is_empty() && author.is_empty() {
        return Ok(Refs::default());
    }
    let rows: Vec<Row> = sections::table
        .filter(sections::id.eq_any(section))
        .select((
            Taxonomy::Section.into_sql::<Text>(),
            sections::id,
            sections::slug,
            sections::name,
            None::<String>.into_sql::<Nullable<Text>>(),
            sections::path.nullable(),
            None::<Json<Image>>.into_sql::<Nullable<Jsonb>>(),
            None::<Uuid>.into_sql::<Nullable<SqlUuid>>(),
        ))
        .union_all(tag_columns!().filter(tags::id.eq_any(tag)))
        .union_all(author_columns!().filter(authors::id.eq_any(author)))
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().collect())
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
