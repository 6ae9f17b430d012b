//! Ask others not to edit an article for a while, and stop asking. The lock stops nobody: `If-Match` does.

use chrono::TimeDelta;
use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::articles::{open, visible};
use super::{Refusal, Result};
use crate::db::edit_locks::{EditLockRow, HeldLock};
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::{Account, Act};
use crate::domain::version::Expected;
use crate::domain::workflow::ArticleVerb;

/// Locks the article for `account`, or makes their lock last longer. With `takeover` also when somebody else has it.
///
/// # Errors
/// When the article is gone, cannot be edited now or not by them, or somebody else has the lock.
pub async fn lock_article(
    conn: &mut Connection,
    act: &Act,
    account: &Account,
    id: Uuid,
    lasting: TimeDelta,
    takeover: bool,
) -> Result<HeldLock> {
    conn.transaction(async |conn| {
        open(conn, act, id, Expected::Any, ArticleVerb::Edit).await?;
        let held = holder(conn, act, id).await?;
        let own = held.as_ref().filter(|held| held.lock.user_id == account.user_id);
        if let (Some(other), None, false) = (&held, own, takeover) {
            return Err(taken(other));
        }
        let lock = EditLockRow {
            article_id: id,
            user_id: account.user_id,
            acquired_at: own.map_or(act.now, |own| own.lock.acquired_at),
            expires_at: act.now + lasting,
        };
        db::edit_locks::put(conn, &lock).await?;
        if own.is_none() {
            let change = match &held {
                Some(held) => Change::from(Fingerprint::of(&held.lock), &lock),
                None => Change::created(&lock),
            };
            let details = json!({"taken_from": held.map(|held| held.lock.user_id)});
            db::audit::record(conn, act, "lock_article", "edit_lock", id, change, details).await?;
        }
        let owner = account.name.clone();
        Ok(HeldLock { lock, owner })
    })
    .await
}

/// Takes one's own lock away. Without a lock there is nothing to do.
///
/// # Errors
/// When the article is gone or not for whoever acts, or the lock is somebody else's.
pub async fn unlock_article(conn: &mut Connection, act: &Act, id: Uuid) -> Result<()> {
    conn.transaction(async |conn| {
        let article = visible(act, db::articles::lock(conn, id).await?)?;
        match holder(conn, act, article.id).await? {
            Some(held) if Some(held.lock.user_id) != act.user_id() => Err(taken(&held)),
            Some(held) => {
                db::edit_locks::delete(conn, id).await?;
                let change = Change::deleted(Fingerprint::of(&held.lock));
                db::audit::record(conn, act, "unlock_article", "edit_lock", id, change, json!({})).await?;
                Ok(())
            }
            None => Ok(()),
        }
    })
    .await
}

async fn holder(conn: &mut Connection, act: &Act, id: Uuid) -> Result<Option<HeldLock>> {
    Ok(db::edit_locks::held(conn, &[id], act.now).await?.pop())
}

fn taken(held: &HeldLock) -> Refusal {
    let until = held.lock.expires_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    Refusal::Conflict(format!(
        "{} has the lock until {until}; `takeover: true` takes it over.",
        held.owner
    ))
}
