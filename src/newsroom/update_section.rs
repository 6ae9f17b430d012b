//! Change a section.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::sections::{SectionChange, arrange, ids, parent, settle};
use super::{Refusal, Result, slugs};
use crate::db::sections::SectionRow;
use crate::db::{self, Change, Connection, Fingerprint, Json};
use crate::domain::actor::Act;
use crate::domain::patch::Patch;
use crate::domain::taxonomy::Taxonomy;
use crate::domain::version::Expected;

/// Changes what `change` names. A new slug or parent moves everything below, and the old slug leads to the new one.
///
/// # Errors
/// When the section is gone or changed, the slug is taken, or the tree would not be one.
pub async fn update_section(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    change: SectionChange,
) -> Result<SectionRow> {
    conn.transaction(async |conn| {
        let mut rows = db::sections::lock_all(conn).await?;
        let parent_id = parent(conn, &change.parent).await?;
        let row = rows
            .iter_mut()
            .find(|row| row.id == id)
            .ok_or(Refusal::NotFound("section"))?;
        expected.require(row.version)?;
        let (was, was_below) = (Fingerprint::of(row), row.parent_id);
        if let Some(given) = &change.slug {
            row.slug = slugs::change(conn, Taxonomy::Section, id, &row.slug, given, act.now).await?;
        }
        row.name = change.name.unwrap_or_else(|| row.name.clone());
        row.description = change.description.apply(row.description.take());
        row.parent_id = match change.parent {
            Patch::Absent => row.parent_id,
            Patch::Clear | Patch::Set(_) => parent_id,
        };
        row.position = change.position.unwrap_or(row.position);
        row.image = change.image.map(Json).apply(row.image.take());
        if let Some(seo) = change.seo {
            row.seo = Json(seo.apply(row.seo.0.clone()));
        }
        row.version += 1;
        row.updated_at = act.now;
        let (relisted, written) = (row.parent_id != was_below, row.clone());
        // The tree is worked out before anything is written: what is no tree is never stored.
        let placed = arrange(&rows)?;
        let lost_race = slugs::lost_race(Taxonomy::Section, &written.slug);
        db::sections::update(conn, &written).await.map_err(lost_race)?;
        let moved = settle(conn, &rows, placed).await?;
        let (change, details) = (Change::from(was, &written), json!({"slug": written.slug}));
        db::audit::record(conn, act, "update_section", "section", id, change, details).await?;
        if relisted {
            db::sections::relist(conn, &moved).await?;
            db::sections::recount(conn, &ids(&rows)).await?;
        }
        db::sections::find(conn, id).await?.ok_or(Refusal::NotFound("section"))
    })
    .await
}
