//! The same words again: by the same author, or copied by many.

use super::{Case, Finding};

/// What is shorter many say by themselves: "Thank you", or a heart.
const SHORTEST_COPY: usize = 20;

pub(super) fn find(case: &Case<'_>) -> Finding {
    let rule = &case.set.rules.repeat;
    if let Some(ago) = case.facts.same_text_ago
        && ago < i64::from(rule.same_author_seconds)
    {
        return Finding::reject("repeated", format!("The same was written {ago} seconds ago."));
    }
    let long = case.body.joined.chars().count() >= SHORTEST_COPY;
    if long && rule.copies_a_day > 0 && case.facts.copies >= i64::from(rule.copies_a_day) {
        let told = format!("Others wrote the same {} times within a day.", case.facts.copies);
        return Finding::hold("copied", told);
    }
    Finding::pass()
}
