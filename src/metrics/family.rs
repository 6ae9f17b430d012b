//! Counters that differ by one word.

use super::Counter;

/// A counter for each of a few words.
pub struct Family {
    words: &'static [&'static str],
    counters: Box<[Counter]>,
}

impl Family {
    /// All at zero.
    #[must_use]
    pub fn new(words: &'static [&'static str]) -> Self {
        Self {
            words,
            counters: words.iter().map(|_| Counter::default()).collect(),
        }
    }

    /// One more of this word, which is one of the family's.
    pub fn count(&self, word: &str) {
        let known = self.all().find(|(known, _)| *known == word);
        debug_assert!(known.is_some(), "\"{word}\" is not counted here");
        if let Some((_, counter)) = known {
            counter.count();
        }
    }

    /// Every word with its counter.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &Counter)> {
        self.words.iter().copied().zip(&self.counters)
    }
}
