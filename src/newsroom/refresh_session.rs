//! Go on with a session: one refresh token is exchanged for its successor.

use chrono::{DateTime, TimeDelta, Utc};
use diesel_async::AsyncConnection;
use serde_json::json;

use super::Result;
use super::accounts::SignedIn;
use super::end_session::end;
use crate::db::refresh_tokens::RefreshTokenRow;
use crate::db::sessions::SessionRow;
use crate::db::users::UserRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;

/// For how long a lost answer can be asked for again while the successor is unused.
const REPLAY: TimeDelta = TimeDelta::seconds(30);

/// What presenting a refresh token led to.
#[derive(Clone, Debug)]
pub enum Refreshed {
    /// The session goes on with the successor that has this hash.
    Continued { signed_in: SignedIn, successor: Vec<u8> },
    /// It is no token of a live session.
    Unknown,
    /// It was used before, so somebody else may hold it too: its session has ended.
    Reused,
}

/// Exchanges the token with the hash `presented`. Its possible successors are known by their hashes; the first is the
/// one to give out anew.
///
/// # Errors
/// When the database fails.
pub async fn refresh_session(
    conn: &mut Connection,
    act: &Act,
    presented: &[u8],
    successors: &[Vec<u8>],
    expires_at: DateTime<Utc>,
) -> Result<Refreshed> {
    conn.transaction(async |conn| {
        let Some((session, token, user)) = find(conn, presented, act.now).await? else {
            return Ok(Refreshed::Unknown);
        };
        let successor = match token.used_at {
            None => renew(conn, act.now, &session, token, successors, expires_at).await?,
            Some(used_at) if used_at + REPLAY >= act.now => {
                let given = db::refresh_tokens::find_unused(conn, successors).await?;
                given.map(|given| given.token_hash)
            }
            Some(_) => None,
        };
        let Some(successor) = successor else {
            let why = json!({"reason": "a refresh token was used twice"});
            end(conn, act, session, why).await?;
            return Ok(Refreshed::Reused);
        };
        let session_id = session.id;
        Ok(Refreshed::Continued {
            signed_in: SignedIn { user, session_id },
            successor,
        })
    })
    .await
}

/// The live session of a token, locked, and the token as it is once nobody else can use it.
async fn find(
    conn: &mut Connection,
    presented: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<(SessionRow, RefreshTokenRow, UserRow)>> {
    let Some(token) = db::refresh_tokens::find(conn, presented).await? else {
        return Ok(None);
    };
    let session = db::sessions::lock(conn, token.session_id).await?;
    let Some(session) = session.filter(|session| session.is_live(now)) else {
        return Ok(None);
    };
    let token = db::refresh_tokens::find(conn, presented).await?;
    let user = db::users::find(conn, session.user_id).await?;
    let token = token.filter(|token| token.expires_at > now);
    let user = user.filter(|user| user.disabled_at.is_none());
    Ok(token.zip(user).map(|(token, user)| (session, token, user)))
}

async fn renew(
    conn: &mut Connection,
    now: DateTime<Utc>,
    session: &SessionRow,
    token: RefreshTokenRow,
    successors: &[Vec<u8>],
    expires_at: DateTime<Utc>,
) -> Result<Option<Vec<u8>>> {
    let Some(successor) = successors.first() else {
        return Ok(None);
    };
    db::refresh_tokens::mark_used(conn, &token.token_hash, now).await?;
    let next = RefreshTokenRow {
        token_hash: successor.clone(),
        created_at: now,
        expires_at,
        ..token
    };
    db::refresh_tokens::insert(conn, &next).await?;
    db::refresh_tokens::forget_expired(conn, session.id, now).await?;
    db::sessions::touch(conn, session.id, now, expires_at).await?;
    Ok(Some(successor.clone()))
}
