//! Comments on the article are closed.

use super::{Case, Finding};

pub(super) fn find(case: &Case<'_>) -> Finding {
    match case.facts.closed {
        true => Finding::reject("closed", "Comments on this article are closed."),
        false => Finding::pass(),
    }
}
