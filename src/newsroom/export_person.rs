//! Note that somebody was told everything that is kept of them.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::Result;
use super::erase_person::{KIND, known_as};
use crate::db::personal_data::Person;
use crate::db::{self, Change, Connection};
use crate::domain::actor::Act;

/// How much somebody was told of themselves.
#[derive(Clone, Copy, Debug)]
pub struct Handed {
    pub comments: usize,
    pub reports: usize,
    pub bans: usize,
    /// Whether they have an account.
    pub account: bool,
}

/// Writes to the log that a person's data was handed out: how much of what, and of whom by a keyed hash alone.
///
/// # Errors
/// When the database fails.
pub async fn export_person(conn: &mut Connection, act: &Act, person: Person<'_>, handed: Handed) -> Result<()> {
    let details = json!({
        "email_hash": known_as(person),
        "comments": handed.comments,
        "reports": handed.reports,
        "bans": handed.bans,
        "account": handed.account,
    });
    conn.transaction(async |conn| {
        db::audit::record(conn, act, "export_person", KIND, Uuid::nil(), Change::none(), details).await?;
        Ok(())
    })
    .await
}
