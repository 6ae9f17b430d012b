//! Which sections, tags and authors the slugs of a list's filter, or of an article, name.

use diesel::dsl::array;
use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::apart::Apart;
use crate::db::schema::{authors, retired_slugs, sections, tags};
use crate::db::{Connection, Result};
use crate::domain::id_or_slug::IdOrSlug;
use crate::domain::taxonomy::Taxonomy;

/// What slugs name. One that names nothing is not in it.
#[derive(Clone, Debug, Default)]
pub struct Names(Vec<(Taxonomy, String, Uuid)>);

impl Names {
    /// What this slug names.
    #[must_use]
    pub fn of_slug(&self, taxonomy: Taxonomy, given: &str) -> Option<Uuid> {
        let named = self.0.iter().find(|(kind, slug, _)| *kind == taxonomy && slug == given);
        named.map(|(_, _, id)| *id)
    }

    /// What this slug names, or this id.
    #[must_use]
    pub fn id(&self, taxonomy: Taxonomy, given: &IdOrSlug) -> Option<Uuid> {
        match given {
            IdOrSlug::Id(id) => Some(*id),
            IdOrSlug::Slug(slug) => self.of_slug(taxonomy, slug),
        }
    }

    /// What these name, each once.
    #[must_use]
    pub fn ids(&self, taxonomy: Taxonomy, given: &[IdOrSlug]) -> Vec<Uuid> {
        let mut ids: Vec<Uuid> = given.iter().filter_map(|given| self.id(taxonomy, given)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// Finds what these slugs name: in use, old, or of a tag that was merged into another. One statement.
///
/// # Errors
/// When the database fails.
pub async fn find(mut conn: &Connection, section: &[&str], tag: &[&str], author: &[&str]) -> Result<Names> {
    if section.is_empty() && tag.is_empty() && author.is_empty() {
        return Ok(Names::default());
    }
    let itself = || None::<Uuid>.into_sql::<Nullable<SqlUuid>>();
    let named_sections = sections::table.filter(sections::slug.eq_any(section)).select((
        Taxonomy::Section.into_sql::<Text>(),
        sections::slug,
        sections::id,
        itself(),
    ));
    let named_tags = tags::table.filter(tags::slug.eq_any(tag)).select((
        Taxonomy::Tag.into_sql::<Text>(),
        tags::slug,
        tags::id,
        tags::merged_into_id,
    ));
    let named_authors = authors::table.filter(authors::slug.eq_any(author)).select((
        Taxonomy::Author.into_sql::<Text>(),
        authors::slug,
        authors::id,
        itself(),
    ));
    let every = [section, tag, author].concat();
    // The key begins with the kind.
    let kinds = [Taxonomy::Section, Taxonomy::Tag, Taxonomy::Author];
    let retired = retired_slugs::table
        .filter(retired_slugs::kind.eq_any(kinds))
        .filter(retired_slugs::slug.eq_any(every))
        .select((
            retired_slugs::kind,
            retired_slugs::slug,
            retired_slugs::target_id,
            itself(),
        ));
    let rows: Vec<(Taxonomy, String, Uuid, Option<Uuid>)> = named_sections
        .union_all(named_tags)
        .union_all(named_authors)
        .union_all(retired)
        .load(&mut conn)
        .await?;
    let names = rows
        .into_iter()
        .map(|(kind, slug, id, merged_into)| (kind, slug, merged_into.unwrap_or(id)));
    Ok(Names(names.collect()))
}

diesel::define_sql_function! {
    /// The first of these, or else the second.
    fn coalesce(first: Nullable<SqlUuid>, second: Nullable<SqlUuid>) -> Nullable<SqlUuid>;
}
diesel::define_sql_function! {
    /// The first of these, or else the second, which there is.
    #[sql_name = "coalesce"]
    fn or_else(first: Nullable<SqlUuid>, second: SqlUuid) -> SqlUuid;
}

/// The id of what is named so, or NULL, worked out by the statement that asks for it. In use, old, or of a tag that was
/// merged into another.
pub(super) fn id_of(kind: Taxonomy, named: &IdOrSlug) -> Apart<'_, SqlUuid> {
    let slug = match named {
        IdOrSlug::Id(id) => return Apart::new(diesel::select(id.into_sql::<SqlUuid>())),
        IdOrSlug::Slug(slug) => slug,
    };
    let retired = retired_slugs::table.find((kind, slug)).select(retired_slugs::target_id);
    let retired = retired.single_value();
    match kind {
        Taxonomy::Section => {
            let called = sections::table.filter(sections::slug.eq(slug)).select(sections::id);
            Apart::new(diesel::select(
                coalesce(called.single_value(), retired).assume_not_null(),
            ))
        }
        Taxonomy::Tag => {
            let id = or_else(tags::merged_into_id, tags::id);
            let called = tags::table.filter(tags::slug.eq(slug)).select(id);
            Apart::new(diesel::select(
                coalesce(called.single_value(), retired).assume_not_null(),
            ))
        }
        Taxonomy::Author => {
            let called = authors::table.filter(authors::slug.eq(slug)).select(authors::id);
            Apart::new(diesel::select(
                coalesce(called.single_value(), retired).assume_not_null(),
            ))
        }
    }
}

/// The ids of what is named so, likewise.
pub(super) fn ids_of(kind: Taxonomy, named: &[IdOrSlug]) -> Apart<'_, Array<SqlUuid>> {
    let ids: Vec<Uuid> = named.iter().filter_map(IdOrSlug::id).collect();
    let slugs: Vec<&str> = named.iter().filter_map(IdOrSlug::slug).collect();
    let retired = retired_slugs::table
        .filter(retired_slugs::kind.eq(kind))
        .filter(retired_slugs::slug.eq_any(slugs.clone()));
    let others = array(retired.select(retired_slugs::target_id)).concat(ids.into_sql::<Array<SqlUuid>>());
    match kind {
        Taxonomy::Section => {
            let called = sections::table.filter(sections::slug.eq_any(slugs));
            Apart::new(diesel::select(array(called.select(sections::id)).concat(others)))
        }
        Taxonomy::Tag => {
            let id = or_else(tags::merged_into_id, tags::id);
            let called = tags::table.filter(tags::slug.eq_any(slugs));
            Apart::new(diesel::select(array(called.select(id)).concat(others)))
        }
        Taxonomy::Author => {
            let called = authors::table.filter(authors::slug.eq_any(slugs));
            Apart::new(diesel::select(array(called.select(authors::id)).concat(others)))
        }
    }
}
