//! Do a thing once, however often it is asked for: the answer is kept in the change's own transaction, so it is there
//! if and only if the change is.

use chrono::{DateTime, Utc};
use diesel_async::{AnsiTransactionManager, TransactionManager};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Refusal, Result};
use crate::db::idempotency::KeptRow;
use crate::db::{self, Connection};
use crate::domain::retention::ANSWERS;

/// What makes two requests the same.
#[derive(Clone, Debug)]
pub struct RequestKey {
    /// Who asks.
    pub owner: String,
    /// What for.
    pub route: String,
    pub key: String,
    /// Of the body, keyed, under each key that is accepted, the current one first: another body under the same key is a
    /// mistake.
    pub request_hashes: Vec<[u8; 32]>,
}

impl RequestKey {
    /// A number for the lock. Two keys that share one wait for each other, and nothing else.
    fn number(&self) -> i64 {
        let text = [&self.owner, &self.route, &self.key].map(|part| format!("{}:{part}", part.len()));
        let hash: [u8; 32] = Sha256::digest(text.concat()).into();
        let [a, b, c, d, e, f, g, h, ..] = hash;
        i64::from_be_bytes([a, b, c, d, e, f, g, h])
    }
}

/// An answer that was or is to be kept.
#[derive(Clone, Debug)]
pub struct KeptAnswer {
    pub status: i32,
    pub headers: Value,
    pub body: Vec<u8>,
    /// The comments that it tells of: it is kept no longer than each of them.
    pub comments: Vec<Uuid>,
}

/// Opens the transaction for a request with this key, and waits for another that is being answered. Gives the answer
/// that was kept; then the transaction has ended again. Without one the caller does the work and ends the transaction
/// by [`keep`] or [`abandon`].
///
/// # Errors
/// When the key was used for another request, or for what is erased by now.
pub async fn begin(conn: &mut Connection, key: &RequestKey, now: DateTime<Utc>) -> Result<Option<KeptAnswer>> {
    AnsiTransactionManager::begin_transaction(conn).await?;
    let found = find(conn, key, now).await;
    if !matches!(found, Ok(None)) {
        abandon(conn).await?;
    }
    let Some(kept) = found? else { return Ok(None) };
    if kept.is_spent() {
        return Err(Refusal::Erased);
    }
    if !key.request_hashes.iter().any(|hash| *kept.request_hash == *hash) {
        return Err(Refusal::KeyReused);
    }
    Ok(Some(KeptAnswer {
        status: kept.status,
        headers: kept.headers,
        body: kept.body,
        comments: kept.comment_ids,
    }))
}

async fn find(conn: &mut Connection, key: &RequestKey, now: DateTime<Utc>) -> Result<Option<KeptRow>> {
    db::idempotency::enter(conn, key.number()).await?;
    Ok(db::idempotency::find(conn, &key.owner, &key.route, &key.key, now - ANSWERS).await?)
}

/// Keeps the answer with the change that it tells of.
///
/// # Errors
/// When the database fails; nothing has been changed then.
pub async fn keep(conn: &mut Connection, key: RequestKey, answer: KeptAnswer, now: DateTime<Utc>) -> Result<()> {
    let row = KeptRow {
        owner: key.owner,
        route: key.route,
        key: key.key,
        request_hash: key.request_hashes.first().copied().unwrap_or_default().to_vec(),
        status: answer.status,
        headers: answer.headers,
        body: answer.body,
        created_at: now,
        comment_ids: answer.comments,
    };
    if let Err(error) = write(conn, &row).await {
        abandon(conn).await?;
        return Err(error);
    }
    Ok(AnsiTransactionManager::commit_transaction(conn).await?)
}

async fn write(conn: &mut Connection, row: &KeptRow) -> Result<()> {
    db::idempotency::put(conn, row).await?;
    if row.comment_ids.is_empty() {
        return Ok(());
    }
    // Whoever erased one at the same time has not seen this answer.
    for comment in db::comments::erased_of(conn, &row.comment_ids).await? {
        db::idempotency::spend(conn, comment).await?;
    }
    Ok(())
}

/// Takes back what was done.
///
/// # Errors
/// When the database fails.
pub async fn abandon(conn: &mut Connection) -> Result<()> {
    Ok(AnsiTransactionManager::rollback_transaction(conn).await?)
}
