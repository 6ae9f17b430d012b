//! Markdown to HTML. What comes out is as little trusted as HTML that was written by hand.

use std::fmt;

use comrak::{Arena, Options, format_html, parse_document};

/// Footnotes and tables can make a little Markdown into very much HTML; nobody's article grows beyond this.
const MAX_GROWTH: usize = 8;
/// What even the shortest Markdown may become.
const MIN_ROOM: usize = 64 * 1024;

/// CommonMark with tables, footnotes, strikethrough and bare addresses. `None` if it grows out of all proportion.
pub(super) fn to_html(markdown: &str) -> Option<String> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    // Without spaces between words, emphasis beside punctuation would not be recognised.
    options.extension.cjk_friendly_emphasis = true;
    // HTML passes as it is written: everything is sanitised afterwards, wherever it came from.
    options.render.r#unsafe = true;

    let arena = Arena::new();
    let document = parse_document(&arena, markdown, &options);
    let mut html = Bounded {
        html: String::new(),
        room: MIN_ROOM.max(markdown.len() * MAX_GROWTH),
    };
    format_html(document, &options, &mut html).ok()?;
    Some(html.html)
}

/// A string that refuses to grow beyond its room.
struct Bounded {
    html: String,
    room: usize,
}

impl fmt::Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.room = self.room.checked_sub(text.len()).ok_or(fmt::Error)?;
        self.html.push_str(text);
        Ok(())
    }
}
