//! What the rules for comments cost: 5,000 words over 5,000 characters, and over less, to see that it grows with the text
//! alone. `cargo bench --bench comment_rules` prints a table, and fails when a figure is missed.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use masthead::domain::comment_rules::{
    CommentRules, Facts, FloodRule, HistoryRule, LengthRule, LinkRule, NewCommenterRule, Remark, RepeatRule,
    ReportRule, RuleSet,
};

const WORDS: usize = 5000;
const CHARACTERS: usize = 5000;
/// What it may take at most.
const MOST: Duration = Duration::from_millis(1);
/// How many times as long four times the text may take: linear is 4, and with the square it would be 16. A long text
/// leaves the processor's caches, which takes a little more.
const STEEPEST: f64 = 6.0;
const ROUNDS: usize = 9;
const TIMES: u32 = 40;

/// Numbers that are the same each time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let number = usize::try_from(self.0 >> 33).unwrap_or_default();
        number % below.max(1)
    }

    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 16] = [
            "ba", "cor", "di", "fen", "go", "hul", "ja", "ker", "lo", "mi", "nas", "pu", "ro", "stel", "ti", "vu",
        ];
        let length = 2 + self.next(3);
        (0..length)
            .filter_map(|_| SYLLABLES.get(self.next(SYLLABLES.len())).copied())
            .collect()
    }
}

fn rules(words: Vec<String>) -> CommentRules {
    CommentRules {
        length: LengthRule { min: 1, max: 5000 },
        blocked_words: words,
        held_words: Vec::new(),
        links: LinkRule {
            held_above: 2,
            rejected_above: 10,
            blocked_hosts: vec!["spam.example".to_owned()],
            trusted_hosts: Vec::new(),
        },
        repeat: RepeatRule {
            same_author_seconds: 60,
            copies_a_day: 3,
        },
        flood: FloodRule {
            address_a_minute: 5,
            email_a_minute: 5,
            article_a_minute: 120,
        },
        new_commenter: NewCommenterRule { approved_before: 1 },
        history: HistoryRule {
            rejected_percent: 50,
            at_least: 4,
        },
        reports: ReportRule { held_at: 3 },
    }
}

fn remark(body: &str) -> Remark<'_> {
    Remark {
        author_name: "Ana",
        body,
    }
}

/// The median of several rounds.
fn takes(set: &RuleSet, text: &str) -> Duration {
    let facts = Facts::default();
    let mut rounds: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            for _ in 0..TIMES {
                std::hint::black_box(set.judge(&facts, remark(std::hint::black_box(text))));
            }
            begun.elapsed() / TIMES
        })
        .collect();
    rounds.sort_unstable();
    rounds.get(ROUNDS / 2).copied().unwrap_or_default()
}

fn main() -> ExitCode {
    let mut numbers = Numbers(7);
    // No word of a text ends like these, so that each text is read to its end.
    let words = (0..WORDS).map(|number| {
        let (one, two) = (numbers.word(), numbers.word());
        match number % 8 {
            0 => format!("{one}{two}x*"),
            1 => format!("*x{one}{two}"),
            2 => format!("{one}*{two}x"),
            _ => format!("{one}{two}x"),
        }
    });
    let set = RuleSet::new(1, rules(words.collect()));
    let prose: Vec<String> = (0..CHARACTERS).map(|_| numbers.word()).collect();
    let texts = [
        ("prose", prose.join(" ")),
        ("one word", "baba".repeat(CHARACTERS)),
        ("look-alikes", "b\u{430}\u{301}c\u{43e}r ".repeat(CHARACTERS)),
        ("links", "http://bacor.example/ ".repeat(CHARACTERS)),
    ];
    let mut missed = false;
    println!("{WORDS} words                  1,250      5,000 characters   growth (linear is 4)");
    for (name, text) in texts {
        let cut = |characters: usize| -> String { text.chars().take(characters).collect() };
        let (short, long) = (takes(&set, &cut(CHARACTERS / 4)), takes(&set, &cut(CHARACTERS)));
        let growth = long.as_secs_f64() / short.as_secs_f64().max(f64::MIN_POSITIVE);
        let fine = long < MOST && growth < STEEPEST;
        missed |= !fine;
        println!(
            "{name:<20} {:>8.3} ms {:>8.3} ms          {growth:.2}{}",
            short.as_secs_f64() * 1000.0,
            long.as_secs_f64() * 1000.0,
            if fine { "" } else { "   MISSED" }
        );
    }
    println!("at most {} ms, growth below {STEEPEST}", MOST.as_millis());
    if missed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
