//! What the attributes of a body may say, and the text of a body at large.

use url::Url;

use super::BodyRules;
use crate::domain::link::{self, MAX_LINK};
use crate::domain::text;

/// Descriptions in attributes are cut at this many characters.
const MAX_DESCRIPTION: usize = 1000;

/// What an attribute says in the end: `given` mended, a value of ours, or nothing. Applied twice it changes nothing more.
pub(super) fn attribute(element: &str, name: &str, given: Option<&str>, rules: &BodyRules) -> Option<String> {
    match (element, name) {
        ("img" | "iframe", "loading") => return Some("lazy".to_owned()),
        ("iframe", "referrerpolicy") => return Some("strict-origin-when-cross-origin".to_owned()),
        ("iframe", "allowfullscreen") => return Some(String::new()),
        _ => {}
    }
    let cleaned = clean(given?);
    let value = cleaned.trim();
    let kept = match (element, name) {
        ("iframe", "src") => {
            return embed_url(value)
                .filter(|url| is_embeddable(url, rules))
                .map(String::from);
        }
        ("img", "src") => return link::https(&absolute(value)).ok(),
        ("blockquote" | "q" | "del" | "ins", "cite") => return link::http(value).ok(),
        ("a", "href") => is_link(value),
        ("a", "id") => value.starts_with("fnref-") && is_token(value),
        ("li", "id") => value.starts_with("fn-") && is_token(value),
        (_, "id") => is_token(value),
        ("a", "class") => value == "footnote-backref",
        ("sup", "class") => value == "footnote-ref",
        ("section", "class") => value == "footnotes",
        ("code", "class") => value
            .strip_prefix("language-")
            .is_some_and(|name| !name.is_empty() && is_token(name)),
        ("a", "rel") => return Some(rel(value)).filter(|rel| !rel.is_empty()),
        ("details", "open") => return Some(String::new()),
        (_, "alt" | "title" | "aria-label") => {
            let short: String = value.chars().take(MAX_DESCRIPTION).collect();
            return Some(short.trim_end().to_owned()).filter(|short| name == "alt" || !short.is_empty());
        }
        (_, "dir") => matches!(value, "ltr" | "rtl" | "auto"),
        (_, "lang" | "hreflang") => {
            !value.is_empty() && value.len() <= 35 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        }
        (_, "width" | "height") => is_number(value, 5),
        (_, "colspan" | "rowspan") => is_number(value, 3),
        ("ol", "start") => is_number(value.strip_prefix('-').unwrap_or(value), 9),
        (_, "scope") => matches!(value, "row" | "col" | "rowgroup" | "colgroup"),
        (_, "align") => matches!(value, "left" | "center" | "right"),
        (_, "datetime") => !value.is_empty() && value.len() <= 40,
        _ => false,
    };
    kept.then(|| value.to_owned())
}

/// The address of an embed, as far as it is one that a page over https could show.
pub(super) fn embed_url(src: &str) -> Option<Url> {
    Url::parse(&link::https(&absolute(src.trim())).ok()?).ok()
}

/// Whether an address may be shown in a frame: the host is matched whole, so `www.youtube.com.example` is another.
pub(super) fn is_embeddable(url: &Url, rules: &BodyRules) -> bool {
    url.port().is_none()
        && url
            .host_str()
            .is_some_and(|host| rules.embed_hosts.iter().any(|allowed| allowed == host))
}

/// Whether a link leads to another site, as far as its address tells.
pub(super) fn is_external(href: &str) -> bool {
    Url::parse(href).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// Text as a body keeps it: without what no text may hold, even when it was written as an entity.
pub(super) fn clean(given: &str) -> String {
    let mut kept = String::with_capacity(given.len());
    for c in given.chars() {
        match c {
            '\r' | '\u{C}' => kept.push(' '),
            _ if text::forbidden(c).is_some() => {}
            _ => kept.push(c),
        }
    }
    kept
}

/// What links say of themselves. Editorial links are followed and send a referrer; a paid one can be marked as such.
fn rel(given: &str) -> String {
    let given: Vec<String> = given.split_whitespace().map(str::to_ascii_lowercase).collect();
    let known = ["nofollow", "sponsored", "ugc", "noopener"];
    known
        .into_iter()
        .filter(|word| given.iter().any(|given| given == word))
        .collect::<Vec<_>>()
        .join(" ")
}

fn is_link(href: &str) -> bool {
    if href.is_empty() || href.len() > MAX_LINK || href.contains(['\n', '\t']) {
        return false;
    }
    match Url::parse(href) {
        Ok(url) => matches!(url.scheme(), "http" | "https" | "mailto" | "tel"),
        Err(error) => error == url::ParseError::RelativeUrlWithoutBase,
    }
}

/// Old embed codes leave the scheme out; some addresses carry plain spaces.
fn absolute(src: &str) -> String {
    let scheme = if src.starts_with("//") { "https:" } else { "" };
    format!("{scheme}{}", src.replace(' ', "%20"))
}

fn is_token(value: &str) -> bool {
    !value.is_empty() && value.len() <= MAX_LINK && !value.contains(char::is_whitespace)
}

fn is_number(value: &str, digits: usize) -> bool {
    (1..=digits).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
}

/// The host in an address.
pub(super) fn host(url: &str) -> String {
    Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default()
}
