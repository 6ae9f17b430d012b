//! What readers said below the articles: much below a few, nothing below most.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::paper::Paper;
use super::story::id_at;
use super::text::sentence;
use crate::db::Json;
use crate::db::comment_decisions::JudgedRow;
use crate::db::comments::CommentRow;
use crate::domain::comment::{
    CommentAuthorKind, CommentStatus, Identity, MAX_DEPTH, avatar_key, is_visible, place_of_reply,
};
use crate::domain::comment_rules::{Facts, Remark, RuleSet, place, text_hash};
use crate::domain::site::SiteCommentsPolicy;
use crate::domain::text::comment_html;
use crate::newsroom::Said;

/// The longest time from one comment to the next.
const APART: TimeDelta = TimeDelta::seconds(90);
/// A reply answers one of so many comments before it.
const NEAR: usize = 40;
/// How many steps lie between two articles whose ranks follow each other: prime, so that each has a rank of its own.
const STEP: usize = 7_368_787;

/// Deals the comments to the articles, as Zipf's law has it, in the order of the articles.
pub(super) struct Shares {
    articles: usize,
    comments: usize,
    /// Of all ranks together.
    weight: f64,
    dealt_weight: f64,
    dealt: usize,
}

impl Shares {
    pub fn new(articles: usize, comments: usize) -> Self {
        Self {
            articles,
            comments,
            weight: (1..=articles).map(|rank| (rank as f64).recip()).sum(),
            dealt_weight: 0.0,
            dealt: 0,
        }
    }

    /// How many the next article has, which has this number.
    pub fn next(&mut self, number: usize) -> usize {
        let rank = number.wrapping_mul(STEP) % self.articles + 1;
        self.dealt_weight += (rank as f64).recip();
        let share = self.comments as f64 * self.dealt_weight / self.weight;
        let due = (share.round() as usize).max(self.dealt);
        let next = due - self.dealt;
        self.dealt = due;
        next
    }
}

/// So many comments on the article, each behind what it answers.
pub(super) fn thread(
    paper: &Paper,
    rules: &RuleSet,
    (article, published_at, now): (Uuid, DateTime<Utc>, DateTime<Utc>),
    many: usize,
    dice: &mut fastrand::Rng,
) -> Vec<Said> {
    let step = (now - published_at) / i32::try_from(many + 1).unwrap_or(i32::MAX);
    let mut said: Vec<Said> = Vec::with_capacity(many);
    for number in 1..=many {
        let at = published_at + step.min(APART) * i32::try_from(number).unwrap_or(i32::MAX);
        let answered = match dice.usize(..10) {
            0..4 => None,
            _ => answered(&said, dice),
        };
        let parent = answered.and_then(|place| said.get_mut(place));
        let parent = parent.map(|parent| (parent.comment.id, parent.comment.depth));
        let said_now = comment(paper, rules, (article, at), parent, dice);
        if let (Some(place), CommentStatus::Approved) = (answered, said_now.comment.status)
            && let Some(parent) = said.get_mut(place)
        {
            parent.comment.reply_count += 1;
        }
        said.push(said_now);
    }
    said
}

/// The place of a comment that readers can see and answer.
fn answered(said: &[Said], dice: &mut fastrand::Rng) -> Option<usize> {
    let place = said.len().checked_sub(1 + dice.usize(..NEAR))?;
    let comment = &said.get(place)?.comment;
    let answerable = comment.status == CommentStatus::Approved && comment.depth < MAX_DEPTH;
    (answerable && is_visible(comment.status, comment.reply_count)).then_some(place)
}

fn comment(
    paper: &Paper,
    rules: &RuleSet,
    (article, at): (Uuid, DateTime<Utc>),
    parent: Option<(Uuid, i32)>,
    dice: &mut fastrand::Rng,
) -> Said {
    let (name, email) = dice.choice(&paper.readers).cloned().unwrap_or_default();
    let mut body = sentence(&paper.words, dice).0;
    for _ in 0..dice.usize(..4) {
        body.push(' ');
        body.push_str(&sentence(&paper.words, dice).0);
    }
    // One in thirty is somebody's first, and waits.
    let facts = Facts {
        policy: Some(SiteCommentsPolicy::ModeratedFirst),
        approved: i64::from(dice.usize(..30) > 0),
        ..Facts::default()
    };
    let remark = Remark {
        author_name: &name,
        body: &body,
    };
    let decisions = rules.judge(&facts, remark);
    let stands = place(&decisions);
    let (parent_id, depth) = parent.map_or((None, 1), |(id, depth)| {
        let (parent, depth) = place_of_reply(id, depth, None);
        (Some(parent), depth)
    });
    let comment = CommentRow {
        id: id_at(at, dice),
        article_id: article,
        parent_id,
        depth,
        author_kind: CommentAuthorKind::Reader,
        avatar_key: avatar_key(article, Identity::Email(&email)),
        author_name: name,
        author_email_hash: Some(email),
        user_id: None,
        body_html: comment_html(&body),
        text_hash: Some(text_hash(&body)),
        body,
        status: stands.status,
        edit_token_hash: None,
        moderated_by_id: None,
        moderated_by_key_id: None,
        moderated_at: None,
        reply_count: 0,
        version: 1,
        created_at: at,
        edited_at: None,
        address_hash: None,
        range_hash: None,
        queue: stands.queue,
        report_count: 0,
        appealed_at: None,
        erased_at: None,
    };
    let judged = JudgedRow {
        comment_id: comment.id,
        version: comment.version,
        at,
        user_id: None,
        rule_set_version: Some(rules.version),
        facts: Some(Json(facts)),
        decisions: Json(decisions),
        key_id: None,
    };
    Said {
        entry: id_at(at, dice),
        comment,
        judged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_comment_is_dealt_and_a_few_articles_have_most_of_them() {
        let mut shares = Shares::new(10_000, 50_000);
        let mut dealt: Vec<usize> = (0..10_000).map(|number| shares.next(number)).collect();
        assert_eq!(dealt.iter().sum::<usize>(), 50_000);
        dealt.sort_unstable();
        assert!(dealt[9_999] > 5_000 && dealt[5_000] < 3, "{:?}", &dealt[9_990..]);
    }
}
