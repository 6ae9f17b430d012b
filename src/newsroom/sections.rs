//! What the verbs on sections share.

use std::collections::HashMap;

use uuid::Uuid;

use super::Result;
use super::references::named;
use crate::db::sections::SectionRow;
use crate::db::{self, Connection};
use crate::domain::check::FieldError;
use crate::domain::content::{Image, SeoChange};
use crate::domain::patch::Patch;
use crate::domain::section_tree::{self, Node, Placed, TreeError};
use crate::domain::taxonomy::Taxonomy;

/// What an editor says about a section, its texts checked already. What is absent stays.
#[derive(Clone, Debug, Default)]
pub struct SectionChange {
    pub slug: Option<String>,
    pub name: Option<String>,
    pub description: Patch<String>,
    /// The id or slug of the section above.
    pub parent: Patch<String>,
    pub position: Option<i32>,
    pub image: Patch<Image>,
    pub seo: Option<SeoChange>,
}

/// Works out every section's place as `rows` say.
pub(super) fn arrange(rows: &[SectionRow]) -> Result<Vec<Placed>> {
    let nodes: Vec<Node> = rows.iter().map(SectionRow::node).collect();
    section_tree::arrange(&nodes).map_err(|error| {
        let code = match error {
            TreeError::TooDeep => "too_deep",
            TreeError::Cycle => "cycle",
        };
        vec![FieldError::field("/parent", code, error.to_string())].into()
    })
}

/// The parent that a change names.
pub(super) async fn parent(conn: &mut Connection, change: &Patch<String>) -> Result<Option<Uuid>> {
    let Some(given) = change.as_set() else { return Ok(None) };
    named(conn, Taxonomy::Section, "/parent", given).await.map(Some)
}

/// Moves every section whose stored place is not the one worked out; answers those.
pub(super) async fn settle(conn: &mut Connection, rows: &[SectionRow], placed: Vec<Placed>) -> Result<Vec<Placed>> {
    let stored: HashMap<Uuid, &SectionRow> = rows.iter().map(|row| (row.id, row)).collect();
    let mut moved = Vec::new();
    for place in placed {
        let row = stored.get(&place.id);
        if row.is_none_or(|row| row.path != place.path || row.depth != place.depth) {
            db::sections::place(conn, &place).await?;
            moved.push(place);
        }
    }
    Ok(moved)
}

/// The ids of all sections, in the order in which their counts are changed.
pub(super) fn ids(rows: &[SectionRow]) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    ids.sort_unstable();
    ids
}
