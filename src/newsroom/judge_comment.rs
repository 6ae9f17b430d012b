//! What the rules say about a comment: what they must know is gathered, and what they refuse is not kept.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::try_join_all;
use uuid::Uuid;

use super::comments::transition;
use super::{Refusal, Result, RuleBook};
use crate::db::comment_facts::{self, Asked, Counted, Known};
use crate::db::comment_threads::{SitePolicy, ThreadArticle};
use crate::db::commenters::{self, Author};
use crate::db::{self, Connection, in_parts};
use crate::domain::check::FieldError;
use crate::domain::comment_rules::{
    CommentRule, Decision, Facts, Recent, Remark, RuleSet, refusal, sounds_like, text_hash,
};
use crate::domain::site::SiteCommentsPolicy;

/// What a comment's author is known by: keyed hashes alone, one under each key that is accepted, the current one first.
#[derive(Clone, Debug, Default)]
pub struct Commenter {
    pub emails: Vec<Vec<u8>>,
    pub addresses: Vec<Vec<u8>>,
    /// Of the network around the address.
    pub range: Option<Vec<u8>>,
    /// Of every network that the address lies in.
    pub networks: Vec<Vec<u8>>,
    /// The account that they are signed in to.
    pub user: Option<Uuid>,
    /// Of an e-mail address that they gave and an account has, which is not known to be theirs.
    pub unproven: Vec<Vec<u8>>,
}

impl Commenter {
    fn author(&self) -> Author<'_> {
        Author {
            user: self.user,
            emails: &self.emails,
            addresses: &self.addresses,
        }
    }

    /// Everything that a ban may name.
    #[must_use]
    pub fn bannable(&self) -> Vec<Vec<u8>> {
        [&self.emails, &self.unproven, &self.addresses, &self.networks]
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }

    /// Numbers for the locks under which one author writes one comment at a time.
    pub(super) fn keys(&self) -> Vec<i64> {
        let current = [self.emails.first(), self.addresses.first()];
        let number = |hash: &Vec<u8>| hash.first_chunk().copied().map(i64::from_be_bytes);
        current.into_iter().flatten().filter_map(number).collect()
    }
}

/// A judgement: what was known, and what every rule said.
#[derive(Clone, Debug)]
pub(super) struct Judgement {
    pub rule_set_version: i32,
    pub facts: Facts,
    pub decisions: Vec<Decision>,
}

/// Keeps other comments of these authors, each known by their keys, out until the transaction ends: they are judged one after
/// the other. Says of each whether they may go on.
///
/// # Errors
/// When the database fails.
pub(super) async fn enter(conn: &Connection, authors: &[Vec<i64>]) -> Result<Vec<Result<()>>> {
    let mut taken = match authors.concat().as_slice() {
        [] => Vec::new(),
        keys => commenters::enter(conn, keys).await?,
    }
    .into_iter();
    let may = |keys: &Vec<i64>| match taken.by_ref().take(keys.len()).filter(|taken| !taken).count() {
        0 => Ok(()),
        _ => Err(Refusal::TooMany {
            detail: "Another comment of yours is being taken this moment.".to_owned(),
            retry_after: 1,
        }),
    };
    Ok(authors.iter().map(may).collect())
}

/// A comment that is judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged<'a> {
    pub now: DateTime<Utc>,
    pub article: Uuid,
    /// The comment that said something else until now.
    pub changed: Option<Uuid>,
    pub remark: Remark<'a>,
    pub commenter: &'a Commenter,
}

/// The rules that hold, and what is known of a comment, of its author, and of how often they write; unless readers do not see
/// the article.
pub(super) type Gathered = Result<(Arc<RuleSet>, Facts)>;

