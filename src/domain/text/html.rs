//! Plain text from readers, made safe to show.

use crate::domain::link;

/// Text in which nothing is markup any more, in element content and in quoted attributes.
#[must_use]
pub fn escape_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape_into(&mut html, text);
    html
}

/// A reader's plain text as HTML: blank lines part paragraphs, line breaks are kept, web addresses become links.
///
/// Everything else is escaped, so markup that a reader types is shown as typed.
#[must_use]
pub fn comment_html(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut html = String::with_capacity(text.len() + 16);
    let mut in_paragraph = false;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            if in_paragraph {
                html.push_str("</p>");
            }
            in_paragraph = false;
            continue;
        }
        html.push_str(if in_paragraph { "<br>" } else { "<p>" });
        in_paragraph = true;
        line_into(&mut html, line);
    }
    if in_paragraph {
        html.push_str("</p>");
    }
    html
}

fn line_into(html: &mut String, line: &str) {
    let mut rest = line;
    while let Some((before, address, after)) = split_at_address(rest) {
        escape_into(html, before);
        match link::http(address) {
            Ok(url) => {
                html.push_str("<a href=\"");
                escape_into(html, &url);
                html.push_str("\" rel=\"nofollow ugc noopener\">");
                escape_into(html, address);
                html.push_str("</a>");
            }
            Err(_) => escape_into(html, address),
        }
        rest = after;
    }
    escape_into(html, rest);
}

/// The web addresses that become links in a reader's text.
pub fn web_addresses(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, address, after) = split_at_address(rest)?;
        rest = after;
        Some(address)
    })
}

/// What stands before the next web address, the address, and what stands behind it.
fn split_at_address(text: &str) -> Option<(&str, &str, &str)> {
    let (before, from) = text.split_at(next_address(text)?);
    let candidate = from.get(..from.find(ends_address).unwrap_or(from.len()))?;
    let (address, after) = from.split_at_checked(without_punctuation(candidate))?;
    Some((before, address, after))
}

/// Where the next `http://` or `https://` begins that does not continue a word.
fn next_address(text: &str) -> Option<usize> {
    text.match_indices("http").map(|(start, _)| start).find(|&start| {
        let (before, from) = text.split_at(start);
        let opens = from.starts_with("http://") || from.starts_with("https://");
        opens && !before.ends_with(char::is_alphanumeric)
    })
}

fn ends_address(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '<' | '>' | '"' | '`' | '…' | '“' | '”' | '«' | '»' | '،' | '、' | '。' | '，'
        )
}

/// The length of an address without the sentence's punctuation after it; a bracket that the address opened stays.
fn without_punctuation(address: &str) -> usize {
    let mut unopened = address
        .matches(')')
        .count()
        .saturating_sub(address.matches('(').count());
    let mut kept = address;
    while let Some(last) = kept.chars().next_back() {
        match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | ']' | '}' => {}
            ')' if unopened > 0 => unopened -= 1,
            _ => break,
        }
        kept = kept.strip_suffix(last).unwrap_or_default();
    }
    kept.len()
}

fn escape_into(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_stays_markup() {
        assert_eq!(
            escape_html(r#"<a href="x" id='y'>&"#),
            "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;"
        );
        assert_eq!(
            comment_html("<script>alert(1)</script>"),
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
        );
    }

    #[test]
    fn lines_and_paragraphs_are_kept() {
        assert_eq!(
            comment_html("one\ntwo\r\n\r\n\nthree\n"),
            "<p>one<br>two</p><p>three</p>"
        );
        assert_eq!(comment_html(" \n "), "");
    }

    #[test]
    fn addresses_become_links_without_their_sentence() {
        let link = |url: &str, text: &str| format!("<a href=\"{url}\" rel=\"nofollow ugc noopener\">{text}</a>");
        for (given, expected) in [
            (
                "see https://example.org/a?b=1&c=2.",
                format!(
                    "<p>see {}.</p>",
                    link("https://example.org/a?b=1&amp;c=2", "https://example.org/a?b=1&amp;c=2")
                ),
            ),
            (
                "(http://example.org/x_(y))",
                format!(
                    "<p>({})</p>",
                    link("http://example.org/x_(y)", "http://example.org/x_(y)")
                ),
            ),
            (
                "https://example.org",
                format!("<p>{}</p>", link("https://example.org/", "https://example.org")),
            ),
            (
                "<https://example.org/a>",
                format!(
                    "<p>&lt;{}&gt;</p>",
                    link("https://example.org/a", "https://example.org/a")
                ),
            ),
            (
                "xhttps://example.org http:/no https://",
                "<p>xhttps://example.org http:/no https://</p>".to_owned(),
            ),
            (
                "javascript:alert(1) https://user:pw@example.org/",
                "<p>javascript:alert(1) https://user:pw@example.org/</p>".to_owned(),
            ),
        ] {
            assert_eq!(comment_html(given), expected);
        }
    }

    #[test]
    fn hostile_addresses_take_linear_time() {
        for part in ["http://", "https://a", "http://a)", "http://a) ", "h", "http"] {
            assert!(!comment_html(&part.repeat(200_000 / part.len())).is_empty());
        }
    }

    proptest! {
        #[test]
        fn a_browser_finds_only_what_we_put_in(text in "(?s)(https?://|[<>\"'&() .]|.){0,30}") {
            let html = comment_html(&text);
            let mut allowed = ammonia::Builder::empty();
            allowed.tags(["p", "br", "a"].into()).link_rel(None).add_tag_attributes("a", ["href", "rel"]);
            allowed.add_url_schemes(["http", "https"]);
            let opened = |html: &str| html.matches('<').count();
            prop_assert_eq!(opened(&allowed.clean(&html).to_string()), opened(&html));
        }
    }
}
