//! The sections, tags and authors that articles name, as they are called now: one statement, whatever is asked for.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use futures_util::TryStreamExt;
use uuid::Uuid;

use super::schema::{authors, sections, tags, users};
use super::{Connection, Json, Result};
use crate::domain::content::{Image, NamedRef};
use crate::domain::taxonomy::{AuthorKind, TagKind, TagRef, Taxonomy};

/// A section's names.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sections, check_for_backend(diesel::pg::Pg))]
pub struct SectionName {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub path: String,
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

/// What was found, by id. What is gone is missing. A page names many of them more than once, and shares them.
#[derive(Clone, Debug, Default)]
pub struct Refs {
    pub sections: BTreeMap<Uuid, SectionName>,
    pub tags: BTreeMap<Uuid, Arc<TagRef>>,
    pub authors: BTreeMap<Uuid, Arc<AuthorName>>,
    /// The tags that took the place of others.
    pub merged: HashMap<Uuid, Uuid>,
}

impl Refs {
    /// The tags among `ids` that exist, in that order.
    #[must_use]
    pub fn tags(&self, ids: &[Uuid]) -> Vec<Arc<TagRef>> {
        in_order(&self.tags, ids)
    }

    /// The authors among `ids` that exist, in that order.
    #[must_use]
    pub fn authors(&self, ids: &[Uuid]) -> Vec<Arc<AuthorName>> {
        in_order(&self.authors, ids)
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

fn in_order<T>(named: &BTreeMap<Uuid, Arc<T>>, ids: &[Uuid]) -> Vec<Arc<T>> {
    let mut found = Vec::with_capacity(ids.len());
    found.extend(ids.iter().filter_map(|id| named.get(id).cloned()));
    found
}

/// What one statement answers of any of them: a tag or an author has a kind, a section none.
pub(super) type Row = (
    Uuid,
    String,
    String,
    Option<TagKind>,
    Option<AuthorKind>,
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
        use $crate::domain::taxonomy::AuthorKind;

        tags::table.select((
            tags::id,
            tags::slug,
            tags::name,
            tags::kind.nullable(),
            None::<AuthorKind>.into_sql::<Nullable<Text>>(),
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
        use $crate::domain::taxonomy::TagKind;

        authors::table.select((
            authors::id,
            authors::slug,
            authors::name,
            None::<TagKind>.into_sql::<Nullable<Text>>(),
            authors::kind.nullable(),
            None::<String>.into_sql::<Nullable<Text>>(),
            authors::avatar,
            None::<Uuid>.into_sql::<Nullable<SqlUuid>>(),
        ))
    }};
}

pub(super) use author_columns;

impl Extend<Row> for Refs {
    fn extend<I: IntoIterator<Item = Row>>(&mut self, rows: I) {
        for (id, slug, name, tag_kind, author_kind, path, avatar, merged_into) in rows {
            match (tag_kind, author_kind) {
                (Some(kind), _) => {
                    self.merged.extend(merged_into.map(|into| (id, into)));
                    self.tags.insert(id, Arc::new(TagRef { id, slug, name, kind }));
                }
                (_, Some(kind)) => {
                    let avatar = avatar.map(|avatar| avatar.0);
                    let author = AuthorName {
                        id,
                        slug,
                        name,
                        kind,
                        avatar,
                    };
                    self.authors.insert(id, Arc::new(author));
                }
                (None, None) => {
                    let path = path.unwrap_or_default();
                    self.sections.insert(id, SectionName { id, slug, name, path });
                }
            }
        }
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
    let rows = sections::table
        .filter(sections::id.eq_any(section))
        .select((
            sections::id,
            sections::slug,
            sections::name,
            None::<TagKind>.into_sql::<Nullable<Text>>(),
            None::<AuthorKind>.into_sql::<Nullable<Text>>(),
            sections::path.nullable(),
            None::<Json<Image>>.into_sql::<Nullable<Jsonb>>(),
            None::<Uuid>.into_sql::<Nullable<SqlUuid>>(),
        ))
        .union_all(tag_columns!().filter(tags::id.eq_any(tag)))
        .union_all(author_columns!().filter(authors::id.eq_any(author)))
        .load_stream::<Row>(&mut conn)
        .await?;
    rows.try_collect().await
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
