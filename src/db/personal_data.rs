//! What is kept of one person, found by what they are known by.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::api_keys::ApiKeyRow;
use super::comment_bans::BanRow;
use super::comment_reports::ReportRow;
use super::comments::CommentRow;
use super::schema::{api_keys, comment_bans, comment_reports, comments, sessions, sign_in_places};
use super::sessions::SessionRow;
use super::{Connection, Result};
use crate::domain::comment::CommentAuthorKind;

/// A person, by the hashes of their e-mail address under every key that is accepted, and by their account.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// The current one first.
    pub emails: &'a [Vec<u8>],
    pub user: Option<Uuid>,
    /// The hashes of the account, by which reports are known.
    pub reporter: &'a [Vec<u8>],
}

/// What somebody wrote as a reader, in the order of ids, behind `after`; not what is erased. What an account of the
/// newsroom wrote is the newsroom's.
///
/// # Errors
/// When the database fails.
pub async fn comments(conn: &mut Connection, of: Person<'_>, after: Uuid, limit: i64) -> Result<Vec<CommentRow>> {
    comments::table
        .filter(written_by(of))
        .filter(comments::id.gt(after))
        .order(comments::id)
        .limit(limit)
        .select(CommentRow::as_select())
        .load(conn)
        .await
}

/// How many those are.
///
/// # Errors
/// When the database fails.
pub async fn count_comments(conn: &mut Connection, of: Person<'_>) -> Result<i64> {
    comments::table.filter(written_by(of)).count().get_result(conn).await
}

type Condition<'a> = Box<dyn BoxableExpression<comments::table, Pg, SqlType = Nullable<Bool>> + 'a>;

fn written_by(of: Person<'_>) -> Condition<'_> {
    let by_email = comments::author_email_hash.eq_any(of.emails);
    match of.user {
        None => Box::new(by_email),
        Some(user) => {
            let as_reader = comments::author_kind.eq(CommentAuthorKind::Reader);
            Box::new(by_email.or(comments::user_id.eq(user).and(as_reader)))
        }
    }
}

/// What somebody reported while they were signed in, and while it is kept who reported; oldest first.
///
/// # Errors
/// When the database fails.
pub async fn reports(conn: &mut Connection, of: Person<'_>) -> Result<Vec<ReportRow>> {
    comment_reports::table
        .filter(comment_reports::reporter.eq_any(of.reporter))
        .order((comment_reports::created_at, comment_reports::id))
        .select(ReportRow::as_select())
        .load(conn)
        .await
}

/// Forgets who made those reports, and in which words; counts them. That there was one stays with the comment.
///
/// # Errors
/// When the database fails.
pub async fn erase_reports(conn: &mut Connection, of: Person<'_>) -> Result<usize> {
    let made = comment_reports::table.filter(comment_reports::reporter.eq_any(of.reporter));
    diesel::update(made)
        .set((
            comment_reports::reporter.eq(None::<Vec<u8>>),
            comment_reports::note.eq(None::<String>),
        ))
        .execute(conn)
        .await
}

/// The bans of these e-mail addresses, whether they hold or not.
///
/// # Errors
/// When the database fails.
pub async fn bans(conn: &mut Connection, emails: &[Vec<u8>]) -> Result<Vec<BanRow>> {
    comment_bans::table
        .filter(comment_bans::hash.eq_any(emails))
        .order(comment_bans::created_at)
        .select(BanRow::as_select())
        .load(conn)
        .await
}

/// When an account was last signed in to from each network that is still known, newest first. Which networks those are
/// cannot be told.
///
/// # Errors
/// When the database fails.
pub async fn places(conn: &mut Connection, user: Uuid) -> Result<Vec<DateTime<Utc>>> {
    sign_in_places::table
        .filter(sign_in_places::user_id.eq(user))
        .order(sign_in_places::last_at.desc())
        .select(sign_in_places::last_at)
        .load(conn)
        .await
}

/// Every API key that an account made, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn api_keys(conn: &mut Connection, user: Uuid) -> Result<Vec<ApiKeyRow>> {
    api_keys::table
        .filter(api_keys::created_by_id.eq(user))
        .order(api_keys::created_at)
        .select(ApiKeyRow::as_select())
        .load(conn)
        .await
}

/// Every sign-in of an account that is still known, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn sessions(conn: &mut Connection, user: Uuid) -> Result<Vec<SessionRow>> {
    sessions::table
        .filter(sessions::user_id.eq(user))
        .order(sessions::created_at)
        .select(SessionRow::as_select())
        .load(conn)
        .await
}
