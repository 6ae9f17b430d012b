//! Words as they sound to a censor: without case, accents and disguises.

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;

/// A text as its words, each in one spelling: ` word word `, with where each one was.
pub(super) struct Folded<'a> {
    text: &'a str,
    /// The words between blanks.
    pub joined: String,
    /// The same with every 1 read as an l, where there is one in a word.
    pub other: Option<String>,
    /// Of each word: where it begins in `joined`, and where it stands in the text.
    words: Vec<(usize, usize, usize)>,
}

impl<'a> Folded<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut joined = String::with_capacity(text.len() + 2);
        joined.push(' ');
        let (mut words, mut other) = (Vec::new(), None::<String>);
        for (start, end) in spans(text) {
            let raw = text.get(start..end).unwrap_or_default();
            let word = fold_word(raw, 'i');
            if word.is_empty() {
                continue;
            }
            // One length for both readings: one letter stands for another.
            if raw.contains('1') {
                let other = other.get_or_insert_with(|| joined.clone());
                other.push_str(&fold_word(raw, 'l'));
                other.push(' ');
            } else if let Some(other) = &mut other {
                other.push_str(&word);
                other.push(' ');
            }
            words.push((joined.len(), start, end));
            joined.push_str(&word);
            joined.push(' ');
        }
        Self {
            text,
            joined,
            other,
            words,
        }
    }

    /// The text behind this stretch of the joined words, whole words of it.
    pub fn written(&self, start: usize, end: usize) -> &'a str {
        let first = self.words.partition_point(|(at, ..)| *at <= start).saturating_sub(1);
        let last = self.words.partition_point(|(at, ..)| *at < end).saturating_sub(1);
        match (self.words.get(first), self.words.get(last.max(first))) {
            (Some((_, from, _)), Some((_, _, to))) => self.text.get(*from..*to).unwrap_or_default(),
            _ => "",
        }
    }
}

/// The words of a text, in one spelling each.
pub(super) fn words(text: &str) -> Vec<String> {
    let spelt = spans(text)
        .into_iter()
        .map(|(start, end)| fold_word(text.get(start..end).unwrap_or_default(), 'i'));
    spelt.filter(|word| !word.is_empty()).collect()
}

/// Whether two texts are the same words, however they are spelt.
#[must_use]
pub fn sounds_like(one: &str, other: &str) -> bool {
    let one = words(one);
    !one.is_empty() && one == words(other)
}

/// A hash of what a text says, however it is spelt; of one without words, of its signs.
#[must_use]
pub fn text_hash(text: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    let words = words(text);
    for word in &words {
        hash.update(word);
        hash.update(b" ");
    }
    if words.is_empty() {
        hash.update(text.nfc().collect::<String>());
    }
    hash.finalize().iter().take(16).copied().collect()
}

/// Where words stand. What cannot be seen parts no word.
fn spans(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut begun = None;
    for (at, c) in text.char_indices() {
        let inside = c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '@' | '$') || is_invisible(c);
        match (begun, inside) {
            (None, true) => begun = Some(at),
            (Some(start), false) => {
                spans.push((start, at));
                begun = None;
            }
            _ => {}
        }
    }
    if let Some(start) = begun {
        spans.push((start, text.len()));
    }
    spans
}

/// A word without case, marks and disguises; `one` is what a 1 among letters stands for.
fn fold_word(word: &str, one: char) -> String {
    let is_letter = |c: char| c.is_alphabetic();
    let disguised = word.contains(is_letter);
    let plain = |c: char| match c {
        '0' if disguised => 'o',
        '1' if disguised => one,
        '3' if disguised => 'e',
        '4' | '@' if disguised => 'a',
        '5' | '$' if disguised => 's',
        '7' if disguised => 't',
        _ => c,
    };
    let visible = word.nfkd().filter(|c| !is_combining_mark(*c) && !is_invisible(*c));
    let spelt: String = visible.flat_map(char::to_lowercase).map(plain).collect();
    if spelt.is_ascii() {
        // The common case; and what looks alike within it was dealt with above.
        return ascii_skeleton(&spelt);
    }
    let alike: String = skeleton(&spelt)
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    ascii_skeleton(&alike)
}

/// Two letters that pass for one.
fn ascii_skeleton(word: &str) -> String {
    word.replace('m', "rn").replace('w', "vv")
}

/// Characters without a trace that are used to part a word in two.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}
