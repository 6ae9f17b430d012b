//! What retention looks at, and what it takes away.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::schema::{articles, preview_tokens, publications, revisions, schedule};
use crate::db::{Connection, Result};
use crate::domain::retention::{Aged, KEPT_REVISIONS};

/// Articles behind `after` that have more revisions than are kept in any case, or one that a program saved before then:
/// at most `most` of them, by id.
///
/// # Errors
/// When the database fails.
pub async fn prunable(
    conn: &mut Connection,
    after: Uuid,
    autosaved_before: DateTime<Utc>,
    most: i64,
) -> Result<Vec<Uuid>> {
    let mut ids: Vec<Uuid> = articles::table
        .filter(articles::revision.gt(KEPT_REVISIONS.into_sql::<diesel::sql_types::Integer>()))
        .filter(articles::id.gt(after))
        .order(articles::id)
        .limit(most)
        .select(articles::id)
        .load(conn)
        .await?;
    let autosaved: Vec<Uuid> = revisions::table
        .filter(revisions::autosave)
        .filter(revisions::created_at.le(autosaved_before))
        .filter(revisions::article_id.gt(after))
        .order(revisions::article_id)
        .limit(most)
        .select(revisions::article_id)
        .distinct()
        .load(conn)
        .await?;
    ids.extend(autosaved);
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(ids)
}

/// The age of every revision of an article.
///
/// # Errors
/// When the database fails.
pub async fn ages(conn: &mut Connection, article: Uuid) -> Result<Vec<Aged>> {
    let ages: Vec<(i32, bool, DateTime<Utc>)> = revisions::table
        .filter(revisions::article_id.eq(article))
        .select((revisions::number, revisions::autosave, revisions::created_at))
        .load(conn)
        .await?;
    let aged = |(number, autosave, created_at)| Aged {
        number,
        autosave,
        created_at,
    };
    Ok(ages.into_iter().map(aged).collect())
}

/// The revisions of an article that something refers to beside the article itself: the publication log, the schedule,
/// and preview links that can still be opened.
///
/// # Errors
/// When the database fails.
pub async fn referred(conn: &mut Connection, article: Uuid, now: DateTime<Utc>) -> Result<Vec<i32>> {
    let shown = publications::table
        .filter(publications::article_id.eq(article))
        .select(publications::revision);
    let planned = schedule::table
        .filter(schedule::article_id.eq(article))
        .select(schedule::revision);
    let previewed = preview_tokens::table
        .filter(preview_tokens::article_id.eq(article))
        .filter(preview_tokens::expires_at.gt(now))
        .filter(preview_tokens::revoked_at.is_null())
        .select(preview_tokens::revision);
    let numbers: Vec<Option<i32>> = shown.union(planned).union(previewed).load(conn).await?;
    Ok(numbers.into_iter().flatten().collect())
}

/// Takes revisions away for good.
///
/// # Errors
/// When the database fails.
pub async fn delete(conn: &mut Connection, article: Uuid, numbers: &[i32]) -> Result<()> {
    let these = revisions::table
        .filter(revisions::article_id.eq(article))
        .filter(revisions::number.eq_any(numbers));
    diesel::delete(these).execute(conn).await.map(drop)
}
