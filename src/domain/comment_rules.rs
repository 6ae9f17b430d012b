//! What rules say about a reader's comment: pure, in one order, one small file each.
//!
//! Every rule is asked, and what each one found is kept with the edition of the rules, so that anybody can be told why a
//! comment stands where it stands. What they know beside the text is in [`Facts`], which are kept too: a proposed rule set
//! can be tried on what was judged before.

mod ban;
mod closed;
mod facts;
mod flood;
mod fold;
mod history;
mod honeypot;
mod hook;
mod length;
mod links;
mod name;
mod new_commenter;
mod policy;
mod repeat;
mod rules;
mod statement;
mod word_list;
mod words;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use closed::CLOSED;
pub use facts::{BanKind, Facts, HookOpinion, Recent};
pub use fold::{sounds_like, text_hash};
pub use rules::{CommentRules, FloodRule, HistoryRule, LengthRule, LinkRule, NewCommenterRule, RepeatRule, ReportRule};
pub use statement::{Said, Statement, statement};
pub use word_list::WordError;

use super::comment::{CommentQueue, CommentStatus, Place};
use super::text_enum;
use fold::Folded;
use word_list::WordList;

text_enum! {
    /// What judged a comment.
    pub enum CommentRule {
        Closed = "closed",
        Ban = "ban",
        Length = "length",
        FloodAddress = "flood_address",
        FloodEmail = "flood_email",
        FloodArticle = "flood_article",
        Repeat = "repeat",
        Honeypot = "honeypot",
        /// Whose name it is signed with.
        Name = "name",
        BlockedWords = "blocked_words",
        HeldWords = "held_words",
        Links = "links",
        Policy = "policy",
        NewCommenter = "new_commenter",
        History = "history",
        /// A service of the paper's own.
        Hook = "hook",
        /// Readers reported it.
        Reports = "reports",
        /// Its author asked for another look.
        Appeal = "appeal",
        /// A moderator decided: a person, or a program with an API key.
        Moderator = "moderator",
    }
}

text_enum! {
    /// What a rule, or a person, says about a comment.
    #[derive(Default)]
    pub enum CommentOutcome {
        /// Nothing against it.
        #[default]
        Pass = "pass",
        /// It waits for a moderator.
        Hold = "hold",
        Reject = "reject",
    }
}

text_enum! {
    /// Who says what stands in a decision trail.
    pub enum SaidBy {
        Rules = "rules",
        /// Somebody of the newsroom, or a program of theirs.
        Moderator = "moderator",
        /// The author of the comment.
        Author = "author",
    }
}

impl CommentRule {
    /// Who says it.
    #[must_use]
    pub fn said_by(self) -> SaidBy {
        match self {
            Self::Moderator => SaidBy::Moderator,
            Self::Appeal => SaidBy::Author,
            _ => SaidBy::Rules,
        }
    }

    /// Whether what this rule rejects is not even kept: the caller is told at once, and may mend it or wait.
    #[must_use]
    pub fn refuses(self) -> bool {
        matches!(
            self,
            Self::Closed | Self::Ban | Self::Length | Self::FloodAddress | Self::FloodEmail | Self::Repeat
        )
    }

    /// Whether a comment that this rule holds waits as every comment here does, and not because something was found.
    fn is_usual(self) -> bool {
        matches!(self, Self::Policy | Self::NewCommenter)
    }
}

/// What one rule found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub rule: CommentRule,
    pub outcome: CommentOutcome,
    /// A stable word for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it found, for people: the matched text first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What a rule says, before it is signed with the rule's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Finding {
    outcome: CommentOutcome,
    reason: Option<Cow<'static, str>>,
    detail: Option<String>,
}

impl Finding {
    fn pass() -> Self {
        Self::default()
    }

    fn hold(reason: &'static str, detail: impl Into<String>) -> Self {
        Self {
            outcome: CommentOutcome::Hold,
            reason: Some(Cow::Borrowed(reason)),
            detail: Some(detail.into()),
        }
    }

    fn reject(reason: &'static str, detail: impl Into<String>) -> Self {
        Self {
            outcome: CommentOutcome::Reject,
            ..Self::hold(reason, detail)
        }
    }
}

