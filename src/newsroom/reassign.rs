//! What becomes of the references to a section, tag or author that is deleted.

use uuid::Uuid;

use super::references::locate;
use super::{Refusal, Result};
use crate::db::Connection;
use crate::domain::check::FieldError;
use crate::domain::taxonomy::Taxonomy;

/// The one that takes the place of `id`: another of the same kind, called `given`.
///
/// # Errors
/// When there is none, or it is the one that goes.
pub(super) async fn target(
    conn: &mut Connection,
    kind: Taxonomy,
    id: Uuid,
    given: Option<&str>,
) -> Result<Option<Uuid>> {
    let Some(given) = given else { return Ok(None) };
    match locate(conn, kind, given).await? {
        Some(target) if target != id => Ok(Some(target)),
        _ => {
            let message = format!("`{given}` is no other {kind}");
            Err(Refusal::Parameter(FieldError::parameter(
                "reassign_to",
                "unknown_reference",
                message,
            )))
        }
    }
}

/// It is not deleted, because so many articles use it.
pub(super) fn in_use(kind: Taxonomy, articles: i64) -> Refusal {
    let used = if articles == 1 {
        "1 article uses".to_owned()
    } else {
        format!("{articles} articles use")
    };
    Refusal::InUse(format!(
        "{used} it; name another {kind} in `reassign_to` to move them there."
    ))
}
