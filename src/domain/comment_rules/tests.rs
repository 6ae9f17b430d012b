//! Each rule by itself, and what they come to together.

mod signed;
mod words;

use super::*;
use crate::domain::site::SiteCommentsPolicy;
use CommentOutcome::{Hold, Pass, Reject};

/// Rules that find nothing.
fn quiet() -> CommentRules {
    CommentRules {
        length: LengthRule { min: 1, max: 5000 },
        blocked_words: Vec::new(),
        held_words: Vec::new(),
        links: LinkRule {
            held_above: 5000,
            rejected_above: 5000,
            blocked_hosts: Vec::new(),
            trusted_hosts: Vec::new(),
        },
        repeat: RepeatRule {
            same_author_seconds: 0,
            copies_a_day: 0,
        },
        flood: FloodRule {
            address_a_minute: 0,
            email_a_minute: 0,
            article_a_minute: 0,
        },
        new_commenter: NewCommenterRule { approved_before: 1 },
        history: HistoryRule {
            rejected_percent: 0,
            at_least: 1,
        },
        reports: ReportRule { held_at: 0 },
    }
}

fn list(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Somebody says this.
fn ana(body: &str) -> Remark<'_> {
    Remark {
        author_name: "Ana",
        body,
    }
}

/// What one rule says of this.
fn said(rules: CommentRules, facts: &Facts, text: &str, rule: CommentRule) -> (CommentOutcome, Option<String>, String) {
    let decisions = RuleSet::new(1, rules).judge(facts, ana(text));
    let decision = decisions
        .into_iter()
        .find(|decision| decision.rule == rule)
        .expect("every rule is asked");
    (decision.outcome, decision.reason, decision.detail.unwrap_or_default())
}

#[test]
fn every_rule_is_asked_in_order_and_passes_what_is_harmless() {
    let decisions = RuleSet::new(7, quiet()).judge(&Facts::default(), ana("I was on the second bus."));
    let rules: Vec<_> = decisions.iter().map(|decision| decision.rule.as_str()).collect();
    let expected: Vec<_> = RULES.iter().map(|(rule, _)| rule.as_str()).collect();
    assert_eq!(rules, expected);
    assert_eq!(outcome(&decisions), Pass);
    assert_eq!(place(&decisions), Place::at(CommentStatus::Approved));
}

#[test]
fn links_are_counted_and_hosts_known() {
    let rules = || CommentRules {
        links: LinkRule {
            held_above: 1,
            rejected_above: 2,
            blocked_hosts: list(&["spam.example"]),
            trusted_hosts: list(&["transport.example"]),
        },
        ..quiet()
    };
    let links = |text: &str| said(rules(), &Facts::default(), text, CommentRule::Links);
    assert_eq!(links("https://a.example").0, Pass);
    assert_eq!(links("https://a.example https://b.example").0, Hold);
    assert_eq!(links("http://a.example, http://b.example, http://c.example").0, Reject);
    assert_eq!(
        links("https://a.example https://www.transport.example https://transport.example/x").0,
        Pass
    );
    for text in [
        "https://spam.example/x",
        "HTTPS://X.SPAM.example",
        "see shop.spam.example/now",
    ] {
        assert_eq!(links(text).1.as_deref(), Some("blocked_host"), "{text}");
    }
    assert_eq!(links("nospam.example").0, Pass);
}

#[test]
fn floods_and_repeats_are_refused_and_copies_wait() {
    let rules = || CommentRules {
        repeat: RepeatRule {
            same_author_seconds: 60,
            copies_a_day: 3,
        },
        flood: FloodRule {
            address_a_minute: 5,
            email_a_minute: 5,
            article_a_minute: 5,
        },
        ..quiet()
    };
    let five = Recent { count: 5, fewer_in: 1 };
    let four = Recent { count: 4, fewer_in: 1 };
    for (facts, rule, outcome) in [
        (
            Facts {
                from_address: five,
                ..Facts::default()
            },
            CommentRule::FloodAddress,
            Reject,
        ),
        (
            Facts {
                from_address: four,
                ..Facts::default()
            },
            CommentRule::FloodAddress,
            Pass,
        ),
        (
            Facts {
                from_email: five,
                ..Facts::default()
            },
            CommentRule::FloodEmail,
            Reject,
        ),
        (
            Facts {
                on_article: five,
                ..Facts::default()
            },
            CommentRule::FloodArticle,
            Hold,
        ),
        (
            Facts {
                same_text_ago: Some(59),
                ..Facts::default()
            },
            CommentRule::Repeat,
            Reject,
        ),
        (
            Facts {
                same_text_ago: Some(60),
                ..Facts::default()
            },
            CommentRule::Repeat,
            Pass,
        ),
        (
            Facts {
                copies: 3,
                ..Facts::default()
            },
            CommentRule::Repeat,
            Hold,
        ),
        (
            Facts {
                copies: 2,
                ..Facts::default()
            },
            CommentRule::Repeat,
            Pass,
        ),
    ] {
        let text = "I was on the second bus.";
        assert_eq!(said(rules(), &facts, text, rule).0, outcome, "{facts:?}");
        let decisions = RuleSet::new(1, rules()).judge(&facts, ana(text));
        assert_eq!(refusal(&decisions).is_some(), outcome == Reject, "{facts:?}");
    }
}

#[test]
fn the_author_and_the_policy_decide_who_waits() {
    let rules = || CommentRules {
        new_commenter: NewCommenterRule { approved_before: 2 },
        history: HistoryRule {
            rejected_percent: 50,
            at_least: 4,
        },
        ..quiet()
    };
    let of = |policy: SiteCommentsPolicy, approved: i64, decided: i64, rejected: i64| {
        let facts = Facts {
            policy: Some(policy),
            approved,
            decided,
            rejected,
            ..Facts::default()
        };
        place(&RuleSet::new(1, rules()).judge(&facts, ana("x")))
    };
    let (pending, held) = (
        Place::waiting(CommentQueue::Pending),
        Place::waiting(CommentQueue::Held),
    );
    let shown = Place::at(CommentStatus::Approved);
    assert_eq!(of(SiteCommentsPolicy::Open, 0, 0, 0), shown);
    assert_eq!(of(SiteCommentsPolicy::Moderated, 9, 9, 0), pending);
    assert_eq!(of(SiteCommentsPolicy::ModeratedFirst, 1, 1, 0), pending);
    assert_eq!(of(SiteCommentsPolicy::ModeratedFirst, 2, 2, 0), shown);
    assert_eq!(of(SiteCommentsPolicy::Open, 2, 4, 2), held);
    assert_eq!(of(SiteCommentsPolicy::Open, 0, 3, 3), shown);
    assert_eq!(of(SiteCommentsPolicy::Moderated, 2, 4, 2), held);
}

#[test]
fn a_trap_is_spam_and_blocked_words_are_not() {
    let spam = Facts {
        honeypot: true,
        ..Facts::default()
    };
    let judged = place(&RuleSet::new(1, quiet()).judge(&spam, ana("x")));
    assert_eq!(
        (judged.status, judged.queue),
        (CommentStatus::Rejected, Some(CommentQueue::Spam))
    );
    let rules = CommentRules {
        blocked_words: list(&["idiot"]),
        ..quiet()
    };
    let judged = place(&RuleSet::new(1, rules).judge(&Facts::default(), ana("idiot")));
    assert_eq!(judged, Place::at(CommentStatus::Rejected));
}