/// What readers will see of a comment.
#[derive(Clone, Copy, Debug)]
pub struct Remark<'a> {
    pub author_name: &'a str,
    pub body: &'a str,
}

/// What a rule looks at.
struct Case<'a> {
    set: &'a RuleSet,
    facts: &'a Facts,
    remark: Remark<'a>,
    body: Folded<'a>,
    author_name: Folded<'a>,
}

type Find = fn(&Case<'_>) -> Finding;

/// The order in which rules are asked.
const RULES: [(CommentRule, Find); 16] = [
    (CommentRule::Closed, closed::find),
    (CommentRule::Ban, ban::find),
    (CommentRule::Length, length::find),
    (CommentRule::FloodAddress, flood::address),
    (CommentRule::FloodEmail, flood::email),
    (CommentRule::FloodArticle, flood::article),
    (CommentRule::Repeat, repeat::find),
    (CommentRule::Honeypot, honeypot::find),
    (CommentRule::Name, name::find),
    (CommentRule::BlockedWords, words::blocked),
    (CommentRule::HeldWords, words::held),
    (CommentRule::Links, links::find),
    (CommentRule::Policy, policy::find),
    (CommentRule::NewCommenter, new_commenter::find),
    (CommentRule::History, history::find),
    (CommentRule::Hook, hook::find),
];

/// One edition of the rules, ready to judge.
pub struct RuleSet {
    pub version: i32,
    pub rules: CommentRules,
    blocked: WordList,
    held: WordList,
}

impl RuleSet {
    /// Words that are no patterns are left out; [`CommentRules::check`] says which.
    #[must_use]
    pub fn new(version: i32, rules: CommentRules) -> Self {
        Self {
            version,
            blocked: WordList::new(&rules.blocked_words),
            held: WordList::new(&rules.held_words),
            rules,
        }
    }

    /// How far the comments on an article within a minute must be counted.
    #[must_use]
    pub fn counts_to(&self) -> i64 {
        Recent::MOST.max(i64::from(self.rules.flood.article_a_minute))
    }

    /// What every rule says, in order. Takes time that grows with the text, and not with how many words are listed.
    #[must_use]
    pub fn judge(&self, facts: &Facts, remark: Remark<'_>) -> Vec<Decision> {
        let case = Case {
            set: self,
            facts,
            remark,
            body: Folded::new(remark.body),
            author_name: Folded::new(remark.author_name),
        };
        let decided = RULES.iter().map(|(rule, find)| {
            let finding = find(&case);
            Decision {
                rule: *rule,
                outcome: finding.outcome,
                reason: finding.reason.map(Cow::into_owned),
                detail: finding.detail,
            }
        });
        decided.collect()
    }
}

/// What all of them come to.
#[must_use]
pub fn outcome(decisions: &[Decision]) -> CommentOutcome {
    decisions
        .iter()
        .map(|decision| decision.outcome)
        .max()
        .unwrap_or_default()
}

/// Why the comment is not even kept, if it is not.
#[must_use]
pub fn refusal(decisions: &[Decision]) -> Option<&Decision> {
    decisions
        .iter()
        .find(|decision| decision.outcome == CommentOutcome::Reject && decision.rule.refuses())
}

/// Where a comment goes that was judged like this.
#[must_use]
pub fn place(decisions: &[Decision]) -> Place {
    let of = |outcome: CommentOutcome| decisions.iter().filter(move |decision| decision.outcome == outcome);
    match outcome(decisions) {
        CommentOutcome::Pass => Place::at(CommentStatus::Approved),
        CommentOutcome::Hold if of(CommentOutcome::Hold).all(|decision| decision.rule.is_usual()) => {
            Place::waiting(CommentQueue::Pending)
        }
        CommentOutcome::Hold => Place::waiting(CommentQueue::Held),
        CommentOutcome::Reject => {
            let spam = of(CommentOutcome::Reject).any(|decision| decision.reason.as_deref() == Some(SPAM));
            Place {
                status: CommentStatus::Rejected,
                queue: spam.then_some(CommentQueue::Spam),
            }
        }
    }
}

/// The reason of what is spam, whoever says so.
pub const SPAM: &str = "spam";

#[cfg(test)]
mod tests;
