//! Too many within a minute: from one address, from one e-mail address, or on one article. A limit of 0 is none. Who
//! floods is refused; on a flooded article comments wait, so that nobody is kept out by another's flood.

use super::{Case, Finding, Recent};

pub(super) fn address(case: &Case<'_>) -> Finding {
    let limit = case.set.rules.flood.address_a_minute;
    match over(case.facts.from_address, limit) {
        Some(told) => Finding::reject("too_many", format!("{told} from this address.")),
        None => Finding::pass(),
    }
}

pub(super) fn email(case: &Case<'_>) -> Finding {
    let limit = case.set.rules.flood.email_a_minute;
    match over(case.facts.from_email, limit) {
        Some(told) => Finding::reject("too_many", format!("{told} from this e-mail address.")),
        None => Finding::pass(),
    }
}

pub(super) fn article(case: &Case<'_>) -> Finding {
    let limit = case.set.rules.flood.article_a_minute;
    match over(case.facts.on_article, limit) {
        Some(told) => Finding::hold("too_many", format!("{told} on this article.")),
        None => Finding::pass(),
    }
}

fn over(recent: Recent, limit: i32) -> Option<String> {
    let over = limit > 0 && recent.count >= i64::from(limit);
    over.then(|| format!("{limit} comments within a minute are taken"))
}
