//! Which sections, tags and authors the slugs of a list's filter, or of an article, name.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::schema::{authors, retired_slugs, sections, tags};
use crate::db::{Connection, Result};
use crate::domain::taxonomy::Taxonomy;

/// What slugs name. One that names nothing is not in it.
#[derive(Clone, Debug, Default)]
pub struct Names(Vec<(Taxonomy, String, Uuid)>);

impl Names {
    /// What this slug, or this id, names.
    #[must_use]
    pub fn id(&self, taxonomy: Taxonomy, given: &str) -> Option<Uuid> {
        let named = self.0.iter().find(|(kind, slug, _)| *kind == taxonomy && slug == given);
        named.map(|(_, _, id)| *id).or_else(|| Uuid::try_parse(given).ok())
    }
}

/// Finds what these slugs name: in use, old, or of a tag that was merged into another. One statement.
///
/// # Errors
/// When the database fails.
pub async fn find(mut conn: &Connection, section: &[String], tag: &[String], author: &[String]) -> Result<Names> {
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
