//! Erase what a person wrote as a reader, and their account: their right to be forgotten, for all of it at once.

use diesel_async::AsyncConnection;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::erase_comment::erase_comment;
use super::{Refusal, Result};
use crate::db::personal_data::{self, Person};
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;
use crate::domain::hex::hex;
use crate::domain::permission::Role;
use crate::domain::version::Expected;

/// How many comments are looked up at a time.
const BATCH: i64 = 500;
/// What the subject of an audit row is called: somebody who has no id.
pub(super) const KIND: &str = "person";

/// What is gone of somebody.
#[derive(Clone, Debug)]
pub struct ErasedPerson {
    /// The comments that are empty now.
    pub comments: Vec<Uuid>,
    /// How many reports name nobody any more.
    pub reports: usize,
    /// What became of the account, if there is one.
    pub account: Option<AccountFate>,
}

/// What becomes of the account of somebody who is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountFate {
    Erased,
    /// It is one of the newsroom.
    Kept,
}

impl AccountFate {
    /// What becomes of an account with this role.
    #[must_use]
    pub fn of(role: Role) -> Self {
        match role {
            Role::Reader => Self::Erased,
            _ => Self::Kept,
        }
    }
}

/// Erases each comment in a transaction of its own, with its audit row; then reports and the account of a reader, in one
/// with the entry that says how much is gone. Bans stay, and accounts of the newsroom.
///
/// # Errors
/// When the database fails; what was erased by then stays erased, and the next time goes on from there.
pub async fn erase_person(conn: &mut Connection, act: &Act, person: Person<'_>) -> Result<ErasedPerson> {
    let comments = erase_comments(conn, act, person).await?;
    conn.transaction(async |conn| {
        let reports = personal_data::erase_reports(conn, person).await?;
        let account = match person.user {
            Some(user) => erase_account(conn, act, user).await?,
            None => None,
        };
        let details = json!({
            "email_hash": known_as(person),
            "comments": comments.len(),
            "reports": reports,
            "account": account,
        });
        db::audit::record(conn, act, "erase_person", KIND, Uuid::nil(), Change::none(), details).await?;
        Ok(ErasedPerson {
            comments,
            reports,
            account,
        })
    })
    .await
}

async fn erase_comments(conn: &mut Connection, act: &Act, person: Person<'_>) -> Result<Vec<Uuid>> {
    let mut erased = Vec::new();
    let mut after = Uuid::nil();
    loop {
        let found = personal_data::comments(conn, person, after, BATCH).await?;
        let Some(last) = found.last() else { return Ok(erased) };
        after = last.id;
        for comment in &found {
            match erase_comment(conn, act, comment.id, Expected::Any).await {
                Ok(row) => erased.push(row.id),
                // Its article was deleted since it was looked up.
                Err(Refusal::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Takes away the account of a reader, with its sign-ins and what it was answered.
async fn erase_account(conn: &mut Connection, act: &Act, user: Uuid) -> Result<Option<AccountFate>> {
    let Some(account) = db::users::lock(conn, user).await? else {
        return Ok(None);
    };
    let fate = AccountFate::of(account.role);
    if fate == AccountFate::Erased {
        db::idempotency::forget_caller(conn, &format!("user:{user}")).await?;
        db::users::delete_by_email(conn, &account.email).await?;
        let change = Change::deleted(Fingerprint::of(&account));
        db::audit::record(
            conn,
            act,
            "erase_user",
            "user",
            user,
            change,
            json!({"role": account.role}),
        )
        .await?;
    }
    Ok(Some(fate))
}

/// The person as the log knows them: a keyed hash of their e-mail address, which nobody can read back.
pub(super) fn known_as(person: Person<'_>) -> Value {
    json!(person.emails.first().map(|hash| hex(hash)))
}
