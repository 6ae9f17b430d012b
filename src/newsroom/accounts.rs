//! What the verbs on accounts and sessions share.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{Refusal, Result};
use crate::clock::new_id;
use crate::db::constraint::is_unique_violation;
use crate::db::refresh_tokens::RefreshTokenRow;
use crate::db::sessions::SessionRow;
use crate::db::users::UserRow;
use crate::db::{self, Change, Connection};
use crate::domain::actor::{Act, Actor};
use crate::domain::check::FieldError;
use crate::domain::permission::Role;

/// The longest name of an account.
pub const MAX_ACCOUNT_NAME: usize = 100;

/// An account to be made, its fields checked already and its password hashed.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub email: String,
    pub name: String,
    pub role: Role,
    pub password_hash: String,
}

/// A session to be opened.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// The hash of its first refresh token.
    pub token_hash: Vec<u8>,
    pub expires_at: DateTime<Utc>,
}

/// An account that is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub user: UserRow,
    pub session_id: Uuid,
}

/// Writes a new account.
pub(super) async fn add(conn: &mut Connection, act: &Act, new: NewAccount) -> Result<UserRow> {
    let user = UserRow {
        id: new_id(act.now),
        email: new.email,
        name: new.name,
        role: new.role,
        password_hash: new.password_hash,
        disabled_at: None,
        version: 1,
        created_at: act.now,
        updated_at: act.now,
    };
    db::users::insert(conn, &user).await.map_err(|error| {
        if is_unique_violation(&error, "users_email_key") {
            let taken = format!("`{}` belongs to another account", user.email);
            return vec![FieldError::field("/email", "email_taken", taken)].into();
        }
        Refusal::from(error)
    })?;
    let details = json!({"name": told_name(&user, Some(&user.name)), "role": user.role});
    db::audit::record(
        conn,
        act,
        "create_user",
        "user",
        user.id,
        Change::created(&user),
        details,
    )
    .await?;
    Ok(user)
}

/// A name as the log may keep it: a reader may ask to be forgotten, and the log forgets nothing.
pub(super) fn told_name<'a>(user: &UserRow, name: Option<&'a String>) -> Option<&'a String> {
    name.filter(|_| user.role != Role::Reader)
}

/// Opens a session for `user`, who acts from here on, and forgets those that are over, so that none are kept forever.
pub(super) async fn open(conn: &mut Connection, act: &Act, user: UserRow, new: NewSession) -> Result<SignedIn> {
    let session = SessionRow {
        id: new_id(act.now),
        user_id: user.id,
        user_agent: new.user_agent,
        created_at: act.now,
        last_used_at: act.now,
        expires_at: new.expires_at,
        ended_at: None,
    };
    let session_id = session.id;
    db::sessions::forget_ended(conn, user.id, act.now).await?;
    db::sessions::insert(conn, &session).await?;
    let token = RefreshTokenRow {
        token_hash: new.token_hash,
        session_id,
        created_at: act.now,
        expires_at: new.expires_at,
        used_at: None,
    };
    db::refresh_tokens::insert(conn, &token).await?;
    let act = Act {
        actor: Some(Actor::Account(user.account(session_id))),
        ..act.clone()
    };
    let (change, details) = (Change::created(&session), json!({"user_agent": session.user_agent}));
    db::audit::record(conn, &act, "sign_in", "session", session_id, change, details).await?;
    Ok(SignedIn { user, session_id })
}
