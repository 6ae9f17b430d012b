//! An author much of whose writing was rejected of late.

use super::{Case, Finding};

pub(super) fn find(case: &Case<'_>) -> Finding {
    let (rule, facts) = (&case.set.rules.history, case.facts);
    let enough = facts.decided >= i64::from(rule.at_least);
    if rule.rejected_percent == 0 || !enough || facts.decided == 0 {
        return Finding::pass();
    }
    if facts.rejected * 100 < facts.decided * i64::from(rule.rejected_percent) {
        return Finding::pass();
    }
    let told = format!(
        "{} of the author's last {} comments were rejected.",
        facts.rejected, facts.decided
    );
    Finding::hold("history", told)
}
