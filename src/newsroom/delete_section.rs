//! Delete a section.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::sections::{arrange, ids};
use super::{Refusal, Result, reassign};
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;
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
            let stand = if below == 1 {
                "1 section stands".to_owned()
            } else {
                format!("{below} sections stand")
            };
            return Err(Refusal::InUse(format!("{stand} below it; move or delete them first.")));
        }
        let target = reassign::target(conn, Taxonomy::Section, id, reassign_to).await?;
        let uses = db::sections::uses(conn, id).await?;
        match target {
            None if uses > 0 => return Err(reassign::in_use(Taxonomy::Section, uses)),
            None => db::retired_slugs::forget(conn, id).await?,
            Some(target) => {
                db::sections::reassign(conn, id, target).await?;
                db::retired_slugs::retire(conn, Taxonomy::Section, &section.slug, id, target, act.now).await?;
                let moved: Vec<_> = arrange(&rows)?.into_iter().filter(|place| place.id == target).collect();
                db::sections::relist(conn, &moved).await?;
            }
        }
        db::sections::delete(conn, id).await?;
        let details = json!({"slug": section.slug, "reassigned_to": target, "articles": uses});
        let change = Change::deleted(Fingerprint::of(section));
        db::audit::record(conn, act, "delete_section", "section", id, change, details).await?;
        if target.is_some() {
            db::sections::recount(conn, &ids(&rows)).await?;
        }
        Ok(())
    })
    .await
}
