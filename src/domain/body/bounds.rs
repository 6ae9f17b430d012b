//! Whether markup is something a person or a tool could have written, before it is read.
//!
//! Tokenizers compare each attribute of a tag with all before it; a tag of a hundred thousand attributes takes them
//! minutes. This walk counts them, in step with the HTML standard wherever it skips anything.

use super::allow;

/// More attributes than this no tag has.
const MAX_ATTRIBUTES: usize = 256;

/// Whether every tag has a sensible number of attributes.
pub(super) fn are_kept(html: &str) -> bool {
    let mut rest = html.as_bytes();
    while let Some(start) = rest.iter().position(|&byte| byte == b'<') {
        rest = rest.get(start + 1..).unwrap_or_default();
        let tag = rest.strip_prefix(b"/").unwrap_or(rest);
        if let Some(comment) = rest.strip_prefix(b"!--") {
            rest = after_comment(comment);
        } else if tag.first().is_some_and(u8::is_ascii_alphabetic) {
            let Some(after) = after_tag(tag) else { return false };
            let is_start = tag.len() == rest.len();
            rest = if is_start { after_raw(tag, after) } else { after };
        }
    }
    true
}

/// What follows a comment. Too early an end is harmless here: more is looked at than need be.
fn after_comment(comment: &[u8]) -> &[u8] {
    let mut from = 0;
    while let Some(dashes) = comment
        .get(from..)
        .and_then(|rest| rest.iter().position(|&byte| byte == b'>'))
    {
        let end = from + dashes;
        let before = comment.get(..end).unwrap_or_default();
        if before.is_empty() || before == b"-" || before.ends_with(b"--") || before.ends_with(b"--!") {
            return comment.get(end + 1..).unwrap_or_default();
        }
        from = end + 1;
    }
    &[]
}

/// What follows a tag, or nothing if it has too many attributes.
fn after_tag(tag: &[u8]) -> Option<&[u8]> {
    let mut rest = skip(tag, |byte| !is_space(byte) && byte != b'/' && byte != b'>');
    for _ in 0..=MAX_ATTRIBUTES {
        rest = skip(rest, |byte| is_space(byte) || byte == b'/');
        match rest {
            [] => return Some(rest),
            [b'>', after @ ..] => return Some(after),
            // The first character belongs to the name even if it is an equals sign.
            [_, name @ ..] => rest = skip(name, |byte| !is_space(byte) && !matches!(byte, b'/' | b'>' | b'=')),
        }
        if let [b'=', value @ ..] = skip(rest, is_space) {
            rest = match skip(value, is_space) {
                [quote @ (b'"' | b'\''), quoted @ ..] => skip(quoted, |byte| byte != *quote)
                    .split_first()
                    .map(|(_, after)| after)
                    .unwrap_or_default(),
                unquoted => skip(unquoted, |byte| !is_space(byte) && byte != b'>'),
            };
        }
    }
    None
}

/// What follows the content of a raw element; for any other tag, what follows the tag.
fn after_raw<'a>(tag: &[u8], after: &'a [u8]) -> &'a [u8] {
    let Some(name) = allow::RAW.iter().find(|name| {
        let (given, next) = tag.split_at_checked(name.len()).unwrap_or((tag, &[]));
        given.eq_ignore_ascii_case(name.as_bytes())
            && next
                .first()
                .is_none_or(|&byte| is_space(byte) || matches!(byte, b'/' | b'>'))
    }) else {
        return after;
    };
    let mut rest = after;
    while let Some(end) = rest.iter().position(|&byte| byte == b'<') {
        let (from, next) = (
            rest.get(end..).unwrap_or_default(),
            rest.get(end + 1..).unwrap_or_default(),
        );
        let given = next.strip_prefix(b"/").and_then(|tag| tag.get(..name.len()));
        if given.is_some_and(|given| given.eq_ignore_ascii_case(name.as_bytes())) {
            return from;
        }
        rest = next;
    }
    &[]
}

fn skip(bytes: &[u8], while_it: impl Fn(u8) -> bool) -> &[u8] {
    let place = bytes.iter().position(|&byte| !while_it(byte)).unwrap_or(bytes.len());
    bytes.get(place..).unwrap_or_default()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_markup_is_kept() {
        let long_address = format!("<img src=\"data:image/png;base64,{}\">", "a/b c ".repeat(1000));
        let script = format!("<SCRIPT async>for (i=0;i<n;i++) {} </script >", "a b c ".repeat(400));
        for html in [
            "",
            "a < b && c > d <",
            "<p class=a id='b' hidden>text</p>",
            "<a href=\"x y > z\" = ==>",
            "<br/><!-- <a 1 2 3 --><!DOCTYPE html><?php ?>",
            "<a",
            "<a b=",
            "<a b='",
            "<!--",
            long_address.as_str(),
            script.as_str(),
        ] {
            assert!(are_kept(html), "{html}");
        }
    }

    #[test]
    fn endless_tags_are_found_wherever_they_hide() {
        let attributes: String = (0..400).map(|n| format!(" a{n}=\"{n}\"")).collect();
        let bare: String = (0..400).map(|n| format!("/b{n}")).collect();
        for html in [
            format!("<p{attributes}>"),
            format!("</p{attributes}>"),
            format!("<p{bare}"),
            format!("<!--><p{bare}>-->"),
            format!("<!---><p{bare}>-->"),
            format!("<!-- x --!><p{bare}>-->"),
            format!("<!-- <a b='-->' <p{bare}>"),
            format!("<script></scripty><style></style></script><p{bare}>"),
            format!("<scripty><p{bare}>"),
            format!("</script><p{bare}>"),
            format!("<a b=c\"><p x=\">{attributes}>"),
        ] {
            assert!(!are_kept(&html), "{html}");
        }
    }

    #[test]
    fn a_million_comments_take_linear_time() {
        assert!(are_kept(&"<!-->".repeat(200_000)));
        assert!(are_kept(&"<!-- > ".repeat(150_000)));
    }
}
