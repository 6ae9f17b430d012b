//! Too short to say anything, or longer than this paper wants.

use super::{Case, Finding};

pub(super) fn find(case: &Case<'_>) -> Finding {
    let (limits, length) = (&case.set.rules.length, case.remark.body.chars().count());
    let is = |limit: i32| usize::try_from(limit).unwrap_or(0);
    if length < is(limits.min) {
        let told = format!("must have at least {} characters, this has {length}", limits.min);
        return Finding::reject("too_short", told);
    }
    if length > is(limits.max) {
        let told = format!("must have at most {} characters, this has {length}", limits.max);
        return Finding::reject("too_long", told);
    }
    Finding::pass()
}
