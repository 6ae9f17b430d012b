//! Change an account: its name, its role, whether it may sign in.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::accounts::told_name;
use super::{Refusal, Result};
use crate::db::users::UserRow;
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;
use crate::domain::permission::Role;
use crate::domain::version::Expected;

/// What changes about an account, its texts checked already. What is absent stays.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    pub name: Option<String>,
    pub role: Option<Role>,
    pub disabled: Option<bool>,
}

/// Changes what `change` names. A role acts from the next request on; disabling ends every session.
///
/// # Errors
/// When there is no such account, it changed, or no admin would be left.
pub async fn update_user(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    change: UserChange,
) -> Result<UserRow> {
    let ends_admin = change.disabled == Some(true) || change.role.is_some_and(|role| role != Role::Admin);
    conn.transaction(async |conn| {
        // Admins are locked before anybody else, so that two such changes never wait for each other.
        let admins = if ends_admin {
            db::users::lock_admins(conn).await?
        } else {
            Vec::new()
        };
        let mut user = db::users::lock(conn, id).await?.ok_or(Refusal::NotFound("user"))?;
        expected.require(user.version)?;
        let before = Fingerprint::of(&user);
        if admins == [id] {
            return Err(Refusal::Conflict(
                "This is the last admin who can sign in; make another one first.".to_owned(),
            ));
        }
        let name = told_name(&user, change.name.as_ref());
        let details = json!({"name": name, "role": change.role, "disabled": change.disabled});
        user.name = change.name.unwrap_or(user.name);
        user.role = change.role.unwrap_or(user.role);
        user.disabled_at = match change.disabled {
            None => user.disabled_at,
            Some(true) => user.disabled_at.or(Some(act.now)),
            Some(false) => None,
        };
        user.version += 1;
        user.updated_at = act.now;
        db::users::update(conn, &user).await?;
        if user.disabled_at.is_some() {
            db::sessions::end_all(conn, id, None, act.now).await?;
        }
        let change = Change::from(before, &user);
        db::audit::record(conn, act, "update_user", "user", id, change, details).await?;
        Ok(user)
    })
    .await
}
