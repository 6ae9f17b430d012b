//! What a reader asks for: words, "phrases", `or`, and -words that must not be there. Nothing else means anything.

use thiserror::Error;
use unicode_normalization::char::is_combining_mark;

use crate::domain::text::Coded;

/// The longest query, in characters.
pub const MAX_QUERY: usize = 200;

/// What is wrong with a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AskedError {
    #[error("must not be blank")]
    Blank,
    #[error("must have at most {MAX_QUERY} characters, this has {0}")]
    TooLong(usize),
}

impl Coded for AskedError {
    fn code(&self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::TooLong(_) => "too_long",
        }
    }
}

/// A query, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    terms: Vec<Term>,
    text: String,
}

/// Words that stand together: one, or several between quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    text: String,
    quoted: bool,
    excluded: bool,
}

impl Asked {
    /// Reads a query.
    ///
    /// # Errors
    /// When it is blank or over [`MAX_QUERY`] characters.
    pub fn read(given: &str) -> Result<Self, AskedError> {
        let text = given.split_whitespace().collect::<Vec<_>>().join(" ");
        let length = text.chars().count();
        if length == 0 {
            return Err(AskedError::Blank);
        }
        if length > MAX_QUERY {
            return Err(AskedError::TooLong(length));
        }
        Ok(Self {
            terms: terms(&text),
            text,
        })
    }

    /// The query, in one spelling.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What must be there.
    #[must_use]
    pub fn wanted(&self) -> String {
        joined(self.terms.iter().filter(|term| !term.excluded), " ")
    }

    /// What must not be there: any of it.
    #[must_use]
    pub fn excluded(&self) -> String {
        joined(self.terms.iter().filter(|term| term.excluded && !term.is_or()), " or ")
    }

    /// Whether one of several words is enough.
    #[must_use]
    pub fn either(&self) -> bool {
        self.terms.iter().any(Term::is_or)
    }

    /// What must be there, without the `or` between: what is counted.
    #[must_use]
    pub fn counted(&self) -> String {
        joined(self.terms.iter().filter(|term| !term.excluded && !term.is_or()), " ")
    }

    /// The words that must be there, each once.
    #[must_use]
    pub fn words(&self) -> Vec<&str> {
        let wanted = self.terms.iter().filter(|term| !term.excluded && !term.is_or());
        let mut words: Vec<&str> = wanted.flat_map(|term| words(&term.text)).collect();
        let mut seen = std::collections::HashSet::new();
        words.retain(|word| seen.insert(*word));
        words
    }

    /// The same query with other words in the place of some that must be there.
    #[must_use]
    pub fn with(&self, instead: impl Fn(&str) -> Option<String>) -> Self {
        let mut terms = self.terms.clone();
        for term in terms.iter_mut().filter(|term| !term.excluded && !term.is_or()) {
            term.text = replaced(&term.text, &instead);
        }
        let text = terms.iter().map(Term::written).collect::<Vec<_>>().join(" ");
        Self { terms, text }
    }
}

impl Term {
    fn is_or(&self) -> bool {
        !self.quoted && self.text.eq_ignore_ascii_case("or")
    }

    fn written(&self) -> String {
        let sign = if self.excluded { "-" } else { "" };
        format!("{sign}{}", self.plain())
    }

    fn plain(&self) -> String {
        match self.quoted {
            true => format!("\"{}\"", self.text),
            false => self.text.clone(),
        }
    }
}

fn joined<'a>(terms: impl Iterator<Item = &'a Term>, between: &str) -> String {
    terms.map(Term::plain).collect::<Vec<_>>().join(between)
}

fn terms(text: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let unsigned = rest.trim_start_matches('-');
        let excluded = unsigned.len() < rest.len();
        let (text, quoted, behind) = match unsigned.strip_prefix('"') {
            Some(quote) => {
                let (inside, behind) = quote.split_once('"').unwrap_or((quote, ""));
                (inside, true, behind)
            }
            None => {
                let end = unsigned.find([' ', '"']).unwrap_or(unsigned.len());
                let (word, behind) = unsigned.split_at_checked(end).unwrap_or((unsigned, ""));
                (word, false, behind)
            }
        };
        let plain = plain(text);
        let parts = match quoted {
            true => vec![plain],
            false => plain.split_whitespace().map(str::to_owned).collect(),
        };
        terms.extend(
            parts
                .into_iter()
                .filter(|text| !text.is_empty())
                .map(|text| Term { text, quoted, excluded }),
        );
        rest = behind.trim_start();
    }
    terms
}

