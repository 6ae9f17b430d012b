//! What a service of the paper's own says.

use std::borrow::Cow;

use super::{Case, Finding};

pub(super) fn find(case: &Case<'_>) -> Finding {
    match case.facts.hook.clone() {
        None => Finding::pass(),
        Some(opinion) => Finding {
            outcome: opinion.outcome,
            reason: opinion.reason.map(Cow::Owned),
            detail: opinion.detail,
        },
    }
}
