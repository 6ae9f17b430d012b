//! The plain text of a body, and how many words it has.

use super::tree::{Element, Node};

/// The text of blocks, parted by blank lines.
pub(super) fn text_of<'a>(blocks: impl IntoIterator<Item = &'a Element>) -> String {
    let mut writer = Writer::default();
    for block in blocks {
        writer.element(block);
    }
    writer.text
}

/// The text of one element. Marks of footnotes are left out.
pub(super) fn plain_text(element: &Element) -> String {
    text_of([element])
}

/// What must stand between two pieces of text; of several the greatest.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Tab,
    Line,
    Blank,
}

#[derive(Default)]
struct Writer {
    text: String,
    gap: Gap,
    /// Inside `pre`, where white space is text.
    is_code: bool,
}

impl Writer {
    fn element(&mut self, element: &Element) {
        if element.name == "a" && element.attribute("href").is_some_and(|href| href.starts_with("#fn")) {
            return;
        }
        let gap = match element.name {
            "br" | "li" | "tr" | "dt" | "dd" => Gap::Line,
            "td" | "th" => Gap::Tab,
            "p" | "pre" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "blockquote" | "figure"
            | "figcaption" | "aside" | "details" | "summary" | "section" | "table" | "caption" | "hr" | "iframe" => {
                Gap::Blank
            }
            _ => Gap::None,
        };
        self.gap = self.gap.max(gap);
        let was_code = self.is_code;
        self.is_code |= element.name == "pre";
        for child in &element.children {
            match child {
                Node::Element(inner) => self.element(inner),
                Node::Text(text) if self.is_code => self.push(text.trim_end_matches('\n')),
                Node::Text(text) => self.words(text),
            }
        }
        self.is_code = was_code;
        self.gap = self.gap.max(gap);
    }

    fn words(&mut self, text: &str) {
        for (place, word) in text.split(char::is_whitespace).enumerate() {
            if place > 0 {
                self.gap = self.gap.max(Gap::Space);
            }
            if !word.is_empty() {
                self.push(word);
            }
        }
    }

    fn push(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push_str(match self.gap {
                Gap::None => "",
                Gap::Space => " ",
                Gap::Tab => "\t",
                Gap::Line => "\n",
                Gap::Blank => "\n\n",
            });
        }
        self.gap = Gap::None;
        self.text.push_str(text);
    }
}

/// Words as a reader would count them.
///
/// Chinese characters and kana count one each. Thai, Lao, Khmer and Burmese put no spaces between words; four of their
/// letters count as one, which is close for running text.
pub(super) fn count_words(text: &str) -> usize {
    text.split(|c: char| c.is_whitespace() || matches!(c, '—' | '…'))
        .map(count_in_token)
        .sum()
}

fn count_in_token(token: &str) -> usize {
    let (mut words, mut in_word, mut unspaced) = (0, false, 0_usize);
    for c in token.chars().filter(|c| c.is_alphanumeric()) {
        match c {
            '\u{3040}'..='\u{30FF}'
            | '\u{3105}'..='\u{312F}'
            | '\u{31F0}'..='\u{31FF}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FF66}'..='\u{FF9F}'
            | '\u{20000}'..='\u{3FFFF}' => {
                words += 1;
                in_word = false;
            }
            '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' => {
                unspaced += 1;
                in_word = false;
            }
            _ => {
                words += usize::from(!in_word);
                in_word = true;
            }
        }
    }
    words + unspaced.div_ceil(4)
}

/// Minutes at 230 words a minute, to the nearest; at least 1 when there is anything to read.
#[must_use]
pub fn reading_time_minutes(word_count: usize) -> u32 {
    match word_count {
        0 => 0,
        words => u32::try_from((words + 115) / 230).unwrap_or(u32::MAX).max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_as_readers_do() {
        for (text, words) in [
            ("", 0),
            (" — … ! ", 0),
            ("It's a 3.5% rise, don't you think?", 7),
            ("before—after", 2),
            ("北京否认", 4),
            ("カタカナとkana", 6),
            ("Tokyo東京2024", 4),
            ("선거 결과 발표", 3),
            ("انتخابات في القاهرة", 3),
            ("กำลังเดินทาง", 3),
        ] {
            assert_eq!(count_words(text), words, "{text}");
        }
    }

    #[test]
    fn reading_takes_a_minute_at_least() {
        for (words, minutes) in [(0, 0), (1, 1), (230, 1), (344, 1), (345, 2), (2300, 10)] {
            assert_eq!(reading_time_minutes(words), minutes, "{words}");
        }
    }
}
