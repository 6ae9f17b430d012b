//! What is to be done by itself: each thing once, by whichever node claims it first.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::articles::ArticleRow;
use super::kept::KeptDsl;
use super::schema::{articles, schedule, users};
use super::{Connection, Result};
use crate::domain::plan::PlannedAction;

/// One thing that is planned.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = schedule, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct PlannedRow {
    pub article_id: Uuid,
    pub action: PlannedAction,
    pub revision: Option<i32>,
    pub due_at: DateTime<Utc>,
    pub try_at: DateTime<Utc>,
    pub attempts: i32,
    pub last_error: Option<String>,
    pub scheduled_by_id: Option<Uuid>,
    pub scheduled_at: DateTime<Utc>,
}

/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut Connection, planned: &[PlannedRow]) -> Result<()> {
    diesel::insert_into(schedule::table)
        .values(planned)
        .execute(conn)
        .await
        .map(drop)
}

/// # Errors
/// When the database fails.
pub async fn delete(conn: &mut Connection, article: Uuid, actions: &[PlannedAction]) -> Result<()> {
    let planned = schedule::table
        .filter(schedule::article_id.eq(article))
        .filter(schedule::action.eq_any(actions));
    diesel::delete(planned).execute(conn).await.map(drop)
}

/// The revision that is planned to be published.
///
/// # Errors
/// When the database fails.
pub async fn revision(conn: &mut Connection, article: Uuid) -> Result<Option<i32>> {
    let planned = schedule::table
        .find((article, PlannedAction::Publish))
        .select(schedule::revision);
    Ok(planned.first(conn).await.optional()?.flatten())
}

/// Plans another revision in its place.
///
/// # Errors
/// When the database fails.
pub async fn replan(conn: &mut Connection, article: Uuid, revision: i32) -> Result<()> {
    diesel::update(schedule::table.find((article, PlannedAction::Publish)))
        .set(schedule::revision.eq(revision))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// Puts a thing off until then.
///
/// # Errors
/// When the database fails.
pub async fn postpone(conn: &mut Connection, article: Uuid, action: PlannedAction, until: DateTime<Utc>) -> Result<()> {
    diesel::update(schedule::table.find((article, action)))
        .set((schedule::due_at.eq(until), schedule::try_at.eq(until)))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// Notes that a thing could not be done, and when it is tried again.
///
/// # Errors
/// When the database fails.
pub async fn failed(conn: &mut Connection, planned: &PlannedRow, why: &str, again: DateTime<Utc>) -> Result<()> {
    diesel::update(schedule::table.find((planned.article_id, planned.action)))
        .set((
            schedule::attempts.eq(planned.attempts + 1),
            schedule::last_error.eq(why),
            schedule::try_at.eq(again),
        ))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// Claims the thing that has waited longest, with its article: nobody else touches either until this transaction ends.
/// What somebody else is at work on is passed over, so nobody waits and nobody does it twice.
///
/// # Errors
/// When the database fails.
pub async fn claim(conn: &mut Connection, now: DateTime<Utc>) -> Result<Option<(PlannedRow, ArticleRow)>> {
    schedule::table
        .inner_join(articles::table)
        .filter(schedule::try_at.le(now))
        .order((schedule::try_at, schedule::article_id))
        .limit(1)
        .select((PlannedRow::as_select(), ArticleRow::as_select()))
        .for_no_key_update()
        .skip_locked()
        .first(conn)
        .await
        .optional()
}

/// Everything that is due, tried before or not, with its article, locked.
///
/// # Errors
/// When the database fails.
pub async fn due(conn: &mut Connection, now: DateTime<Utc>) -> Result<Vec<(PlannedRow, ArticleRow)>> {
    schedule::table
        .inner_join(articles::table)
        .filter(schedule::due_at.le(now))
        .order((schedule::due_at, schedule::article_id, schedule::action))
        .select((PlannedRow::as_select(), ArticleRow::as_select()))
        .for_no_key_update()
        .load(conn)
        .await
}

/// How much is planned.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut Connection) -> Result<i64> {
    schedule::table.count().get_result(conn).await
}

/// A thing that is planned, with what a person wants to know of it.
#[derive(Clone, Debug, Queryable)]
pub struct Pending {
    pub planned: PlannedRow,
    pub slug: String,
    pub title: String,
    pub scheduled_by: Option<String>,
}

/// Where a page of the list ends.
pub type Position = (DateTime<Utc>, Uuid, PlannedAction);

/// Everything that is planned, what is due first; only for articles in `sections`, if there is such a limit.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut Connection,
    sections: Option<&[Uuid]>,
    after: Option<&Position>,
    fetch: i64,
) -> Result<Vec<Pending>> {
    let mut query = schedule::table
        .inner_join(articles::table)
        .left_join(users::table.on(schedule::scheduled_by_id.eq(users::id.nullable())))
        .order((schedule::due_at, schedule::article_id, schedule::action))
        .limit(fetch)
        .select((
            PlannedRow::as_select(),
            articles::slug,
            articles::title,
            users::name.nullable(),
        ))
        .into_boxed();
    if let Some(sections) = sections {
        query = query.filter(articles::section_id.eq_any(sections));
    }
    if let Some((at, article, action)) = after {
        let same_article = schedule::article_id.eq(*article).and(schedule::action.gt(*action));
        let beyond = schedule::article_id.gt(*article).or(same_article);
        query = query
            .filter(schedule::due_at.ge(*at))
            .filter(schedule::due_at.gt(*at).or(beyond));
    }
    query.load(conn).await
}
