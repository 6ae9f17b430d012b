//! Change a tag.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::tags::TagChange;
use super::{Refusal, Result, slugs};
use crate::db::tags::TagRow;
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;
use crate::domain::taxonomy::Taxonomy;
use crate::domain::version::Expected;

/// Changes what `change` names. The old slug leads to the new one.
///
/// # Errors
/// When the tag is gone, changed or merged into another, or the slug is taken.
pub async fn update_tag(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    change: TagChange,
) -> Result<TagRow> {
    conn.transaction(async |conn| {
        let mut tag = db::tags::lock(conn, &[id])
            .await?
            .pop()
            .ok_or(Refusal::NotFound("tag"))?;
        expected.require(tag.version)?;
        let before = Fingerprint::of(&tag);
        if tag.merged_into_id.is_some() {
            let detail = "It was merged into another tag (`merged_into`); change that one.";
            return Err(Refusal::Conflict(detail.to_owned()));
        }
        if let Some(given) = &change.slug {
            tag.slug = slugs::change(conn, Taxonomy::Tag, id, &tag.slug, given, act.now).await?;
        }
        tag.name = change.name.unwrap_or(tag.name);
        tag.kind = change.kind.apply(Some(tag.kind)).unwrap_or_default();
        tag.description = change.description.apply(tag.description);
        tag.version += 1;
        tag.updated_at = act.now;
        db::tags::update(conn, &tag)
            .await
            .map_err(slugs::lost_race(Taxonomy::Tag, &tag.slug))?;
        let (change, details) = (Change::from(before, &tag), json!({"slug": tag.slug}));
        db::audit::record(conn, act, "update_tag", "tag", id, change, details).await?;
        Ok(tag)
    })
    .await
}
