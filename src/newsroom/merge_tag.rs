//! Merge a tag into another.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::references::named;
use super::{Refusal, Result};
use crate::db::tags::TagRow;
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;
use crate::domain::check::FieldError;
use crate::domain::taxonomy::Taxonomy;
use crate::domain::version::Expected;

/// Makes every article that names the tag `id` name `into` (an id or a slug) instead, and lets its slugs lead there.
/// A merged tag named in `into` stands for the one that it was merged into. Answers the tag that remains.
///
/// # Errors
/// When either is gone, the tag changed or was merged already, or both are one.
pub async fn merge_tag(conn: &mut Connection, act: &Act, id: Uuid, expected: Expected, into: &str) -> Result<TagRow> {
    conn.transaction(async |conn| {
        db::taxonomy_gate::enter_alone(conn).await?;
        let target_id = named(conn, Taxonomy::Tag, "/into", into).await?;
        let mut rows = db::tags::lock(conn, &[id, target_id]).await?;
        let source = rows.iter().position(|row| row.id == id).map(|at| rows.swap_remove(at));
        let mut source = source.ok_or(Refusal::NotFound("tag"))?;
        expected.require(source.version)?;
        let before = Fingerprint::of(&source);
        if source.merged_into_id.is_some() {
            return Err(Refusal::Conflict(
                "It was merged into another tag (`merged_into`) already.".to_owned(),
            ));
        }
        if target_id == id {
            let message = "is the tag itself; name another one";
            return Err(vec![FieldError::field("/into", "same_tag", message)].into());
        }
        let target = rows.pop().ok_or(Refusal::NotFound("tag"))?;
        let articles = db::uses::of_tag::count(conn, id).await?;
        db::uses::of_tag::reassign(conn, id, target.id).await?;
        db::tags::remerge(conn, id, target.id).await?;
        db::retired_slugs::redirect(conn, id, target.id).await?;
        source.merged_into_id = Some(target.id);
        source.version += 1;
        source.updated_at = act.now;
        db::tags::update(conn, &source).await?;
        let details = json!({"slug": source.slug, "into": target.slug, "articles": articles});
        let change = Change::from(before, &source);
        db::audit::record(conn, act, "merge_tag", "tag", id, change, details).await?;
        recount(conn, id, target.id).await?;
        Ok(target)
    })
    .await
}

/// Counts anew for both, in the order that all counts are changed in.
async fn recount(conn: &mut Connection, source: Uuid, target: Uuid) -> Result<()> {
    let mut both = [source, target];
    both.sort_unstable();
    db::uses::of_tag::recount(conn, &both).await?;
    Ok(())
}
