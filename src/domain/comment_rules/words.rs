//! Words that the paper does not print, and words that somebody should look at.

use super::{Case, Finding};

pub(super) fn blocked(case: &Case<'_>) -> Finding {
    match case.set.blocked.find(&case.folded) {
        Some(found) => Finding::reject("blocked_word", quoted(found)),
        None => Finding::pass(),
    }
}

pub(super) fn held(case: &Case<'_>) -> Finding {
    match case.set.held.find(&case.folded) {
        Some(found) => Finding::hold("held_word", quoted(found)),
        None => Finding::pass(),
    }
}

/// What was matched, as it was written; a word without an end is cut.
fn quoted(found: &str) -> String {
    const SHOWN: usize = 100;
    let shown: String = found.chars().take(SHOWN).collect();
    let more = if shown.len() < found.len() { "…" } else { "" };
    format!("\u{201c}{shown}{more}\u{201d}")
}
