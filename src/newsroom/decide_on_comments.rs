//! Decide on many comments alike.

use uuid::Uuid;

use super::decide_on_comment::{Ruling, decide_on_comment};
use super::erase_comment::erase_comment;
use super::{Refusal, Result};
use crate::db::Connection;
use crate::db::comments::CommentRow;
use crate::domain::actor::Act;
use crate::domain::comment::CommentAction;
use crate::domain::version::Expected;

/// What became of one of them.
#[derive(Debug)]
pub enum Ruled {
    /// It stands where the decision leads; whether it stood elsewhere before.
    Done { comment: Box<CommentRow>, changed: bool },
    /// There is no such comment, or no more.
    Missing,
    /// That cannot be done to it, and why.
    Refused(String),
}

/// Decides on each in a transaction of its own, in this order: nobody who decides on another waits for all of them.
///
/// # Errors
/// When the database fails; what was decided by then stays.
pub async fn decide_on_comments(
    conn: &mut Connection,
    act: &Act,
    comments: &[CommentRow],
    ruling: &Ruling,
) -> Result<Vec<(Uuid, Ruled)>> {
    let mut ruled = Vec::with_capacity(comments.len());
    for before in comments {
        let decided = match ruling.action {
            CommentAction::Erase => erase_comment(conn, act, before.id, Expected::Any).await,
            _ => decide_on_comment(conn, act, before.id, Expected::Any, ruling).await,
        };
        let outcome = match decided {
            Ok(comment) => Ruled::Done {
                changed: comment.version != before.version,
                comment: Box::new(comment),
            },
            Err(Refusal::NotFound(_)) => Ruled::Missing,
            Err(Refusal::Transition { detail, .. }) => Ruled::Refused(detail),
            Err(error) => return Err(error),
        };
        ruled.push((before.id, outcome));
    }
    Ok(ruled)
}
