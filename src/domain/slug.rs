//! The readable names in addresses: made from a title, given by an editor, or numbered when taken.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use uuid::Uuid;

use super::text::Coded;

/// The longest slug, in characters.
pub const MAX_SLUG: usize = 120;

/// Words of letters and digits in lower case, joined by single hyphens; never shaped like an id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Slug(String);

/// What is wrong with a slug that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SlugError {
    /// Nothing given.
    #[error("must not be blank: leave it out to have it made from the title")]
    Blank,
    /// Over the limit.
    #[error("must have at most {MAX_SLUG} characters, this has {0}")]
    TooLong(usize),
    /// A character that is no letter, digit or hyphen.
    #[error("may hold letters, digits and hyphens only, not {0:?}: for example \"budget-vote-2026\"")]
    Character(char),
    /// A hyphen that joins nothing.
    #[error("must not begin or end with a hyphen, nor have two in a row: for example \"budget-vote-2026\"")]
    Hyphen,
    /// It would be mistaken for an id.
    #[error("must not look like an id (UUID): addresses take ids and slugs in the same place")]
    LooksLikeId,
}

impl Coded for SlugError {
    fn code(&self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::TooLong(_) => "too_long",
            Self::Character(_) | Self::Hyphen => "invalid_slug",
            Self::LooksLikeId => "looks_like_id",
        }
    }
}

impl Slug {
    /// The slug of a title, transliterated to `a-z`, `0-9` and hyphens, cut after a word.
    ///
    /// `None` when the title has no letter or digit to make one from, or is itself an id.
    #[must_use]
    pub fn from_title(title: &str) -> Option<Self> {
        let mut slug = String::new();
        let mut length_at_last_word = 0;
        for word in transliterate(title)
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
        {
            if !slug.is_empty() {
                slug.push('-');
            }
            slug.push_str(word);
            if slug.len() > MAX_SLUG {
                // A first word that is too long by itself is cut; any other is left out.
                slug.truncate(if length_at_last_word == 0 {
                    MAX_SLUG
                } else {
                    length_at_last_word
                });
                break;
            }
            length_at_last_word = slug.len();
        }
        slug.make_ascii_lowercase();
        (!slug.is_empty() && !looks_like_id(&slug)).then_some(Self(slug))
    }

    /// A slug as an editor gave it: letters and digits of any script, composed (NFC) and put in lower case here.
    ///
    /// # Errors
    /// Blank, too long, another character than letter, digit or hyphen, a hyphen that joins nothing, shaped like an id.
    pub fn parse(given: &str) -> Result<Self, SlugError> {
        let given = given.trim();
        if given.is_empty() {
            return Err(SlugError::Blank);
        }
        let slug: String = given.nfc().collect::<String>().to_lowercase().nfc().collect();
        let length = slug.chars().count();
        if length > MAX_SLUG {
            return Err(SlugError::TooLong(length));
        }
        if let Some(wrong) = slug
            .chars()
            .find(|&c| !(c == '-' || c.is_alphanumeric() || is_combining_mark(c)))
        {
            return Err(SlugError::Character(wrong));
        }
        for word in slug.split('-') {
            match word.chars().next() {
                None => return Err(SlugError::Hyphen),
                // A mark with nothing under it would attach itself to the hyphen.
                Some(first) if is_combining_mark(first) => return Err(SlugError::Character(first)),
                Some(_) => {}
            }
        }
        if looks_like_id(&slug) {
            Err(SlugError::LooksLikeId)
        } else {
            Ok(Self(slug))
        }
    }

    /// This slug with a number, for when it is taken: `-2`, `-3` and so on, still within the limit.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        Self(numbered(&self.0, number))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(given: &str) -> Result<Self, SlugError> {
        Self::parse(given)
    }
}

impl AsRef<str> for Slug {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

/// A slug or anchor with a number, cut so that it stays within [`MAX_SLUG`].
#[must_use]
pub fn numbered(base: &str, number: u32) -> String {
    let suffix = format!("-{number}");
    let kept: String = base.chars().take(MAX_SLUG - suffix.len()).collect();
    format!("{}{suffix}", kept.trim_end_matches('-'))
}

/// Whether an address would take this for an id. Every spelling of a UUID that contains no colon or brace is meant.
fn looks_like_id(slug: &str) -> bool {
    Uuid::try_parse(slug).is_ok()
}

/// Letters and digits in ASCII, everything between words as it was.
///
/// Only letters are handed on: an emoji has a name too, but nobody wants "grinning-face" in an address. Apostrophes and
/// joiners vanish, so that "China's" is one word and Persian words stay whole.
fn transliterate(title: &str) -> String {
    let letters: String = title
        .nfc()
        .filter(|c| !matches!(c, '\'' | '’' | 'ʼ' | '\u{200C}' | '\u{200D}' | '\u{AD}' | 'ـ'))
        .map(|c| match c {
            // Tables of transliteration drop the long a of Arabic script; with it the words can be read.
            'ا' | 'أ' | 'إ' | 'آ' | 'ٱ' => 'a',
            _ if is_emoji_part(c) => ' ',
            _ if c.is_alphanumeric() || is_combining_mark(c) => c,
            _ => ' ',
        })
        .collect();
    deunicode::deunicode_with_tofu(&letters, " ")
}

/// Variation selectors and the keycap ring are marks by category, but belong to emoji.
fn is_emoji_part(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{20D0}'..='\u{20FF}')
}

#[cfg(test)]
mod tests;
