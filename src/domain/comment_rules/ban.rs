//! Its author may not write for now.

use super::{Case, Finding};

pub(super) fn find(case: &Case<'_>) -> Finding {
    match case.facts.banned {
        Some(kind) => Finding::reject("banned", format!("Banned by {kind}.")),
        None => Finding::pass(),
    }
}
