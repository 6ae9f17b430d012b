//! The checks that every text field passes, and the ways plain text becomes something shown.
//!
//! What is refused here would hurt later: NUL breaks PostgreSQL, other controls break feeds, bidirectional overrides
//! let one text pass for another, towers of combining marks cover their neighbours.

mod excerpt;
mod html;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub use excerpt::excerpt;
pub use html::{comment_html, escape_html, web_addresses};

/// More combining marks than this on one character is ornament, not writing; no script in use needs more.
pub const MAX_COMBINING_MARKS: usize = 8;

/// An error with a stable word for programs; its `Display` is the sentence for people.
pub trait Coded: std::error::Error {
    /// The stable word.
    fn code(&self) -> &'static str;
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing to read in it.
    #[error("must not be blank: give at least one visible character")]
    Blank,
    /// Over its limit, counted in characters.
    #[error("must have at most {max} characters, this has {length}")]
    TooLong { max: usize, length: usize },
    /// A line break in a one-line field.
    #[error("must be a single line: take the line breaks out")]
    LineBreak,
    /// A character that only steers machines.
    #[error("must not contain the control character U+{:04X}: take it out", u32::from(*.0))]
    ControlCharacter(char),
    /// A character that turns the direction of the text after it.
    #[error("must not contain the direction override U+{:04X}: take it out (the marks U+200E and U+200F are allowed)", u32::from(*.0))]
    BidiOverride(char),
    /// Ornament on ornament.
    #[error("must not put more than {MAX_COMBINING_MARKS} combining marks on one character")]
    TooManyCombiningMarks,
}

impl Coded for TextError {
    fn code(&self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::TooLong { .. } => "too_long",
            Self::LineBreak => "line_break",
            Self::ControlCharacter(_) => "control_character",
            Self::BidiOverride(_) => "bidi_override",
            Self::TooManyCombiningMarks => "too_many_combining_marks",
        }
    }
}

/// One line of text, trimmed and in NFC: 1 to `max` characters.
///
/// # Errors
/// Blank, too long, or holding a line break or a character that is refused everywhere.
pub fn line(value: &str, max: usize) -> Result<String, TextError> {
    let value = value.trim();
    if value.contains(is_line_break) {
        return Err(TextError::LineBreak);
    }
    if value.contains('\t') {
        return Err(TextError::ControlCharacter('\t'));
    }
    checked(value, max)
}

/// Text of several lines in NFC: 1 to `max` characters. Every kind of line break becomes `\n`; empty lines at the start
/// and white space at the end go; the first line keeps its indentation, which Markdown reads.
///
/// # Errors
/// Blank, too long, or holding a character that is refused everywhere.
pub fn block(value: &str, max: usize) -> Result<String, TextError> {
    let unified = value.replace("\r\n", "\n").replace(is_line_break, "\n");
    checked(unified.trim_start_matches('\n').trim_end(), max)
}

