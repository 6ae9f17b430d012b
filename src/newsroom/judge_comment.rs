//! What the rules say about a comment: what they must know is gathered, and what they refuse is not kept.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{try_join, try_join3, try_join4};
use uuid::Uuid;

use super::comments::transition;
use super::{Refusal, Result};
use crate::db::commenters::{self, Author};
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::check::FieldError;
use crate::domain::comment::CommentStatus;
use crate::domain::comment_rules::{CommentRule, Decision, Facts, Remark, RuleSet, refusal, sounds_like, text_hash};
use crate::domain::site::SiteCommentsPolicy;

/// How far back an author's record is looked at.
const RECORD: TimeDelta = TimeDelta::days(30);
/// How far back copies are looked for, and how many are looked at.
const COPIES: TimeDelta = TimeDelta::days(1);
const MOST_COPIES: i64 = 100;

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
    fn keys(&self) -> Vec<i64> {
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

/// Keeps other comments of the same author out until the transaction ends: they are judged one after the other.
///
/// # Errors
/// When another one is being taken.
pub(super) async fn enter(conn: &Connection, commenter: &Commenter) -> Result<()> {
    match commenters::enter(conn, &commenter.keys()).await? {
        true => Ok(()),
        false => Err(Refusal::TooMany {
            detail: "Another comment of yours is being taken this moment.".to_owned(),
            retry_after: 1,
        }),
    }
}

/// What is known of a comment that is about to be added to `article`, and of its author. No question waits for the answer
/// to another.
///
/// # Errors
/// When the database fails.
pub(super) async fn facts_of_new(
    conn: &Connection,
    act: &Act,
    (article, remark): (Uuid, Remark<'_>),
    commenter: &Commenter,
) -> Result<Facts> {
    let often = try_join3(
        commenters::from_address(conn, &commenter.addresses, act.now),
        commenters::from_email(conn, &commenter.emails, act.now),
        commenters::on_article(conn, article, act.now),
    );
    let often = async { Ok(often.await?) };
    let facts = facts_of(conn, act, (None, remark), commenter);
    let (facts, (from_address, from_email, on_article)) = try_join(facts, often).await?;
    Ok(Facts {
        from_address,
        from_email,
        on_article,
        ..facts
    })
}

/// What is known of what a comment says and of its author, but not how often they write. `changed` is the comment that said
/// something else until now.
///
/// # Errors
/// When the database fails.
pub(super) async fn facts_of(
    conn: &Connection,
    act: &Act,
    (changed, remark): (Option<Uuid>, Remark<'_>),
    commenter: &Commenter,
) -> Result<Facts> {
    let (bannable, text) = (commenter.bannable(), text_hash(remark.body));
    let (banned, copies, record, staff) = try_join4(
        commenters::banned(conn, &bannable, act.now),
        commenters::copies(conn, &text, changed, act.now - COPIES, MOST_COPIES),
        commenters::record(conn, commenter.author(), act.now - RECORD),
        db::users::names_of_staff(conn),
    )
    .await?;
    let mut facts = Facts {
        banned,
        name_of_staff: staff.iter().any(|name| sounds_like(name, remark.author_name)),
        ..Facts::default()
    };
    count_copies(&copies, act, commenter, &mut facts);
    count_record(&record, commenter, &mut facts);
    Ok(facts)
}

fn count_copies(copies: &[commenters::Copy], act: &Act, commenter: &Commenter, facts: &mut Facts) {
    let known = |hash: &Option<Vec<u8>>, hashes: &[Vec<u8>]| hash.as_ref().is_some_and(|hash| hashes.contains(hash));
    let is_own = |copy: &&commenters::Copy| {
        known(&copy.address_hash, &commenter.addresses)
            || known(&copy.author_email_hash, &commenter.emails)
            || (copy.user_id.is_some() && copy.user_id == commenter.user)
    };
    let newest: Option<DateTime<Utc>> = copies.iter().find(is_own).map(|copy| copy.created_at);
    facts.same_text_ago = newest.map(|newest| (act.now - newest).num_seconds().max(0));
    facts.copies = i64::try_from(copies.iter().filter(|copy| !is_own(copy)).count()).unwrap_or(i64::MAX);
}

fn count_record(record: &[(CommentStatus, i64, i64)], commenter: &Commenter, facts: &mut Facts) {
    for (status, ever, of_late) in record {
        match status {
            CommentStatus::Approved => {
                facts.approved += ever;
                facts.decided += of_late;
            }
            CommentStatus::Rejected => {
                facts.rejected += of_late;
                facts.decided += of_late;
            }
            CommentStatus::Pending | CommentStatus::Removed => {}
        }
    }
    // Who is known by an address alone may be anybody behind it: none of them is trusted for the others.
    if commenter.user.is_none() && commenter.emails.is_empty() {
        facts.approved = 0;
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
    let (policy, days) = (site.comments_policy, site.comments_close_after_days);
    let is_open = article.comments_policy.is_open(policy, days, article.published_at, now);
    Ok((article.comments_policy.under(policy), is_open))
}
