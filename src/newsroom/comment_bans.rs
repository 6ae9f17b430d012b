//! Ban somebody from commenting, and lift the ban.

use chrono::{DateTime, Utc};
use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::{Refusal, Result};
use crate::clock::new_id;
use crate::db::comment_bans::BanRow;
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;
use crate::domain::check::FieldError;
use crate::domain::comment_rules::BanKind;

/// What the subject of an audit row is called.
const KIND: &str = "comment_ban";

/// By what somebody is banned.
#[derive(Clone, Debug)]
pub enum Banned {
    /// By what the author of this comment is known by.
    AuthorOf(Uuid),
    /// By this hash.
    Hash(Vec<u8>),
}

/// A ban, its texts checked already.
#[derive(Clone, Debug)]
pub struct NewBan {
    pub kind: BanKind,
    pub banned: Banned,
    pub note: Option<String>,
    pub expires_at: Option<DateTime<Utc>>,
}

/// Bans somebody; what they wrote stays as it is.
///
/// # Errors
/// When the comment is not there or its author is not known by that, or they are banned already.
pub async fn create_comment_ban(conn: &mut Connection, act: &Act, new: NewBan) -> Result<BanRow> {
    conn.transaction(async |conn| {
        let hash = match new.banned {
            Banned::Hash(hash) => hash,
            Banned::AuthorOf(comment) => of_author(conn, comment, new.kind).await?,
        };
        if let Some(ban) = db::comment_bans::by_hash(conn, &hash).await? {
            if ban.expires_at.is_none_or(|end| end > act.now) {
                let told = format!(
                    "The same {} is banned already, as {}; lift that ban first.",
                    ban.kind, ban.id
                );
                return Err(Refusal::Conflict(told));
            }
            db::comment_bans::delete(conn, ban.id).await?;
        }
        let row = BanRow {
            id: new_id(act.now),
            kind: new.kind,
            hash,
            note: new.note,
            created_at: act.now,
            created_by_id: act.user_id(),
            expires_at: new.expires_at,
        };
        db::comment_bans::insert(conn, &row).await?;
        let details = json!({"kind": row.kind, "expires_at": row.expires_at});
        db::audit::record(
            conn,
            act,
            "create_comment_ban",
            KIND,
            row.id,
            Change::created(&row),
            details,
        )
        .await?;
        Ok(row)
    })
    .await
}

async fn of_author(conn: &mut Connection, comment: Uuid, kind: BanKind) -> Result<Vec<u8>> {
    let found = db::comments::find(conn, comment).await?;
    let found = found.ok_or_else(|| {
        let message = "must be the id of a comment";
        vec![FieldError::field("/comment_id", "unknown_reference", message)]
    })?;
    let hash = match kind {
        BanKind::Email => found.author_email_hash,
        BanKind::Address => found.address_hash,
        BanKind::Range => found.range_hash,
    };
    Ok(hash.ok_or_else(|| {
        let message = format!("the author of this comment is not known by {kind}, or no longer");
        vec![FieldError::field("/kind", "not_known", message)]
    })?)
}

/// Lifts a ban.
///
/// # Errors
/// When there is none with this id.
pub async fn delete_comment_ban(conn: &mut Connection, act: &Act, id: Uuid) -> Result<()> {
    conn.transaction(async |conn| {
        let found = db::comment_bans::find(conn, id).await?;
        let (row, _) = found.ok_or(Refusal::NotFound("ban"))?;
        db::comment_bans::delete(conn, id).await?;
        let details = json!({"kind": row.kind});
        db::audit::record(
            conn,
            act,
            "delete_comment_ban",
            KIND,
            id,
            Change::deleted(Fingerprint::of(&row)),
            details,
        )
        .await?;
        Ok(())
    })
    .await
}
