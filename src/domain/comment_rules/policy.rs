//! Where every comment is looked at first.

use super::{Case, Finding};
use crate::domain::site::SiteCommentsPolicy;

pub(super) fn find(case: &Case<'_>) -> Finding {
    match case.facts.policy {
        Some(SiteCommentsPolicy::Moderated) => Finding::hold("moderated", "Every comment here is looked at first."),
        _ => Finding::pass(),
    }
}
