//! Words in every disguise.

use std::time::Duration;

use super::*;
use crate::domain::check::Check;

/// What the blocked words find.
fn found(words: &[&str], text: &str) -> Option<String> {
    let rules = CommentRules {
        blocked_words: list(words),
        ..quiet()
    };
    let (outcome, _, detail) = said(rules, &Facts::default(), text, CommentRule::BlockedWords);
    (outcome == Reject).then(|| detail.trim_matches(['\u{201c}', '\u{201d}']).to_owned())
}

#[test]
fn words_are_found_however_they_are_disguised() {
    for text in [
        "you idiot!",
        "IDIOT",
        "\u{ed}d\u{ec}ot",
        "1diot",
        "idi0t",
        "\u{456}diot",
        "\u{ff49}diot",
        "id\u{200b}iot",
        "(idiot)",
        "\u{1d422}diot",
        "id\u{ad}iot",
    ] {
        assert!(found(&["idiot"], text).is_some(), "{text}");
    }
    for text in ["idiotic", "an idio t", "video", "1984"] {
        assert_eq!(found(&["idiot", "1985"], text), None, "{text}");
    }
    assert_eq!(found(&["m\u{f6}chte"], "Wer MOCHTE das?"), Some("MOCHTE".to_owned()));
    assert_eq!(
        found(&["\u{444}\u{443}"], "\u{424}\u{423}!"),
        Some("\u{424}\u{423}".to_owned())
    );
    assert_eq!(found(&["l33t"], "so LEET"), Some("LEET".to_owned()));
    assert_eq!(found(&["asshole"], "a55ho1e"), Some("a55ho1e".to_owned()));
}

#[test]
fn wildcards_stand_for_letters_of_one_word() {
    for (pattern, text, expected) in [
        ("casino*", "Online casinos here", Some("casinos")),
        ("casino*", "a mycasino", None),
        ("*casino", "a mycasino.", Some("mycasino")),
        ("*casino*", "the mycasinos", Some("mycasinos")),
        ("f*ck", "oh FUUUCK you", Some("FUUUCK")),
        ("f*ck", "fck", Some("fck")),
        ("f*ck", "fog of ck", None),
        ("buy now", "Buy,  NOW!", Some("Buy,  NOW")),
        ("buy now", "buy it now", None),
        ("online casino*", "an online casinos", Some("online casinos")),
        (
            "\u{8d4c}\u{535a}",
            "\u{5728}\u{7ebf}\u{8d4c}\u{535a}\u{5e73}",
            Some("\u{5728}\u{7ebf}\u{8d4c}\u{535a}\u{5e73}"),
        ),
    ] {
        assert_eq!(found(&[pattern], text).as_deref(), expected, "{pattern} in {text}");
    }
}

#[test]
fn what_is_no_pattern_is_told_with_its_place() {
    let rules = CommentRules {
        held_words: list(&[
            "fine",
            "*",
            "a*",
            "a*b*c",
            "two w*rds",
            "one two three four five six",
            "!!",
        ]),
        ..quiet()
    };
    let mut check = Check::new();
    let _kept = rules.check(&mut check);
    let problems = check.done().expect_err("six of them");
    let codes: Vec<_> = problems
        .iter()
        .map(|problem| (problem.pointer.as_deref().unwrap_or_default(), problem.code.as_str()))
        .collect();
    assert_eq!(
        codes,
        [
            ("/held_words/1", "blank"),
            ("/held_words/2", "too_few_letters"),
            ("/held_words/3", "too_many_wildcards"),
            ("/held_words/4", "wildcard_in_phrase"),
            ("/held_words/5", "too_many_words"),
            ("/held_words/6", "blank"),
        ]
    );
}

/// The least time of several that judging a text takes: what else the machine does counts little.
fn least_time(set: &RuleSet, text: &str) -> Duration {
    let facts = Facts::default();
    let once = || {
        let begun = std::time::Instant::now();
        assert_eq!(set.judge(&facts, ana(text)).len(), RULES.len());
        begun.elapsed()
    };
    (0..7).map(|_| once()).min().unwrap_or_default()
}

#[test]
fn no_pattern_makes_a_text_take_longer_than_its_length_does() {
    // Each nearly fits everywhere, and none does.
    let near = (1..40).flat_map(|n| {
        let (a, ab) = ("a".repeat(n), "ab".repeat(n));
        [
            format!("{a}*b"),
            format!("*{a}b"),
            format!("{a}b*"),
            format!("*{ab}c*"),
            format!("{ab}*{a}c"),
        ]
    });
    let rules = CommentRules {
        blocked_words: near.clone().collect(),
        held_words: near.collect(),
        ..quiet()
    };
    let set = RuleSet::new(1, rules);
    for unit in [
        "a",
        "ab",
        "aaaaaaaaa ",
        "a\u{301}\u{456}",
        "https://a.example/a ",
        "*",
        "\u{200b}a",
    ] {
        let text = |characters: usize| -> String { unit.chars().cycle().take(characters).collect() };
        let times = || (least_time(&set, &text(5000)), least_time(&set, &text(20_000)));
        // Four times as long; what grows with the square would take sixteen times, however often it is measured.
        let grows = |(short, long): (Duration, Duration)| long < short * 9;
        assert!((0..5).any(|_| grows(times())), "{unit:?}: {:?}", times());
    }
}
