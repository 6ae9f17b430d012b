//! What names say, and texts without words.

use super::*;

#[test]
fn the_name_is_read_as_the_text_is() {
    let rules = CommentRules {
        blocked_words: list(&["viagra"]),
        links: LinkRule {
            blocked_hosts: list(&["spam.example"]),
            ..quiet().links
        },
        ..quiet()
    };
    let set = RuleSet::new(1, rules);
    let said = |author_name: &str, rule: CommentRule| {
        let remark = Remark {
            author_name,
            body: "I was on the second bus.",
        };
        let mut decisions = set.judge(&Facts::default(), remark).into_iter();
        let decision = decisions.find(|decision| decision.rule == rule);
        let decision = decision.expect("every rule is asked");
        (decision.outcome, decision.detail.unwrap_or_default())
    };
    let blocked = (Reject, "\u{201c}V1agra\u{201d} in the name".to_owned());
    assert_eq!(said("V1agra for you", CommentRule::BlockedWords), blocked);
    for name in ["spam.example", "http://www.spam.example/x", "spam\u{3002}example"] {
        assert_eq!(said(name, CommentRule::Links).0, Reject, "{name}");
    }
    assert_eq!(said("Ana", CommentRule::BlockedWords).0, Pass);
}

#[test]
fn who_signs_as_somebody_of_the_newsroom_waits() {
    let facts = Facts {
        name_of_staff: true,
        ..Facts::default()
    };
    let (outcome, reason, _) = said(quiet(), &facts, "x", CommentRule::Name);
    assert_eq!((outcome, reason.as_deref()), (Hold, Some("impersonation")));
    assert!(sounds_like("Edmund Carrow", "EDMUND  C\u{430}rr\u{f2}w"));
    assert!(!sounds_like("Edmund Carrow", "Edmund Carr") && !sounds_like("!", "?"));
}

#[test]
fn signs_without_words_are_the_same_only_when_they_are() {
    assert_ne!(text_hash("\u{1f41f}\u{1f41f}"), text_hash("\u{1f986}\u{1f986}"));
    assert_eq!(text_hash("\u{1f41f}"), text_hash("\u{1f41f}"));
    let rules = CommentRules {
        repeat: RepeatRule {
            same_author_seconds: 0,
            copies_a_day: 3,
        },
        ..quiet()
    };
    let facts = Facts {
        copies: 9,
        ..Facts::default()
    };
    assert_eq!(said(rules.clone(), &facts, "Thank you!", CommentRule::Repeat).0, Pass);
    let long = "Buy one today and get another one for nothing.";
    assert_eq!(said(rules, &facts, long, CommentRule::Repeat).0, Hold);
}
