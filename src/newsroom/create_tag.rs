//! Create a tag.

use diesel_async::AsyncConnection;
use serde_json::json;

use super::tags::TagChange;
use super::{Result, slugs};
use crate::clock::new_id;
use crate::db::tags::TagRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::taxonomy::{TagKind, Taxonomy};

/// Adds a tag that no article names yet; a topic when no kind is given.
///
/// # Errors
/// When the slug is taken.
pub async fn create_tag(conn: &mut Connection, act: &Act, change: TagChange) -> Result<TagRow> {
    let name = change.name.unwrap_or_default();
    conn.transaction(async |conn| {
        let slug = slugs::for_new(conn, Taxonomy::Tag, change.slug.as_deref(), &name).await?;
        let tag = TagRow {
            id: new_id(act.now),
            slug,
            name,
            kind: change.kind.unwrap_or(TagKind::Topic),
            description: change.description.apply(None),
            merged_into_id: None,
            version: 1,
            created_at: act.now,
            updated_at: act.now,
        };
        db::tags::insert(conn, &tag)
            .await
            .map_err(slugs::lost_race(Taxonomy::Tag, &tag.slug))?;
        db::audit::record(conn, act, "create_tag", "tag", tag.id, json!({"slug": tag.slug})).await?;
        Ok(tag)
    })
    .await
}
