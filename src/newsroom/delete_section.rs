//! Delete a section.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::sections::{arrange, named};
use super::{Refusal, Result};
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::check::FieldError;
use crate::domain::taxonomy::Taxonomy;
use crate::domain::version::Expected;

/// Deletes a section that nothing uses, or whose articles go to `reassign_to` (an id or a slug), where its slugs lead
/// from then on. History keeps its name.
///
/// # Errors
/// When sections stand below it, articles use it and no other is named, or it changed.
pub async fn delete_section(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    reassign_to: Option<&str>,
) -> Result<()> {
    conn.transaction(async |conn| {
        let rows = db::sections::lock_all(conn).await?;
        let section = rows
            .iter()
            .find(|row| row.id == id)
            .ok_or(Refusal::NotFound("section"))?;
        expected.require(section.version)?;
        let below = rows.iter().filter(|row| row.parent_id == Some(id)).count();
        if below > 0 {
            return Err(Refusal::InUse(format!(
                "{below} sections stand below it; move or delete them first."
            )));
        }
        let target = match reassign_to {
            None => None,
            Some(given) => {
                let target = named(&rows, given).filter(|target| target.id != id).ok_or_else(|| {
                    let message = format!("`{given}` is no other section");
                    vec![FieldError::parameter("reassign_to", "unknown_reference", message)]
                })?;
                Some(target.id)
            }
        };
        match (db::sections::uses(conn, id).await?, target) {
            (0, None) => db::retired_slugs::forget(conn, id).await?,
            (uses, None) => {
                let advice = "name another section in `reassign_to` to move them there.";
                return Err(Refusal::InUse(format!("{uses} articles use it; {advice}")));
            }
            (_, Some(target)) => {
                db::sections::reassign(conn, id, target).await?;
                db::retired_slugs::retire(conn, Taxonomy::Section, &section.slug, id, target, act.now).await?;
                let moved: Vec<_> = arrange(&rows)?.into_iter().filter(|place| place.id == target).collect();
                let mut all: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
                all.sort_unstable();
                db::sections::unlist(conn, id).await?;
                db::sections::relist(conn, &moved, &all).await?;
            }
        }
        db::sections::delete(conn, id).await?;
        let details = json!({"slug": section.slug, "reassigned_to": target});
        db::audit::record(conn, act, "delete_section", "section", id, details).await?;
        Ok(())
    })
    .await
}
