//! Where the first comments of each reader are looked at.

use super::{Case, Finding};
use crate::domain::site::SiteCommentsPolicy;

pub(super) fn find(case: &Case<'_>) -> Finding {
    let (needed, approved) = (case.set.rules.new_commenter.approved_before, case.facts.approved);
    if case.facts.policy != Some(SiteCommentsPolicy::ModeratedFirst) || approved >= i64::from(needed) {
        return Finding::pass();
    }
    Finding::hold(
        "new_commenter",
        format!("{approved} of the author's comments were approved before; {needed} are needed."),
    )
}
