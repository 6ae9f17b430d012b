//! Language tags (BCP 47), in one spelling: `en`, `pt-BR`, `zh-Hant-TW`.

use thiserror::Error;

use super::text::Coded;

/// The longest tag, as RFC 5646 recommends to provide for.
pub const MAX_LANGUAGE: usize = 35;

/// What is wrong with a language tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LanguageError {
    #[error("must be a language tag (BCP 47), such as en, pt-BR or zh-Hant")]
    NotATag,
    #[error("must have at most {MAX_LANGUAGE} characters, this has {0}")]
    TooLong(usize),
}

impl Coded for LanguageError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotATag => "invalid_language",
            Self::TooLong(_) => "too_long",
        }
    }
}

/// A tag in its usual spelling: the language in lower case, a script capitalised, a region in capitals.
///
/// Only the shape is checked; a language that nobody has registered passes.
///
/// # Errors
/// Not the shape of a tag, or over [`MAX_LANGUAGE`] characters.
pub fn language(value: &str) -> Result<String, LanguageError> {
    let value = value.trim();
    let length = value.chars().count();
    if length > MAX_LANGUAGE {
        return Err(LanguageError::TooLong(length));
    }
    let mut parts = value.split('-');
    let first = parts.next().unwrap_or_default();
    if !(2..=3).contains(&first.len()) || !first.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err(LanguageError::NotATag);
    }
    let mut tag = first.to_ascii_lowercase();
    // After a single character ("x" for one) come extensions, which have no script and no region.
    let (mut extended, mut last) = (false, first.len());
    for part in parts {
        if !(1..=8).contains(&part.len()) || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(LanguageError::NotATag);
        }
        let letters = part.bytes().all(|byte| byte.is_ascii_alphabetic());
        if extended && last == 1 && part.len() == 1 {
            return Err(LanguageError::NotATag);
        }
        extended |= part.len() == 1;
        last = part.len();
        tag.push('-');
        tag.push_str(&match part.len() {
            2 if letters && !extended => part.to_ascii_uppercase(),
            4 if letters && !extended => capitalised(part),
            _ => part.to_ascii_lowercase(),
        });
    }
    // An extension has to say something.
    if last == 1 {
        Err(LanguageError::NotATag)
    } else {
        Ok(tag)
    }
}

fn capitalised(part: &str) -> String {
    let (first, rest) = part.split_at_checked(1).unwrap_or((part, ""));
    first.to_ascii_uppercase() + &rest.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_get_their_usual_spelling() {
        for (given, kept) in [
            ("en", "en"),
            (" EN ", "en"),
            ("pt-br", "pt-BR"),
            ("ZH-hANT-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("sl-Rozaj-biske", "sl-rozaj-biske"),
            ("de-CH-1996", "de-CH-1996"),
            ("en-US-x-TWAIN-uk", "en-US-x-twain-uk"),
        ] {
            assert_eq!(language(given), Ok(kept.to_owned()), "{given}");
            assert_eq!(language(kept), Ok(kept.to_owned()), "{kept}");
        }
    }

    #[test]
    fn what_is_refused() {
        for given in [
            "",
            "e",
            "english",
            "en_US",
            "en-",
            "-en",
            "en--US",
            "e1",
            "en-toolongpart",
            "en-x",
            "en-u-x",
            "日本",
            "en\0",
        ] {
            assert_eq!(language(given), Err(LanguageError::NotATag), "{given:?}");
        }
        assert_eq!(language(&"en-".repeat(12)), Err(LanguageError::TooLong(36)));
    }
}
