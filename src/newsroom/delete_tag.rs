//! Delete a tag.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::{Refusal, Result, reassign};
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;
use crate::domain::taxonomy::Taxonomy;
use crate::domain::version::Expected;

/// Deletes a tag that nothing uses, or whose articles go to `reassign_to` (an id or a slug), where its slugs lead from
/// then on. The slugs of a merged one go on leading where they led. History keeps its name.
///
/// # Errors
/// When articles use it and no other is named, or it changed.
pub async fn delete_tag(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    reassign_to: Option<&str>,
) -> Result<()> {
    conn.transaction(async |conn| {
        db::taxonomy_gate::enter_alone(conn).await?;
        let named = reassign::target(conn, Taxonomy::Tag, id, reassign_to).await?;
        let ids: Vec<Uuid> = std::iter::once(id).chain(named).collect();
        let rows = db::tags::lock(conn, &ids).await?;
        let tag = rows.iter().find(|row| row.id == id).ok_or(Refusal::NotFound("tag"))?;
        expected.require(tag.version)?;
        let uses = db::uses::of_tag::count(conn, id).await?;
        let target = named.or(tag.merged_into_id);
        match target {
            None if uses > 0 => return Err(reassign::in_use(Taxonomy::Tag, uses)),
            None => db::retired_slugs::forget(conn, id).await?,
            Some(target) => {
                db::uses::of_tag::reassign(conn, id, target).await?;
                db::tags::remerge(conn, id, target).await?;
                db::retired_slugs::retire(conn, Taxonomy::Tag, &tag.slug, id, target, act.now).await?;
            }
        }
        db::tags::delete(conn, id).await?;
        let details = json!({"slug": tag.slug, "reassigned_to": target, "articles": uses});
        let change = Change::deleted(Fingerprint::of(tag));
        db::audit::record(conn, act, "delete_tag", "tag", id, change, details).await?;
        db::uses::of_tag::recount(conn, target.as_slice()).await?;
        Ok(())
    })
    .await
}
