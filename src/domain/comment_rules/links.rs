//! Too many links, or one to a host that the paper does not link to.

use super::{Case, Finding};
use crate::domain::text::web_addresses;

pub(super) fn find(case: &Case<'_>) -> Finding {
    let rule = &case.set.rules.links;
    let texts = [case.remark.body, case.remark.author_name];
    let linked: Vec<String> = texts.into_iter().flat_map(web_addresses).filter_map(host).collect();
    let bare = texts.into_iter().flat_map(|text| {
        text.split(|c: char| !is_host_character(c))
            .map(|word| word.replace(OTHER_DOTS, ".").trim_matches('.').to_lowercase())
    });
    let blocked = |host: &String| rule.blocked_hosts.iter().any(|blocked| is_below(host, blocked));
    if let Some(found) = linked.iter().cloned().chain(bare).find(blocked) {
        return Finding::reject("blocked_host", found);
    }
    let trusted = |host: &&String| !rule.trusted_hosts.iter().any(|trusted| is_below(host, trusted));
    let count = linked.iter().filter(trusted).count();
    let over = |limit: i32| count > usize::try_from(limit).unwrap_or(0);
    let told = || match count {
        1 => "1 link.".to_owned(),
        count => format!("{count} links."),
    };
    if over(rule.rejected_above) {
        return Finding::reject("too_many_links", told());
    }
    if over(rule.held_above) {
        return Finding::hold("too_many_links", told());
    }
    Finding::pass()
}

/// What browsers take for a dot in the name of a host.
const OTHER_DOTS: [char; 3] = ['\u{3002}', '\u{FF0E}', '\u{FF61}'];

fn host(address: &str) -> Option<String> {
    url::Url::parse(address).ok()?.host_str().map(str::to_lowercase)
}

fn is_host_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-') || OTHER_DOTS.contains(&c)
}

/// Whether `host` is this domain or one below it.
fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}
