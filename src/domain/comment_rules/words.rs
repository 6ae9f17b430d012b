//! Words that the paper does not print, and words that somebody should look at.

use super::word_list::WordList;
use super::{Case, Finding};

pub(super) fn blocked(case: &Case<'_>) -> Finding {
    match found(case, &case.set.blocked) {
        Some(found) => Finding::reject("blocked_word", found),
        None => Finding::pass(),
    }
}

pub(super) fn held(case: &Case<'_>) -> Finding {
    match found(case, &case.set.held) {
        Some(found) => Finding::hold("held_word", found),
        None => Finding::pass(),
    }
}

/// The first listed word in the text, or else in the name.
fn found(case: &Case<'_>, list: &WordList) -> Option<String> {
    let in_name = || Some(format!("{} in the name", quoted(list.find(&case.author_name)?)));
    list.find(&case.body).map(quoted).or_else(in_name)
}

/// What was matched, as it was written; a word without an end is cut.
fn quoted(found: &str) -> String {
    const SHOWN: usize = 100;
    let shown: String = found.chars().take(SHOWN).collect();
    let more = if shown.len() < found.len() { "…" } else { "" };
    format!("\u{201c}{shown}{more}\u{201d}")
}
