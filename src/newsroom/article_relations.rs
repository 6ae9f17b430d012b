//! What a revision's section, tags and authors are by now: they may have been replaced or deleted since it was saved.

use uuid::Uuid;

use super::Result;
use super::references::present;
use crate::db::published::Listing;
use crate::db::revisions::{Content, ids};
use crate::db::{self, Connection};
use crate::domain::content::NamedRef;
use crate::domain::taxonomy::Taxonomy;

/// The relations of a revision as they are now.
#[derive(Clone, Debug)]
pub(super) struct Relations {
    pub section: Option<NamedRef>,
    pub tags: Vec<NamedRef>,
    pub authors: Vec<NamedRef>,
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
        let mut now: Vec<NamedRef> = Vec::new();
        for found in named
            .iter()
            .filter(|(of, _)| *of == kind)
            .filter_map(|was| present.get(was))
        {
            if !now.iter().any(|other| other.id == found.id) {
                now.push(found.clone());
            }
        }
        now
    };
    let section = now(Taxonomy::Section).into_iter().next();
    let sections = match &section {
        Some(section) => db::sections::lineage(conn, section.id).await?,
        None => Vec::new(),
    };
    let (tags, authors) = (now(Taxonomy::Tag), now(Taxonomy::Author));
    Ok(Relations {
        listing: Listing {
            sections,
            tags: ids(&tags),
            authors: ids(&authors),
        },
        section,
        tags,
        authors,
    })
}