/// A text that may be left out: blank becomes `None`.
///
/// # Errors
/// Every other problem.
pub fn optional(checked: Result<String, TextError>) -> Result<Option<String>, TextError> {
    match checked {
        Ok(text) => Ok(Some(text)),
        Err(TextError::Blank) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What no text may hold, be it written plainly or as an HTML entity. Tabs and line feeds are no problem here.
#[must_use]
pub fn forbidden(c: char) -> Option<TextError> {
    match c {
        '\t' | '\n' => None,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => Some(TextError::BidiOverride(c)),
        // The two noncharacters are no characters of XML either: feeds could not carry them.
        '\u{FFFE}' | '\u{FFFF}' => Some(TextError::ControlCharacter(c)),
        _ if c.is_control() => Some(TextError::ControlCharacter(c)),
        _ => None,
    }
}

fn checked(value: &str, max: usize) -> Result<String, TextError> {
    if let Some(error) = value.chars().find_map(forbidden) {
        return Err(error);
    }
    let mut marks = 0;
    for c in value.chars() {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if marks > MAX_COMBINING_MARKS {
            return Err(TextError::TooManyCombiningMarks);
        }
    }
    if value.chars().all(is_invisible) {
        return Err(TextError::Blank);
    }
    let text: String = value.nfc().collect();
    let length = text.chars().count();
    if length > max {
        Err(TextError::TooLong { max, length })
    } else {
        Ok(text)
    }
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// White space and the characters that leave no trace by themselves: a text of nothing else is blank.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || is_combining_mark(c)
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
            | '\u{2060}'..='\u{2064}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_trimmed_and_composed() {
        assert_eq!(line("  Cafe\u{301}  \n", 10), Ok("Caf\u{e9}".to_owned()));
        assert_eq!(
            line("أخبار\u{200F}", 20),
            Ok("أخبار\u{200F}".to_owned()),
            "direction marks are allowed"
        );
        assert_eq!(
            line("می\u{200C}خواهم", 20),
            Ok("می\u{200C}خواهم".to_owned()),
            "joiners are writing"
        );
        assert_eq!(line("👩\u{200D}🚀", 20), Ok("👩\u{200D}🚀".to_owned()));
    }

    #[test]
    fn what_a_line_refuses() {
        for (given, code) in [
            ("", "blank"),
            (" \u{A0}\u{200B}\u{3164}", "blank"),
            ("one\ntwo", "line_break"),
            ("one\u{2028}two", "line_break"),
            ("nul\0", "control_character"),
            ("tab\tbed", "control_character"),
            ("bell\u{7}", "control_character"),
            ("c1\u{9b}x", "control_character"),
            ("no\u{FFFF}n", "control_character"),
            ("over\u{202E}ride", "bidi_override"),
            ("iso\u{2066}late", "bidi_override"),
            ("elevenchars", "too_long"),
            (
                "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
                "too_many_combining_marks",
            ),
        ] {
            assert_eq!(line(given, 10).expect_err(given).code(), code, "{given:?}");
        }
    }

    #[test]
    fn messages_teach_the_limit() {
        let too_long = line("four", 3).expect_err("too long");
        assert_eq!(too_long.to_string(), "must have at most 3 characters, this has 4");
        let bidi = line("a\u{202E}", 3).expect_err("bidi");
        assert!(bidi.to_string().contains("U+202E"), "{bidi}");
    }

    #[test]
    fn the_limit_counts_characters_as_they_are_kept() {
        assert_eq!(line("e\u{301}e\u{301}", 2), Ok("éé".to_owned()));
        assert_eq!(line("新聞", 2), Ok("新聞".to_owned()));
    }

    #[test]
    fn a_block_keeps_lines_and_the_first_indentation() {
        assert_eq!(
            block("\r\n\r\n    code\r\nnext\rlast\u{2028}end \n\n", 50),
            Ok("    code\nnext\nlast\nend".to_owned())
        );
        assert_eq!(block("a\tb", 5), Ok("a\tb".to_owned()));
        assert_eq!(block("a\u{1b}b", 5), Err(TextError::ControlCharacter('\u{1b}')));
        assert_eq!(block(" \n ", 5), Err(TextError::Blank));
    }

    #[test]
    fn blank_is_nothing_where_a_text_is_optional() {
        assert_eq!(optional(line("  ", 5)), Ok(None));
        assert_eq!(optional(line("x", 5)), Ok(Some("x".to_owned())));
        assert_eq!(
            optional(line("longer", 5)),
            Err(TextError::TooLong { max: 5, length: 6 })
        );
    }

    proptest! {
        #[test]
        fn what_passes_passes_again_unchanged(given in "\\PC{0,40}|(?s).{0,40}") {
            for check in [line, block] {
                if let Ok(kept) = check(&given, 60) {
                    prop_assert!(!kept.contains('\0') && kept.chars().count() <= 60);
                    prop_assert_eq!(check(&kept, 60), Ok(kept.clone()));
                }
            }
        }
    }
}
