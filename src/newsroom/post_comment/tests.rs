//! What comments that are posted together know of each other.

use chrono::DateTime;

use super::*;
use crate::domain::comment::CommentStatus;
use crate::domain::comment_rules::{CommentRules, place};

/// The rules that a paper begins with, with these two limits.
fn rules(article_a_minute: i32, copies_a_day: i32) -> Arc<RuleSet> {
    let first = include_str!("../../../migrations/2026-11-24-000004_comments/up.sql");
    let (_, json) = first.split_once("VALUES (1, '").expect("the first rules");
    let (json, _) = json.split_once("', 'What Masthead begins with.'").expect("their end");
    let mut rules: CommentRules = serde_json::from_str(json).expect("rules");
    rules.flood.article_a_minute = article_a_minute;
    rules.repeat.copies_a_day = copies_a_day;
    Arc::new(RuleSet::new(1, rules))
}

fn post(article: Uuid, body: &str) -> Post {
    let act = Act::system(DateTime::UNIX_EPOCH);
    let new = NewComment {
        article_id: article,
        author_name: "Runa".to_owned(),
        body: body.to_owned(),
        ..NewComment::default()
    };
    Post { act, new }
}

/// Where each of these goes; nothing for what is refused.
fn judged(rules: &Arc<RuleSet>, posts: &[Post]) -> Vec<Option<CommentStatus>> {
    let mut wave = Wave::default();
    let judged = posts.iter().map(|post| {
        let known = (Arc::clone(rules), Facts::default());
        let judgement = wave.judge(post, known).ok()?;
        Some(place(&judgement.decisions).status)
    });
    judged.collect()
}

const SHOWN: Option<CommentStatus> = Some(CommentStatus::Approved);
const WAITS: Option<CommentStatus> = Some(CommentStatus::Pending);

#[test]
fn those_on_one_article_count_unless_they_are_refused() {
    let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let posts = [
        post(one, "x"),
        post(one, "The first"),
        post(other, "Elsewhere"),
        post(one, "The second"),
        post(one, "One too many"),
        post(other, "Elsewhere again"),
    ];
    assert_eq!(judged(&rules(2, 0), &posts), [None, SHOWN, SHOWN, SHOWN, WAITS, SHOWN]);
    assert_eq!(judged(&rules(0, 0), &posts), [None, SHOWN, SHOWN, SHOWN, SHOWN, SHOWN]);
}

#[test]
fn the_same_words_are_copies_wherever_they_stand() {
    let posts = [1, 2, 3, 4].map(|article| post(Uuid::from_u128(article), "Buy your toll passes here"));
    assert_eq!(judged(&rules(0, 2), &posts), [SHOWN, SHOWN, WAITS, WAITS]);
}
