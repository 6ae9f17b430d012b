//! Create a section.

use diesel_async::AsyncConnection;
use serde_json::json;

use super::sections::{SectionChange, arrange, parent};
use super::{Result, slugs};
use crate::clock::new_id;
use crate::db::sections::SectionRow;
use crate::db::{self, Change, Connection, Json};
use crate::domain::actor::Act;
use crate::domain::content::Seo;
use crate::domain::taxonomy::Taxonomy;

/// Adds a section below `change.parent`, or at the root; behind its siblings when no position is given.
///
/// # Errors
/// When the slug is taken, the parent is unknown, or sections would nest too deep.
pub async fn create_section(conn: &mut Connection, act: &Act, change: SectionChange) -> Result<SectionRow> {
    let name = change.name.clone().unwrap_or_default();
    conn.transaction(async |conn| {
        let mut rows = db::sections::lock_all(conn).await?;
        let parent_id = parent(conn, &change.parent).await?;
        let slug = slugs::for_new(conn, Taxonomy::Section, change.slug.as_deref(), &name).await?;
        let last = rows
            .iter()
            .filter(|row| row.parent_id == parent_id)
            .map(|row| row.position)
            .max();
        let mut section = SectionRow {
            id: new_id(act.now),
            slug,
            name,
            description: change.description.apply(None),
            parent_id,
            depth: 1,
            position: change
                .position
                .unwrap_or_else(|| last.map_or(1, |last| last.saturating_add(1))),
            path: String::new(),
            image: change.image.apply(None).map(Json),
            seo: Json(change.seo.unwrap_or_default().apply(Seo::default())),
            version: 1,
            created_at: act.now,
            updated_at: act.now,
        };
        rows.push(section.clone());
        if let Some(place) = arrange(&rows)?.into_iter().find(|place| place.id == section.id) {
            section.depth = place.depth;
            section.path = place.path;
        }
        let lost_race = slugs::lost_race(Taxonomy::Section, &section.slug);
        db::sections::insert(conn, &section).await.map_err(lost_race)?;
        let (change, details) = (Change::created(&section), json!({"slug": section.slug}));
        db::audit::record(conn, act, "create_section", "section", section.id, change, details).await?;
        Ok(section)
    })
    .await
}
