//! Create a tag.

use diesel_async::AsyncConnection;
use serde_json::json;

use super::tags::TagChange;
use super::{Refusal, Result, slugs};
use crate::clock::new_id;
use crate::db::tags::TagRow;
use crate::db::{self, Change, Connection};
use crate::domain::actor::Act;
use crate::domain::taxonomy::Taxonomy;

/// Adds a tag that no article names yet; a topic when no kind is given.
///
/// # Errors
/// When the slug is taken.
pub async fn create_tag(conn: &mut Connection, act: &Act, change: TagChange) -> Result<TagRow> {
    let name = change.name.unwrap_or_default();
    conn.transaction(async |conn| {
        let mut tag = TagRow {
            id: new_id(act.now),
            slug: String::new(),
            name,
            kind: change.kind.apply(None).unwrap_or_default(),
            description: change.description.apply(None),
            merged_into_id: None,
            version: 1,
            created_at: act.now,
            updated_at: act.now,
        };
        insert(conn, &mut tag, change.slug.as_deref()).await?;
        let (change, details) = (Change::created(&tag), json!({"slug": tag.slug}));
        db::audit::record(conn, act, "create_tag", "tag", tag.id, change, details).await?;
        Ok(tag)
    })
    .await
}

/// Writes the tag under the slug given, or under one made from its name: the next one if another takes it first.
async fn insert(conn: &mut Connection, tag: &mut TagRow, given: Option<&str>) -> Result<()> {
    for _ in 0..slugs::TRIES {
        tag.slug = slugs::for_new(conn, Taxonomy::Tag, given, &tag.name).await?;
        if db::tags::insert(conn, tag).await? {
            return Ok(());
        }
    }
    Err(Refusal::SlugTaken(tag.slug.clone()))
}
