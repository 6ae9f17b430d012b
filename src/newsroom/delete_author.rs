//! Delete an author.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::{Refusal, Result, reassign};
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;
use crate::domain::taxonomy::Taxonomy;
use crate::domain::version::Expected;

/// Deletes an author whom nothing names, or whose articles go to `reassign_to` (an id or a slug), where its slugs lead
/// from then on. History keeps the name.
///
/// # Errors
/// When articles name them and no other is given, or they changed.
pub async fn delete_author(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    reassign_to: Option<&str>,
) -> Result<()> {
    conn.transaction(async |conn| {
        db::taxonomy_gate::enter_alone(conn).await?;
        let target = reassign::target(conn, Taxonomy::Author, id, reassign_to).await?;
        let ids: Vec<Uuid> = std::iter::once(id).chain(target).collect();
        let rows = db::authors::lock(conn, &ids).await?;
        let found = rows.iter().find(|row| row.id == id);
        let author = found.ok_or(Refusal::NotFound("author"))?;
        expected.require(author.version)?;
        let uses = db::uses::of_author::count(conn, id).await?;
        match target {
            None if uses > 0 => return Err(reassign::in_use(Taxonomy::Author, uses)),
            None => db::retired_slugs::forget(conn, id).await?,
            Some(target) => {
                db::uses::of_author::reassign(conn, id, target).await?;
                db::retired_slugs::retire(conn, Taxonomy::Author, &author.slug, id, target, act.now).await?;
            }
        }
        db::authors::delete(conn, id).await?;
        let details = json!({"slug": author.slug, "reassigned_to": target, "articles": uses});
        let change = Change::deleted(Fingerprint::of(author));
        db::audit::record(conn, act, "delete_author", "author", id, change, details).await?;
        db::uses::of_author::recount(conn, target.as_slice()).await?;
        Ok(())
    })
    .await
}
