//! The old slugs of sections, tags and authors, and where they lead now.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::{authors, retired_slugs, sections, tags};
use super::{Connection, Result};
use crate::domain::taxonomy::Taxonomy;

/// Who holds this slug, in use or retired.
///
/// # Errors
/// When the database fails.
pub async fn owner(conn: &mut Connection, kind: Taxonomy, slug: &str) -> Result<Option<Uuid>> {
    let live = match kind {
        Taxonomy::Section => sections::table
            .filter(sections::slug.eq(slug))
            .select(sections::id)
            .first(conn)
            .await
            .optional()?,
        Taxonomy::Tag => tags::table
            .filter(tags::slug.eq(slug))
            .select(tags::id)
            .first(conn)
            .await
            .optional()?,
        Taxonomy::Author => authors::table
            .filter(authors::slug.eq(slug))
            .select(authors::id)
            .first(conn)
            .await
            .optional()?,
    };
    match live {
        Some(id) => Ok(Some(id)),
        None => follow(conn, kind, slug).await,
    }
}

/// Where a retired slug leads.
///
/// # Errors
/// When the database fails.
pub async fn follow(conn: &mut Connection, kind: Taxonomy, slug: &str) -> Result<Option<Uuid>> {
    leads(kind, slug).first(conn).await.optional()
}

/// The same as a part of another query.
#[diesel::dsl::auto_type]
pub fn leads<'a>(kind: Taxonomy, slug: &'a str) -> _ {
    retired_slugs::table.find((kind, slug)).select(retired_slugs::target_id)
}

/// From now on `slug`, which named `was`, leads to `target`; so does whatever led to `was`.
///
/// # Errors
/// When the database fails.
pub async fn retire(
    conn: &mut Connection,
    kind: Taxonomy,
    slug: &str,
    was: Uuid,
    target: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    redirect(conn, was, target).await?;
    diesel::insert_into(retired_slugs::table)
        .values((
            retired_slugs::kind.eq(kind),
            retired_slugs::slug.eq(slug),
            retired_slugs::was_id.eq(was),
            retired_slugs::target_id.eq(target),
            retired_slugs::retired_at.eq(now),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Whatever led to `was` leads to `target` from now on.
///
/// # Errors
/// When the database fails.
pub async fn redirect(conn: &mut Connection, was: Uuid, target: Uuid) -> Result<()> {
    if was == target {
        return Ok(());
    }
    diesel::update(retired_slugs::table.filter(retired_slugs::target_id.eq(was)))
        .set(retired_slugs::target_id.eq(target))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// `slug` is in use again by the one it led to.
///
/// # Errors
/// When the database fails.
pub async fn revive(conn: &mut Connection, kind: Taxonomy, slug: &str) -> Result<()> {
    diesel::delete(retired_slugs::table.find((kind, slug)))
        .execute(conn)
        .await
        .map(drop)
}

/// Forgets every slug that leads to `target`, which is being deleted.
///
/// # Errors
/// When the database fails.
pub async fn forget(conn: &mut Connection, target: Uuid) -> Result<()> {
    diesel::delete(retired_slugs::table.filter(retired_slugs::target_id.eq(target)))
        .execute(conn)
        .await
        .map(drop)
}

/// What took the place of things that are no more: pairs of what was and what is now.
///
/// # Errors
/// When the database fails.
pub async fn successors(conn: &mut Connection, gone: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    retired_slugs::table
        .filter(retired_slugs::was_id.eq_any(gone))
        .filter(retired_slugs::was_id.ne(retired_slugs::target_id))
        .select((retired_slugs::was_id, retired_slugs::target_id))
        .load(conn)
        .await
}

/// Slugs in use, to suggest the nearest of; at most `limit` of them.
///
/// # Errors
/// When the database fails.
pub async fn in_use(conn: &mut Connection, kind: Taxonomy, limit: i64) -> Result<Vec<String>> {
    match kind {
        Taxonomy::Section => sections::table.select(sections::slug).limit(limit).load(conn).await,
        Taxonomy::Tag => {
            let lasting = tags::table.filter(tags::merged_into_id.is_null());
            lasting.select(tags::slug).limit(limit).load(conn).await
        }
        Taxonomy::Author => authors::table.select(authors::slug).limit(limit).load(conn).await,
    }
}
