//! What is known of who comments: what they wrote of late, and whether they may.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::{count, count_star, min};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join_all;
use uuid::Uuid;

use super::schema::{comment_bans, comments};
use super::{Connection, Result};
use crate::domain::comment::CommentStatus;
use crate::domain::comment_rules::{BanKind, Recent};

diesel::define_sql_function! {
    /// Takes a lock until the transaction ends, unless somebody has it.
    fn pg_try_advisory_xact_lock(key: BigInt) -> Bool;
}

/// Somebody, by the hashes that their comments are found by: one under each key that is accepted.
#[derive(Clone, Copy, Debug)]
pub struct Author<'a> {
    pub user: Option<Uuid>,
    pub emails: &'a [Vec<u8>],
    pub addresses: &'a [Vec<u8>],
}

/// Takes the place of these in the queue, until the transaction ends; whether it was free. Nobody waits.
///
/// # Errors
/// When the database fails.
pub async fn enter(mut conn: &Connection, keys: &[i64]) -> Result<bool> {
    let (Some(first), Some(last)) = (keys.first(), keys.last()) else {
        return Ok(true);
    };
    // Who has one gets it again.
    let both = (pg_try_advisory_xact_lock(*first), pg_try_advisory_xact_lock(*last));
    let (first, last): (bool, bool) = diesel::select(both).get_result(&mut conn).await?;
    Ok(first && last)
}

type Counted = (i64, Option<DateTime<Utc>>);

/// Of all these comments those of the last minute. A question for each hash: for a list of them, PostgreSQL would plan each
/// time.
async fn recent<'a>(
    conn: &Connection,
    whose: impl Iterator<Item = comments::BoxedQuery<'a, Pg>>,
    now: DateTime<Utc>,
) -> Result<Recent> {
    let since = now - TimeDelta::seconds(Recent::SECONDS);
    let counted = whose.map(async |whose| {
        let mut conn = conn;
        whose
            .filter(comments::created_at.gt(since))
            .select((count_star(), min(comments::created_at)))
            .first(&mut conn)
            .await
    });
    let counted: Vec<Counted> = try_join_all(counted).await?;
    let oldest = counted.iter().filter_map(|(_, oldest)| *oldest).min();
    Ok(Recent::new(counted.iter().map(|(count, _)| count).sum(), oldest, now))
}

/// Comments from these addresses within a minute.
///
/// # Errors
/// When the database fails.
pub async fn from_address(conn: &Connection, addresses: &[Vec<u8>], now: DateTime<Utc>) -> Result<Recent> {
    let from = |hash| comments::table.filter(comments::address_hash.eq(hash)).into_boxed();
    recent(conn, addresses.iter().map(from), now).await
}

/// Comments from these e-mail addresses within a minute.
///
/// # Errors
/// When the database fails.
pub async fn from_email(conn: &Connection, emails: &[Vec<u8>], now: DateTime<Utc>) -> Result<Recent> {
    let from = |hash| {
        comments::table
            .filter(comments::author_email_hash.eq(hash))
            .into_boxed()
    };
    recent(conn, emails.iter().map(from), now).await
}

/// Comments on this article within a minute.
///
/// # Errors
/// When the database fails.
pub async fn on_article(conn: &Connection, article: Uuid, now: DateTime<Utc>) -> Result<Recent> {
    let on_it = comments::table.filter(comments::article_id.eq(article)).into_boxed();
    recent(conn, std::iter::once(on_it), now).await
}

/// A comment that says the same as another.
#[derive(Clone, Debug, Queryable)]
pub struct Copy {
    pub created_at: DateTime<Utc>,
    pub address_hash: Option<Vec<u8>>,
    pub author_email_hash: Option<Vec<u8>>,
    pub user_id: Option<Uuid>,
}

/// The newest comments since then that say this, but for one.
///
/// # Errors
/// When the database fails.
pub async fn copies(
    mut conn: &Connection,
    text: &[u8],
    but: Option<Uuid>,
    since: DateTime<Utc>,
    most: i64,
) -> Result<Vec<Copy>> {
    comments::table
        .filter(comments::text_hash.eq(text))
        .filter(comments::id.ne(but.unwrap_or_default()))
        .filter(comments::created_at.gt(since))
        .order(comments::created_at.desc())
        .limit(most)
        .select((
            comments::created_at,
            comments::address_hash,
            comments::author_email_hash,
            comments::user_id,
        ))
        .load(&mut conn)
        .await
}

/// How many of an author's comments stand where: ever, and of those written since then. By account, or else by e-mail
/// address, or else by address.
///
/// # Errors
/// When the database fails.
pub async fn record(
    conn: &Connection,
    author: Author<'_>,
    since: DateTime<Utc>,
) -> Result<Vec<(CommentStatus, i64, i64)>> {
    type Whose<'a> = Box<dyn BoxableExpression<comments::table, Pg, SqlType = Nullable<Bool>> + 'a>;
    let nobody = || comments::user_id.is_null();
    let whose: Vec<Whose<'_>> = match (author.user, author.emails) {
        (Some(user), _) => vec![Box::new(comments::user_id.eq(user))],
        (None, []) => {
            let addresses = author.addresses.iter();
            addresses
                .map(|hash| Box::new(comments::address_hash.eq(hash)) as Whose<'_>)
                .collect()
        }
        (None, emails) => emails
            .iter()
            .map(|hash| Box::new(comments::author_email_hash.eq(hash).and(nobody())) as Whose<'_>)
            .collect(),
    };
    let counted = whose.into_iter().map(async |whose| {
        let mut conn = conn;
        comments::table
            .filter(whose)
            .group_by(comments::status)
            .select((
                comments::status,
                count(comments::created_at),
                count(comments::created_at).aggregate_filter(comments::created_at.gt(since)),
            ))
            .load(&mut conn)
            .await
    });
    let counted: Vec<Vec<_>> = try_join_all(counted).await?;
    Ok(counted.into_iter().flatten().collect())
}

/// By what somebody is banned who is known by any of these.
///
/// # Errors
/// When the database fails.
pub async fn banned(mut conn: &Connection, hashes: &[Vec<u8>], now: DateTime<Utc>) -> Result<Option<BanKind>> {
    if hashes.is_empty() {
        return Ok(None);
    }
    comment_bans::table
        .filter(comment_bans::hash.eq_any(hashes))
        .filter(comment_bans::expires_at.is_null().or(comment_bans::expires_at.gt(now)))
        .select(comment_bans::kind)
        .first(&mut conn)
        .await
        .optional()
}
