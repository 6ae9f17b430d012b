//! A list of words and phrases, found in one pass. `*` stands for any letters: at the end, at the beginning, or once
//! within a word. Nothing here is a regular expression: whatever is listed, a search takes time that grows with the text.

use std::collections::{BTreeSet, HashMap, HashSet};

use aho_corasick::AhoCorasick;

use super::fold::{Folded, words};
use crate::domain::text::Coded;

/// The longest pattern, in characters.
pub const MAX_PATTERN: usize = 100;
/// The most words of a phrase.
const MAX_WORDS: usize = 5;
/// How many letters a pattern with a `*` must show: fewer would find everything.
const MIN_SHOWN: usize = 2;
/// The longest word that a `*` within is tried on, in bytes.
const MAX_GAPPED: usize = 64;

/// Why something is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordError {
    #[error("must hold a letter or digit")]
    Blank,
    #[error("must have at most {MAX_PATTERN} characters")]
    TooLong,
    #[error("must have at most {MAX_WORDS} words")]
    TooManyWords,
    #[error("may have `*` at the beginning, at the end, or once within, and no more")]
    TooManyWildcards,
    #[error("must show at least {MIN_SHOWN} letters beside `*`")]
    TooFewLetters,
    #[error("may have `*` at the beginning or end of a phrase, not within")]
    WildcardInPhrase,
}

impl Coded for WordError {
    fn code(&self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::TooLong => "too_long",
            Self::TooManyWords => "too_many_words",
            Self::TooManyWildcards => "too_many_wildcards",
            Self::TooFewLetters => "too_few_letters",
            Self::WildcardInPhrase => "wildcard_in_phrase",
        }
    }
}

/// A pattern in the spelling of [`Folded`].
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// To be found as it is, its blanks included.
    Plain(String),
    /// What a word begins and ends with.
    Gapped(String, String),
}

impl Pattern {
    pub fn parse(text: &str) -> Result<Self, WordError> {
        if text.chars().count() > MAX_PATTERN {
            return Err(WordError::TooLong);
        }
        let text = text.trim();
        let (open_start, rest) = text.strip_prefix('*').map_or((false, text), |rest| (true, rest));
        let (open_end, middle) = rest.strip_suffix('*').map_or((false, rest), |rest| (true, rest));
        let spelt = words(middle);
        if spelt.is_empty() {
            return Err(WordError::Blank);
        }
        if spelt.len() > MAX_WORDS {
            return Err(WordError::TooManyWords);
        }
        let shown = middle.chars().filter(|c| c.is_alphanumeric()).count();
        if middle.contains('*') {
            let (before, after) = middle.split_once('*').unwrap_or_default();
            if middle.contains(char::is_whitespace) {
                return Err(WordError::WildcardInPhrase);
            }
            let [before, after] = [words(before), words(after)];
            return match (before.as_slice(), after.as_slice()) {
                ([before], [after]) if !open_start && !open_end && !middle.replacen('*', "", 1).contains('*') => {
                    Ok(Self::Gapped(before.clone(), after.clone()))
                }
                _ => Err(WordError::TooManyWildcards),
            };
        }
        if (open_start || open_end) && shown < MIN_SHOWN && !has_no_blanks(middle) {
            return Err(WordError::TooFewLetters);
        }
        // Where words are written without blanks, one is found within others.
        let within = has_no_blanks(middle);
        let before = if open_start || within { "" } else { " " };
        let after = if open_end || within { "" } else { " " };
        Ok(Self::Plain(format!("{before}{}{after}", spelt.join(" "))))
    }
}

/// Whether a text is of a script that parts no words: Thai, Lao, Burmese, Khmer, Chinese, Japanese.
fn has_no_blanks(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
            | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
    })
}

/// A list, ready to search.
#[derive(Default)]
pub(super) struct WordList {
    plain: Option<AhoCorasick>,
    /// The ends that go with each beginning.
    gapped: HashMap<String, HashSet<String>>,
    beginnings: BTreeSet<usize>,
    ends: BTreeSet<usize>,
}

impl WordList {
    pub fn new(patterns: &[String]) -> Self {
        let (mut plain, mut list) = (Vec::new(), Self::default());
        for pattern in patterns.iter().filter_map(|pattern| Pattern::parse(pattern).ok()) {
            match pattern {
                Pattern::Plain(text) => plain.push(text),
                Pattern::Gapped(before, after) => {
                    list.beginnings.insert(before.len());
                    list.ends.insert(after.len());
                    list.gapped.entry(before).or_default().insert(after);
                }
            }
        }
        if !plain.is_empty() {
            // It can only fail beyond two thousand million states; a list is far smaller.
            list.plain = AhoCorasick::new(plain).ok();
        }
        list
    }

    /// The first text found that is on the list, as it was written.
    pub fn find<'a>(&self, folded: &Folded<'a>) -> Option<&'a str> {
        let readings = [Some(&folded.joined), folded.other.as_ref()];
        readings.into_iter().flatten().find_map(|joined| {
            let (start, end) = self.find_plain(joined).or_else(|| self.find_gapped(joined))?;
            Some(folded.written(start, end))
        })
    }

    fn find_plain(&self, joined: &str) -> Option<(usize, usize)> {
        let found = self.plain.as_ref()?.find(joined)?;
        // Without the blanks around it.
        let text = joined.get(found.range())?;
        let start = found.start() + (text.len() - text.trim_start().len());
        Some((start, start + text.trim().len()))
    }

    fn find_gapped(&self, joined: &str) -> Option<(usize, usize)> {
        if self.gapped.is_empty() {
            return None;
        }
        let mut start = 1;
        for word in joined.split(' ').filter(|word| !word.is_empty()) {
            if word.len() <= MAX_GAPPED && self.fits(word) {
                return Some((start, start + word.len()));
            }
            start += word.len() + 1;
        }
        None
    }

    /// Whether a word has a beginning and an end that go together.
    fn fits(&self, word: &str) -> bool {
        self.beginnings.iter().any(|&begins| {
            let ends = word.get(..begins).and_then(|beginning| self.gapped.get(beginning));
            ends.is_some_and(|ends| {
                let rest = word.len() - begins;
                let possible = self.ends.iter().take_while(|&&length| length <= rest);
                possible
                    .into_iter()
                    .any(|length| word.get(word.len() - length..).is_some_and(|end| ends.contains(end)))
            })
        })
    }
}
