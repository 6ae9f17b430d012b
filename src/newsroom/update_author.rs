//! Change an author.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::authors::{AuthorChange, lost_race, user};
use super::{Refusal, Result, slugs};
use crate::db::authors::AuthorRow;
use crate::db::{self, Change, Connection, Fingerprint, Json};
use crate::domain::actor::Act;
use crate::domain::taxonomy::Taxonomy;
use crate::domain::version::Expected;

/// Changes what `change` names. The old slug leads to the new one.
///
/// # Errors
/// When the author is gone or changed, the slug is taken, or the account is unknown or another author's.
pub async fn update_author(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    change: AuthorChange,
) -> Result<AuthorRow> {
    conn.transaction(async |conn| {
        let found = db::authors::lock(conn, &[id]).await?.pop();
        let mut author = found.ok_or(Refusal::NotFound("author"))?;
        expected.require(author.version)?;
        let before = Fingerprint::of(&author);
        if let Some(given) = &change.slug {
            author.slug = slugs::change(conn, Taxonomy::Author, id, &author.slug, given, act.now).await?;
        }
        author.user_id = user(conn, id, &change.user, author.user_id).await?;
        author.name = change.name.unwrap_or(author.name);
        author.kind = change.kind.apply(Some(author.kind)).unwrap_or_default();
        author.bio = change.bio.apply(author.bio);
        author.avatar = change.avatar.map(Json).apply(author.avatar);
        author.links = Json(change.links.apply(Some(author.links.0)).unwrap_or_default());
        author.version += 1;
        author.updated_at = act.now;
        db::authors::update(conn, &author).await.map_err(lost_race(&author))?;
        let details = json!({"slug": author.slug, "user_id": author.user_id});
        let change = Change::from(before, &author);
        db::audit::record(conn, act, "update_author", "author", id, change, details).await?;
        Ok(author)
    })
    .await
}
