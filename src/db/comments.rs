//! Comments, one at a time.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::comments;
use super::{Connection, Result, Write};
use crate::domain::comment::{CommentAuthorKind, CommentQueue, CommentStatus, Place, Standing};

/// A comment. (The column `visible` follows from others and is only ever asked for. What is erased with it is no part of its
/// fingerprint.)
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = comments, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct CommentRow {
    pub id: Uuid,
    pub article_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub depth: i32,
    pub author_kind: CommentAuthorKind,
    #[serde(skip)]
    pub author_name: String,
    #[serde(skip)]
    pub author_email_hash: Option<Vec<u8>>,
    #[serde(skip)]
    pub avatar_key: String,
    #[serde(skip)]
    pub user_id: Option<Uuid>,
    #[serde(skip)]
    pub body: String,
    #[serde(skip)]
    pub body_html: String,
    pub status: CommentStatus,
    #[serde(skip)]
    pub edit_token_hash: Option<Vec<u8>>,
    pub moderated_by_id: Option<Uuid>,
    pub moderated_at: Option<DateTime<Utc>>,
    #[diesel(skip_update)]
    #[serde(skip)]
    pub reply_count: i32,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub edited_at: Option<DateTime<Utc>>,
    /// Keyed hashes of the address that it was sent from and of its network; erased after a while.
    #[serde(skip)]
    pub address_hash: Option<Vec<u8>>,
    #[serde(skip)]
    pub range_hash: Option<Vec<u8>>,
    #[serde(skip)]
    pub text_hash: Option<Vec<u8>>,
    pub queue: Option<CommentQueue>,
    /// Reports since the last decision.
    pub report_count: i32,
    pub appealed_at: Option<DateTime<Utc>>,
    pub erased_at: Option<DateTime<Utc>>,
    /// The API key that decided last, where it was no person.
    pub moderated_by_key_id: Option<Uuid>,
}

impl CommentRow {
    /// Where it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing {
            place: self.place(),
            moderated: self.moderated_at.is_some(),
            erased: self.erased_at.is_some(),
        }
    }

    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            status: self.status,
            queue: self.queue,
        }
    }

    /// Brings it there.
    pub fn put(&mut self, place: Place) {
        self.status = place.status;
        self.queue = place.queue;
    }
}

/// # Errors
/// When the database fails.
pub async fn find(mut conn: &Connection, id: Uuid) -> Result<Option<CommentRow>> {
    comments::table
        .find(id)
        .select(CommentRow::as_select())
        .first(&mut conn)
        .await
        .optional()
}

/// A comment, locked.
///
/// # Errors
/// When the database fails.
pub async fn lock(conn: &mut Connection, id: Uuid) -> Result<Option<CommentRow>> {
    comments::table
        .find(id)
        .select(CommentRow::as_select())
        .for_no_key_update()
        .first(conn)
        .await
        .optional()
}

/// Those of these comments that are erased. Nobody erases another of them until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn erased_of(conn: &mut Connection, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let held: Vec<(Uuid, Option<DateTime<Utc>>)> = comments::table
        .filter(comments::id.eq_any(ids))
        .order(comments::id.desc())
        .select((comments::id, comments::erased_at))
        .for_share()
        .load(conn)
        .await?;
    let erased = held.into_iter().filter(|(_, erased_at)| erased_at.is_some());
    Ok(erased.map(|(id, _)| id).collect())
}

/// Adds comments.
#[must_use]
pub fn adding<'a>(rows: impl IntoIterator<Item = &'a CommentRow>) -> Write<'a> {
    let rows: Vec<&CommentRow> = rows.into_iter().collect();
    Write::new(diesel::insert_into(comments::table).values(rows))
}

/// Writes everything but the number of replies.
///
/// # Errors
/// When the database fails.
pub async fn update(conn: &mut Connection, comment: &CommentRow) -> Result<()> {
    diesel::update(comments::table.find(comment.id))
        .set(comment)
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// A comment as it is after one of its replies came into sight or went out of it.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Recounted {
    pub parent_id: Option<Uuid>,
    pub status: CommentStatus,
    pub reply_count: i32,
}

/// A comment has `by` more replies that readers see, or fewer.
///
/// # Errors
/// When the database fails, or fewer than none would be left.
pub async fn recount_replies(mut conn: &Connection, id: Uuid, by: i32) -> Result<Recounted> {
    diesel::update(comments::table.find(id))
        .set(comments::reply_count.eq(comments::reply_count + by))
        .returning((comments::parent_id, comments::status, comments::reply_count))
        .kept()
        .get_result(&mut conn)
        .await
}
