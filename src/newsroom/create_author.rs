//! Create an author.

use diesel_async::AsyncConnection;
use serde_json::json;

use super::authors::{AuthorChange, lost_race, user};
use super::{Refusal, Result, slugs};
use crate::clock::new_id;
use crate::db::authors::AuthorRow;
use crate::db::{self, Change, Connection, Json};
use crate::domain::actor::Act;
use crate::domain::taxonomy::Taxonomy;

/// Adds an author whom no byline names yet; a person when no kind is given.
///
/// # Errors
/// When the slug is taken, or the account is unknown or another author's.
pub async fn create_author(conn: &mut Connection, act: &Act, change: AuthorChange) -> Result<AuthorRow> {
    let id = new_id(act.now);
    let name = change.name.unwrap_or_default();
    conn.transaction(async |conn| {
        let mut author = AuthorRow {
            id,
            slug: String::new(),
            name,
            kind: change.kind.apply(None).unwrap_or_default(),
            bio: change.bio.apply(None),
            avatar: change.avatar.apply(None).map(Json),
            links: Json(change.links.apply(None).unwrap_or_default()),
            user_id: user(conn, id, &change.user, None).await?,
            version: 1,
            created_at: act.now,
            updated_at: act.now,
        };
        insert(conn, &mut author, change.slug.as_deref()).await?;
        let details = json!({"slug": author.slug, "user_id": author.user_id});
        db::audit::record(
            conn,
            act,
            "create_author",
            "author",
            id,
            Change::created(&author),
            details,
        )
        .await?;
        Ok(author)
    })
    .await
}

/// Writes the author under the slug given, or under one made from the name: the next one if another takes it first.
async fn insert(conn: &mut Connection, author: &mut AuthorRow, given: Option<&str>) -> Result<()> {
    for _ in 0..slugs::TRIES {
        author.slug = slugs::for_new(conn, Taxonomy::Author, given, &author.name).await?;
        if db::authors::insert(conn, author).await.map_err(lost_race(author))? {
            return Ok(());
        }
    }
    Err(Refusal::SlugTaken(author.slug.clone()))
}
