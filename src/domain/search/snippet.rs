//! The snippet of a result.

use crate::domain::text::escape_html;

/// Before and behind what was found: signs of private use, which the database takes out of texts before it marks them.
const MARK: char = '\u{e000}';
const UNMARK: char = '\u{e001}';
/// Parts the letters of scripts without blanks.
const JOINT: char = '\u{1f}';

/// A snippet as HTML: all of it is text, and only what was found stands in `<mark>`.
#[must_use]
pub fn marked(headline: &str) -> String {
    let mut html = String::with_capacity(headline.len() + 64);
    let mut text = String::new();
    let mut open = false;
    for c in headline.chars() {
        let tag = match c {
            MARK if !open => "<mark>",
            UNMARK if open => "</mark>",
            MARK | UNMARK | JOINT => continue,
            other => {
                text.push(if other.is_whitespace() { ' ' } else { other });
                continue;
            }
        };
        flush(&mut html, &mut text);
        html.push_str(tag);
        open = !open;
    }
    flush(&mut html, &mut text);
    if open {
        html.push_str("</mark>");
    }
    // Letters that were found one by one.
    html.replace("</mark><mark>", "").trim().to_owned()
}

fn flush(html: &mut String, text: &mut String) {
    html.push_str(&escape_html(text));
    text.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_found_is_marked() {
        for (headline, html) in [
            ("a \u{e000}tide\u{e001} table", "a <mark>tide</mark> table"),
            (
                "<mark>&\u{e000}<b>\u{e001}\"'",
                "&lt;mark&gt;&amp;<mark>&lt;b&gt;</mark>&quot;&#39;",
            ),
            ("\u{e001}a\u{e000}b\u{e000}c", "a<mark>bc</mark>"),
            (
                "\u{e000}\u{1f}日\u{1f}\u{e001}\u{1f}\u{e000}本\u{e001}",
                "<mark>日本</mark>",
            ),
            ("\n two\nlines ", "two lines"),
            ("", ""),
        ] {
            assert_eq!(marked(headline), html, "{headline:?}");
        }
    }
}
