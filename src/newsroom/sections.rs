//! What the verbs on sections share.

use uuid::Uuid;

use super::{Refusal, Result};
use crate::db::sections::SectionRow;
use crate::db::{self, Connection};
use crate::domain::check::FieldError;
use crate::domain::content::{Image, SeoChange};
use crate::domain::patch::Patch;
use crate::domain::section_tree::{self, Node, Placed, TreeError};

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

/// The section that `given`, an id or a slug, names.
pub(super) fn named<'a>(rows: &'a [SectionRow], given: &str) -> Option<&'a SectionRow> {
    let id = Uuid::try_parse(given).ok();
    rows.iter().find(|row| Some(row.id) == id || row.slug == given)
}

/// The parent that a change names.
pub(super) fn parent(rows: &[SectionRow], given: &str) -> Result<Uuid> {
    named(rows, given).map(|row| row.id).ok_or_else(|| {
        let problem = FieldError::field("/parent", "unknown_reference", format!("there is no section `{given}`"));
        Refusal::Invalid(vec![problem.allowing(rows.iter().map(|row| row.slug.clone()).take(20))])
    })
}

/// Moves every section whose place changed, and lists the articles below them anew.
pub(super) async fn settle(conn: &mut Connection, rows: &[SectionRow], lists_change: bool) -> Result<()> {
    let placed = arrange(rows)?;
    let place_of = |id: Uuid| rows.iter().find(|row| row.id == id);
    let mut moved = Vec::new();
    for place in &placed {
        let Some(row) = place_of(place.id) else { continue };
        if row.path != place.path || row.depth != place.depth {
            db::sections::place(conn, place).await?;
            moved.push(place.clone());
        }
    }
    if lists_change && !moved.is_empty() {
        let mut all: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        all.sort_unstable();
        db::sections::relist(conn, &moved, &all).await?;
    }
    Ok(())
}