/// Gathers what the rules must know of each of these comments. All of it is asked at once.
///
/// # Errors
/// When the database fails.
pub(super) async fn gather(conn: &Connection, book: &RuleBook, judged: &[Judged<'_>]) -> Result<Vec<Gathered>> {
    let hashes = |one: &Judged<'_>| (one.commenter.bannable(), text_hash(one.remark.body));
    let hashes: Vec<_> = judged.iter().map(hashes).collect();
    let asked = judged.iter().zip(&hashes).map(|(one, (bannable, text))| Asked {
        article: one.article,
        author: one.commenter.author(),
        bannable,
        text,
        changed: one.changed,
        now: one.now,
    });
    let asked: Vec<Asked<'_>> = asked.collect();
    let mut most = book.last_seen().map_or(Recent::MOST, |rules| rules.counts_to());
    loop {
        let parts = in_parts(&asked).map(|part| comment_facts::find(conn, part, most));
        let known = try_join_all(parts).await?.into_iter().flatten();
        let (mut gathered, mut asks_for) = (Vec::new(), most);
        for (one, known) in judged.iter().zip(known) {
            let Some(known) = known else {
                gathered.push(Err(Refusal::NotFound("article")));
                continue;
            };
            let rules = book.edition(conn, known.rule_set.unwrap_or(0)).await?;
            asks_for = asks_for.max(rules.counts_to());
            gathered.push(Ok((rules, facts(&known, *one))));
        }
        // Rules that were written meanwhile may ask for more.
        if asks_for == most {
            return Ok(gathered);
        }
        most = asks_for;
    }
}

fn facts(known: &Known, judged: Judged<'_>) -> Facts {
    let now = judged.now;
    let (policy, is_open) = applied(&known.article, &known.site, now);
    let recent = |(count, oldest): Counted| Recent::new(count, oldest, now);
    let (copies, own_copies, last_own) = known.copies;
    let (approved, decided, rejected) = known.record;
    // Who is known by an address alone may be anybody behind it: none of them is trusted for the others.
    let is_anybody = judged.commenter.user.is_none() && judged.commenter.emails.is_empty();
    Facts {
        policy: Some(policy),
        closed: !is_open,
        banned: known.banned,
        from_address: recent(known.from_address),
        from_email: recent(known.from_email),
        on_article: recent(known.on_article),
        same_text_ago: last_own.map(|last| (now - last).num_seconds().max(0)),
        copies: copies - own_copies,
        approved: if is_anybody { 0 } else { approved },
        decided,
        rejected,
        name_of_staff: known
            .staff
            .iter()
            .any(|name| sounds_like(name, judged.remark.author_name)),
        ..Facts::default()
    }
}

/// Judges a comment, once everything is known.
///
/// # Errors
/// When it is not even kept.
pub(super) fn judge(rules: &RuleSet, facts: Facts, remark: Remark<'_>) -> Result<Judgement> {
    let decisions = rules.judge(&facts, remark);
    match refused(&facts, &decisions) {
        Some(refusal) => Err(refusal),
        None => Ok(Judgement {
            rule_set_version: rules.version,
            facts,
            decisions,
        }),
    }
}

/// How the caller is told that a comment is not even kept.
fn refused(facts: &Facts, decisions: &[Decision]) -> Option<Refusal> {
    let decision = refusal(decisions)?;
    let detail = decision.detail.clone().unwrap_or_default();
    let reason = decision.reason.clone().unwrap_or_default();
    Some(match decision.rule {
        CommentRule::Closed => transition(detail, Vec::new()),
        CommentRule::Ban => Refusal::Denied("You may not comment here at the moment.".to_owned()),
        CommentRule::Length => vec![FieldError::field("/body", reason, detail)].into(),
        CommentRule::Repeat => Refusal::Conflict(detail),
        CommentRule::FloodEmail => Refusal::TooMany {
            detail,
            retry_after: facts.from_email.fewer_in,
        },
        _ => Refusal::TooMany {
            detail,
            retry_after: facts.from_address.fewer_in,
        },
    })
}

/// The policy of comments that holds for a published article, and whether they are open.
///
/// # Errors
/// When readers do not see the article.
pub(super) async fn policy(conn: &Connection, article: Uuid, now: DateTime<Utc>) -> Result<(SiteCommentsPolicy, bool)> {
    let found = db::comment_threads::policies(conn, article).await?;
    let (article, site) = found.ok_or(Refusal::NotFound("article"))?;
    Ok(applied(&article, &site, now))
}

/// What the policies of an article and of the site come to.
fn applied(article: &ThreadArticle, site: &SitePolicy, now: DateTime<Utc>) -> (SiteCommentsPolicy, bool) {
    let (policy, days) = (site.comments_policy, site.comments_close_after_days);
    let is_open = article.comments_policy.is_open(policy, days, article.published_at, now);
    (article.comments_policy.under(policy), is_open)
}
