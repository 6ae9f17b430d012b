//! What a revision's section, tags and authors are by now: they may have been replaced or deleted since it was saved.

use uuid::Uuid;

use super::Result;
use super::references::present;
use crate::db::published::Listing;
use crate::db::revisions::{Content, ids};
use crate::db::{self, Connection};
use crate::domain::taxonomy::Taxonomy;

/// The relations of a revision as they are now.
#[derive(Clone, Debug)]
pub(super) struct Relations {
    pub section: Option<Uuid>,
    /// The lists that the article stands in because of them.
    pub listing: Listing,
}

/// Follows what was replaced, and drops what is gone.
pub(super) async fn live_relations(conn: &mut Connection, content: &Content) -> Result<Relations> {
    let section = content.section.iter().map(|section| section.0.id);
    let of = |kind: Taxonomy, ids: Vec<Uuid>| ids.into_iter().map(move |id| (kind, id));
    let named: Vec<(Taxonomy, Uuid)> = of(Taxonomy::Section, section.collect())
        .chain(of(Taxonomy::Tag, ids(&content.tags.0)))
        .chain(of(Taxonomy::Author, ids(&content.authors.0)))
        .collect();
    let present = present(conn, &named).await?;
    let now = |kind| {
        let mut now: Vec<Uuid> = Vec::new();
        for found in named
            .iter()
            .filter(|(of, _)| *of == kind)
            .filter_map(|was| present.get(was))
        {
            if !now.contains(&found.id) {
                now.push(found.id);
            }
        }
        now
    };
    let section = now(Taxonomy::Section).first().copied();
    let sections = match section {
        Some(section) => db::sections::lineage(conn, section).await?,
        None => Vec::new(),
    };
    Ok(Relations {
        section,
        listing: Listing {
            sections,
            tags: now(Taxonomy::Tag),
            authors: now(Taxonomy::Author),
        },
    })
}
