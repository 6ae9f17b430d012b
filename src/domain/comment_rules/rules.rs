//! The rules as moderators write them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::word_list::{MAX_PATTERN, Pattern};
use crate::domain::check::{Check, FieldError};
use crate::domain::comment::MAX_BODY;
use crate::domain::text::Coded;

/// The most words of a list.
pub const MAX_WORDS: usize = 10_000;
/// The most hosts of a list.
pub const MAX_HOSTS: usize = 1000;
/// The highest limit of any count.
const MAX_COUNT: i32 = 1_000_000;

/// What readers' comments are judged by. A number of 0 switches a limit off, where it says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentRules {
    pub length: LengthRule,
    /// A comment with one of these is rejected. Any case, accents and look-alike letters; `*` stands for any letters: at
    /// the beginning, at the end, or once within a word.
    #[schema(max_items = 10000)]
    pub blocked_words: Vec<String>,
    /// A comment with one of these waits for a moderator.
    #[schema(max_items = 10000)]
    pub held_words: Vec<String>,
    pub links: LinkRule,
    pub repeat: RepeatRule,
    pub flood: FloodRule,
    pub new_commenter: NewCommenterRule,
    pub history: HistoryRule,
    pub reports: ReportRule,
}

/// How long a comment may be, in characters; anything else is answered 422.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommentLengthRule)]
pub struct LengthRule {
    #[schema(minimum = 1, maximum = 5000)]
    pub min: i32,
    #[schema(minimum = 1, maximum = 5000)]
    pub max: i32,
}

/// How many links a comment may have, and to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommentLinkRule)]
pub struct LinkRule {
    /// With more it waits for a moderator.
    #[schema(minimum = 0, maximum = 5000)]
    pub held_above: i32,
    /// With more it is rejected.
    #[schema(minimum = 0, maximum = 5000)]
    pub rejected_above: i32,
    /// A comment that names one of these hosts, or one below it, is rejected.
    #[schema(max_items = 1000)]
    pub blocked_hosts: Vec<String>,
    /// Links to these hosts, and those below them, are not counted.
    #[schema(max_items = 1000)]
    pub trusted_hosts: Vec<String>,
}

/// The same words again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommentRepeatRule)]
pub struct RepeatRule {
    /// By the same author within so many seconds: answered 409. 0 switches it off.
    #[schema(minimum = 0, maximum = 86400)]
    pub same_author_seconds: i32,
    /// Once others wrote them so often within a day, it waits for a moderator. 0 switches it off.
    #[schema(minimum = 0, maximum = 1000)]
    pub copies_a_day: i32,
}

/// How many comments are taken within a minute; further ones are answered 429. 0 switches a limit off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommentFloodRule)]
pub struct FloodRule {
    /// From one address; an IPv6 network of 64 bits counts as one.
    #[schema(minimum = 0, maximum = 1000000)]
    pub address_a_minute: i32,
    /// From one e-mail address.
    #[schema(minimum = 0, maximum = 1000000)]
    pub email_a_minute: i32,
    /// On one article.
    #[schema(minimum = 0, maximum = 1000000)]
    pub article_a_minute: i32,
}

/// Where the policy is `moderated_first`: how many of a reader's comments must have been approved before the next is
/// shown at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommentNewCommenterRule)]
pub struct NewCommenterRule {
    #[schema(minimum = 1, maximum = 1000)]
    pub approved_before: i32,
}

/// An author whose comments were rejected of late waits for a moderator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommentHistoryRule)]
pub struct HistoryRule {
    /// When so many of a hundred were rejected within 30 days. 0 switches it off.
    #[schema(minimum = 0, maximum = 100)]
    pub rejected_percent: i32,
    /// When at least so many were decided on.
    #[schema(minimum = 1, maximum = 1000)]
    pub at_least: i32,
}

/// What readers report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommentReportRule)]
pub struct ReportRule {
    /// With so many reports a comment is hidden until a moderator decides. 0 switches it off.
    #[schema(minimum = 0, maximum = 1000)]
    pub held_at: i32,
}

impl CommentRules {
    /// Notes what is not accepted, and gives the rules in the spelling that is kept.
    #[must_use]
    pub fn check(mut self, check: &mut Check) -> Self {
        let body = i32::try_from(MAX_BODY).unwrap_or(i32::MAX);
        let length = &self.length;
        check.range("/length/min", length.min, 1, body);
        check.range("/length/max", length.max, 1, body);
        if length.min > length.max {
            let message = "must not be more than `max`";
            check.refuse(FieldError::field("/length/min", "out_of_range", message));
        }
        check.range("/links/held_above", self.links.held_above, 0, body);
        check.range("/links/rejected_above", self.links.rejected_above, 0, body);
        check.range(
            "/repeat/same_author_seconds",
            self.repeat.same_author_seconds,
            0,
            86_400,
        );
        check.range("/repeat/copies_a_day", self.repeat.copies_a_day, 0, 1000);
        check.range("/flood/address_a_minute", self.flood.address_a_minute, 0, MAX_COUNT);
        check.range("/flood/email_a_minute", self.flood.email_a_minute, 0, MAX_COUNT);
        check.range("/flood/article_a_minute", self.flood.article_a_minute, 0, MAX_COUNT);
        check.range(
            "/new_commenter/approved_before",
            self.new_commenter.approved_before,
            1,
            1000,
        );
        check.range("/history/rejected_percent", self.history.rejected_percent, 0, 100);
        check.range("/history/at_least", self.history.at_least, 1, 1000);
        check.range("/reports/held_at", self.reports.held_at, 0, 1000);
        words(check, "/blocked_words", &mut self.blocked_words);
        words(check, "/held_words", &mut self.held_words);
        hosts(check, "/links/blocked_hosts", &mut self.links.blocked_hosts);
        hosts(check, "/links/trusted_hosts", &mut self.links.trusted_hosts);
        self
    }
}

fn words(check: &mut Check, pointer: &str, words: &mut Vec<String>) {
    check.at_most(pointer, words, MAX_WORDS);
    for (index, word) in words.iter_mut().enumerate().take(MAX_WORDS) {
        let pointer = format!("{pointer}/{index}");
        // What is no line of text is told once, and not as a pattern again.
        let mut line = Check::new();
        *word = line.line(&pointer, word, MAX_PATTERN);
        if let Err(problems) = line.done() {
            problems.into_iter().for_each(|problem| check.refuse(problem));
        } else if let Err(error) = Pattern::parse(word) {
            check.refuse(FieldError::field(pointer, error.code(), error.to_string()));
        }
    }
    once(words);
}

fn hosts(check: &mut Check, pointer: &str, hosts: &mut Vec<String>) {
    check.at_most(pointer, hosts, MAX_HOSTS);
    for (index, host) in hosts.iter_mut().enumerate().take(MAX_HOSTS) {
        match url::Host::parse(host.trim()) {
            Ok(url::Host::Domain(name)) if name.contains('.') => *host = name,
            _ => {
                let message = "must be the name of a host, like `example.com`";
                check.refuse(FieldError::field(format!("{pointer}/{index}"), "invalid_host", message));
            }
        }
    }
    once(hosts);
}

/// Keeps the first of each.
fn once(list: &mut Vec<String>) {
    let mut seen = std::collections::HashSet::new();
    list.retain(|entry| seen.insert(entry.clone()));
}
