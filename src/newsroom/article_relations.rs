//! What a revision's section, tags and authors are by now: they may have been replaced or deleted since it was saved.

use std::collections::HashMap;

use uuid::Uuid;

use super::Result;
use crate::db::published::Listing;
use crate::db::refs::Refs;
use crate::db::revisions::{Content, ids};
use crate::db::{self, Connection};

/// The relations of a revision as they are now.
#[derive(Clone, Debug)]
pub(super) struct Relations {
    pub section: Option<Uuid>,
    /// The lists that the article stands in because of them.
    pub listing: Listing,
}

/// Follows what was replaced, and drops what is gone.
pub(super) async fn live_relations(conn: &mut Connection, content: &Content) -> Result<Relations> {
    let section: Vec<Uuid> = content.section.iter().map(|section| section.0.id).collect();
    let (tags, authors) = (ids(&content.tags.0), ids(&content.authors.0));
    let mut refs = db::refs::load(conn, &section, &tags, &authors).await?;
    let replaced = replaced(conn, &refs, &section, &tags, &authors).await?;
    let now = |was: &[Uuid]| {
        let mut now: Vec<Uuid> = Vec::with_capacity(was.len());
        for id in was.iter().map(|id| replaced.get(id).copied().unwrap_or(*id)) {
            if !now.contains(&id) {
                now.push(id);
            }
        }
        now
    };
    let (section, tags, authors) = (now(&section), now(&tags), now(&authors));
    if !replaced.is_empty() {
        refs = db::refs::load(conn, &section, &tags, &authors).await?;
    }
    let section = section.into_iter().find(|id| refs.sections.contains_key(id));
    let sections = match section {
        Some(section) => db::sections::lineage(conn, section).await?,
        None => Vec::new(),
    };
    let tags = tags.into_iter().filter(|id| refs.tags.contains_key(id)).collect();
    let authors = authors.into_iter().filter(|id| refs.authors.contains_key(id)).collect();
    Ok(Relations {
        section,
        listing: Listing {
            sections,
            tags,
            authors,
        },
    })
}

/// What took the place of those that are gone or merged into another.
async fn replaced(
    conn: &mut Connection,
    refs: &Refs,
    section: &[Uuid],
    tags: &[Uuid],
    authors: &[Uuid],
) -> Result<HashMap<Uuid, Uuid>> {
    let mut replaced: HashMap<Uuid, Uuid> = refs
        .tags
        .values()
        .filter_map(|tag| Some((tag.id, tag.merged_into?)))
        .collect();
    let gone = section.iter().filter(|id| !refs.sections.contains_key(id));
    let gone = gone.chain(tags.iter().filter(|id| !refs.tags.contains_key(id)));
    let gone: Vec<Uuid> = gone
        .chain(authors.iter().filter(|id| !refs.authors.contains_key(id)))
        .copied()
        .collect();
    if !gone.is_empty() {
        replaced.extend(db::retired_slugs::successors(conn, &gone).await?);
    }
    Ok(replaced)
}