fn is_of_word(c: char) -> bool {
    (c.is_alphanumeric() || is_combining_mark(c)) && !is_blank(c)
}

/// What the database takes for a blank (`search_text`), though some of it looks like a number.
fn is_blank(c: char) -> bool {
    matches!(c, '\u{a0}'..='\u{a9}' | '\u{ab}'..='\u{b4}' | '\u{b6}'..='\u{b9}' | '\u{bb}'..='\u{bf}' | '\u{2000}'..='\u{200b}'
        | '\u{200e}'..='\u{206f}' | '\u{2190}'..='\u{2bff}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}'
        | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}'
        | '\u{1f000}'..='\u{1faff}')
}

/// What may stand inside of a word: `long-term`, `it's`, `paper.example/news`.
const INSIDE: &str = "-'.,/:@_+#%~=?\u{200c}\u{200d}";

/// Words with blanks between them: any other sign might be an operator to the database, or make one of the next.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let (mut before, mut rest) = (None, text.chars().peekable());
    while let Some(c) = rest.next() {
        let joins =
            INSIDE.contains(c) && before.is_some_and(is_of_word) && rest.peek().is_some_and(|next| is_of_word(*next));
        plain.push(if joins || is_of_word(c) { c } else { ' ' });
        before = Some(c);
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_of_word(c)).filter(|word| !word.is_empty())
}

fn replaced(text: &str, instead: &impl Fn(&str) -> Option<String>) -> String {
    let mut new = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_of_word) {
        let (between, word) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let end = word.find(|c| !is_of_word(c)).unwrap_or(word.len());
        let (word, behind) = word.split_at_checked(end).unwrap_or((word, ""));
        new.push_str(between);
        new.push_str(instead(word).as_deref().unwrap_or(word));
        rest = behind;
    }
    new + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, String, bool) {
        let asked = Asked::read(text).expect(text);
        (asked.wanted(), asked.excluded(), asked.either())
    }

    #[test]
    fn words_phrases_and_exclusions_are_told_apart() {
        for (text, wanted, excluded, either) in [
            ("harbour bridge", "harbour bridge", "", false),
            ("  \"harbour  bridge\" -ferry ", "\"harbour bridge\"", "ferry", false),
            ("a OR b", "a OR b", "", true),
            ("a \"or\" b", "a \"or\" b", "", false),
            ("tide -\"old town\" --x", "tide", "\"old town\" or x", false),
            ("\"never closed", "\"never closed\"", "", false),
            ("long-term", "long-term", "", false),
            ("& | ! ( ) :* <-> - \" ' \\", "", "", false),
            ("tide:* 'bridge'", "tide bridge", "", false),
            // What the database would take for operators.
            ("(-tide", "tide", "", false),
            ("“-tide !-bridge |-ferry", "tide bridge ferry", "", false),
            ("a(---b) ①-c", "a b c", "", false),
            ("tide “or bridge", "tide or bridge", "", true),
            ("-(tide", "", "tide", false),
            (
                "it's on paper.example/a?b=1 -5 me@paper.example",
                "it's on paper.example/a?b=1 me@paper.example",
                "5",
                false,
            ),
            ("-only", "", "only", false),
            ("😀 日本", "日本", "", false),
        ] {
            assert_eq!(read(text), (wanted.to_owned(), excluded.to_owned(), either), "{text}");
        }
    }

    #[test]
    fn a_query_has_an_end() {
        assert_eq!(Asked::read(" \t\n"), Err(AskedError::Blank));
        assert!(Asked::read(&"é".repeat(200)).is_ok());
        assert_eq!(Asked::read(&"é".repeat(201)), Err(AskedError::TooLong(201)));
    }

    #[test]
    fn words_are_replaced_where_they_are_wanted() {
        let asked = Asked::read("\"Harbuor bridge\" harbuor's -harbuor or").expect("valid");
        assert_eq!(asked.words(), ["Harbuor", "bridge", "harbuor", "s"]);
        let corrected = asked.with(|word| word.eq_ignore_ascii_case("harbuor").then(|| "harbour".to_owned()));
        assert_eq!(corrected.text(), "\"harbour bridge\" harbour's -harbuor or");
        assert_eq!(corrected.excluded(), "harbuor");
    }
}
