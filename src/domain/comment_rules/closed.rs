//! Comments on the article are closed.

use super::{Case, Finding};

/// How the caller is told.
pub const CLOSED: &str = "Comments on this article are closed.";

pub(super) fn find(case: &Case<'_>) -> Finding {
    match case.facts.closed {
        true => Finding::reject("closed", CLOSED),
        false => Finding::pass(),
    }
}
