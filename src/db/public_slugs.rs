//! Every slug that readers ever saw, and whose it is: for good.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::public_slugs;
use super::{Connection, Result};

/// Makes `slug` this article's, or finds that it is already. Answers `false` when it is another's: the key decides every
/// race, because whoever asks second waits until the first has ended.
///
/// # Errors
/// When the database fails.
pub async fn claim(conn: &mut Connection, slug: &str, article: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let row = (
        public_slugs::slug.eq(slug),
        public_slugs::article_id.eq(article),
        public_slugs::created_at.eq(now),
    );
    let owner: Option<Uuid> = diesel::insert_into(public_slugs::table)
        .values(row)
        .on_conflict(public_slugs::slug)
        .do_update()
        .set(public_slugs::created_at.eq(public_slugs::created_at))
        .returning(public_slugs::article_id)
        .kept()
        .get_result(conn)
        .await?;
    Ok(owner == Some(article))
}

/// Lets an article's slugs go, for content that no reader will miss.
///
/// # Errors
/// When the database fails.
pub async fn forget(conn: &mut Connection, article: Uuid) -> Result<()> {
    diesel::delete(public_slugs::table.filter(public_slugs::article_id.eq(article)))
        .execute(conn)
        .await
        .map(drop)
}
