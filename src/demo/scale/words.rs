//! Words as a language uses them: few of them very often, most of them hardly ever.

use std::collections::HashSet;

/// Common English words, the commonest first.
const COMMON: &str = include_str!("common.txt");

/// What names of people and places that do not exist are made of.
const FIRST: &str = "ar bel cal dor el far gal hol is jor kar lor mar nor ol per quen ros sil tor ul ver wes yar zel \
    bran cor dun fen gren had kel lin mor nev os pell rav sten thal und vol wyn brom crae drus fal glen hurn";
const MIDDLE: &str = "a e i o u an en in on un ar er ir or ur al el il ol ul am em im om";
const LAST: &str = "bury by dale den field ford gate ham haven holm land ley mere mond more ness port sand stead ster \
    stone ton wick worth";

/// So many lots are drawn from: the rarest word comes once in so many.
const LOTS: usize = 1 << 20;

/// Draws numbers from 0 as Zipf's law has it: the second half as often as the first, the third a third as often.
pub(super) struct Zipf(Vec<u16>);

impl Zipf {
    /// Numbers below `end`, each with one lot at least.
    pub fn below(end: u16) -> Self {
        let ranks = 1..=u32::from(end);
        let all: f64 = ranks.clone().map(|rank| f64::from(rank).recip()).sum();
        let free = LOTS.saturating_sub(usize::from(end));
        let mut lots = Vec::with_capacity(LOTS);
        let mut owed = 0.0;
        for (number, rank) in (0..end).zip(ranks) {
            owed += free as f64 / (all * f64::from(rank));
            let due = (owed as usize) + usize::from(number) + 1;
            lots.resize(due.max(lots.len() + 1), number);
        }
        Self(lots)
    }

    pub fn draw(&self, dice: &mut fastrand::Rng) -> usize {
        self.0.get(dice.usize(..self.0.len())).copied().map_or(0, usize::from)
    }
}

/// Every word that the newsroom writes.
pub(super) struct Words {
    words: Vec<String>,
    common: usize,
    zipf: Zipf,
}

impl Words {
    pub fn new() -> Self {
        let mut seen = HashSet::new();
        let mut words: Vec<String> = COMMON.split_whitespace().map(str::to_owned).collect();
        words.retain(|word| seen.insert(word.clone()));
        let common = words.len();
        let syllables = |text: &'static str| text.split_whitespace().collect::<Vec<_>>();
        let (first, middle, last) = (syllables(FIRST), syllables(MIDDLE), syllables(LAST));
        let all = first.len() * middle.len() * last.len();
        // In an order that puts no two alike side by side: the step has no factor in common with their number.
        for number in (0..all).map(|place| place * 7_919 % all) {
            let part = |of: &[&'static str], number: usize| of.get(number % of.len()).copied().unwrap_or_default();
            let word = [
                part(&first, number),
                part(&middle, number / first.len()),
                part(&last, number / first.len() / middle.len()),
            ]
            .concat();
            if seen.insert(word.clone()) {
                words.push(word);
            }
        }
        words.truncate(usize::from(u16::MAX));
        let zipf = Zipf::below(u16::try_from(words.len()).unwrap_or(u16::MAX));
        Self { words, common, zipf }
    }

    /// Any word.
    pub fn draw(&self, dice: &mut fastrand::Rng) -> &str {
        self.at(self.zipf.draw(dice))
    }

    /// The name of something that does not exist, each number another.
    pub fn name(&self, number: usize) -> String {
        capitalised(self.at(self.common + number))
    }

    fn at(&self, place: usize) -> &str {
        self.words.get(place).map_or("the", String::as_str)
    }
}

pub(super) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_comes_half_as_often_as_the_first_and_the_last_at_all() {
        let zipf = Zipf::below(20_000);
        let lots = |number: u16| zipf.0.iter().filter(|lot| **lot == number).count();
        let (first, second, third) = (lots(0), lots(1), lots(2));
        assert!(first.abs_diff(second * 2) < 10 && first.abs_diff(third * 3) < 10);
        assert!(first > LOTS / 12 && lots(19_999) >= 1);
    }

    #[test]
    fn there_are_tens_of_thousands_of_words_and_each_is_one() {
        let words = Words::new();
        assert!(words.words.len() > 20_000, "{}", words.words.len());
        let plain = |word: &String| !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_lowercase());
        assert!(words.words.iter().all(plain));
    }
}
