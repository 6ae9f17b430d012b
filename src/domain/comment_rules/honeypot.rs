//! A field was filled that people do not see.

use super::{Case, Finding, SPAM};

pub(super) fn find(case: &Case<'_>) -> Finding {
    match case.facts.honeypot {
        true => Finding::reject(SPAM, "A field was filled that people do not see."),
        false => Finding::pass(),
    }
}
