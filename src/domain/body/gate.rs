//! ammonia with the allow-list of this house: whatever the parser did, nothing else gets out.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use ammonia::{Builder, UrlRelative};

use super::BodyRules;
use super::allow;
use super::values;

/// Texts longer than this are cut on their way through ammonia.
const MAX_TEXT: usize = 4096;

/// HTML with allowed elements, attributes and addresses only.
pub(super) fn sanitise(html: &str, rules: &BodyRules) -> String {
    let attributes: HashMap<&str, HashSet<&str>> = allow::ELEMENTS
        .into_iter()
        .map(|name| (name, allow::attributes(name).iter().copied().collect()))
        .collect();
    let rules = rules.clone();
    Builder::new()
        .tags(allow::ELEMENTS.into())
        .clean_content_tags(allow::DROPPED.into())
        .tag_attributes(attributes)
        .generic_attributes(allow::EVERYWHERE.into())
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .url_relative(UrlRelative::PassThrough)
        // Set by the parser: which link is told what depends on where it leads.
        .link_rel(None)
        .attribute_filter(move |element, name, value| {
            let kept = values::attribute(element, name, Some(value), &rules)?;
            Some(if kept == value {
                Cow::Borrowed(value)
            } else {
                Cow::Owned(kept)
            })
        })
        .clean(&with_cuts(html))
        .to_string()
}

/// Cuts long texts with empty comments, which ammonia takes out again.
///
/// html5ever's serialiser looks through the rest of a text for each character that it may have to escape: a megabyte of
/// ampersands would take it minutes. It takes each of the pieces by itself.
fn with_cuts(html: &str) -> String {
    let mut cut = String::with_capacity(html.len() + html.len() / MAX_TEXT);
    let (mut in_tag, mut length) = (false, 0);
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => (in_tag, length) = (false, 0),
            '&' | '\u{80}'..='\u{BF}' if !in_tag && length > MAX_TEXT => {
                cut.push_str("<!---->");
                length = 0;
            }
            _ => {}
        }
        length += c.len_utf8();
        cut.push(c);
    }
    cut
}
