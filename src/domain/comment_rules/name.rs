//! A reader who signs with the name of somebody in the newsroom.

use super::{Case, Finding};

pub(super) fn find(case: &Case<'_>) -> Finding {
    if case.facts.name_of_staff {
        return Finding::hold("impersonation", "Somebody in the newsroom has this name.");
    }
    Finding::pass()
}
