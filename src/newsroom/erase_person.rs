//! Erase what a person wrote as a reader: their right to be forgotten, for all of it at once.

use uuid::Uuid;

use super::erase_comment::erase_comment;
use super::{Refusal, Result};
use crate::db::Connection;
use crate::db::personal_data::{self, Person};
use crate::domain::actor::Act;
use crate::domain::version::Expected;

/// How many comments are looked up at a time.
const BATCH: i64 = 500;

/// Erases each comment in a transaction of its own, with its audit row; gives their ids. Bans stay.
///
/// # Errors
/// When the database fails; what was erased by then stays erased, and the next time goes on from there.
pub async fn erase_person(conn: &mut Connection, act: &Act, person: Person<'_>) -> Result<Vec<Uuid>> {
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
