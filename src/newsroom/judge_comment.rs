//! What the rules say about a comment: what they must know is gathered, and what they refuse is not kept.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::comments::transition;
use super::{Refusal, Result};
use crate::db::commenters::{self, Author};
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::check::FieldError;
use crate::domain::comment::CommentStatus;
use crate::domain::comment_rules::{
    CommentRule, Decision, Facts, Recent, Remark, RuleSet, refusal, sounds_like, text_hash,
};

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

/// Judges a comment that is about to be added to `article`, within a transaction. `facts` is what is known of the place.
///
/// # Errors
/// When it is not even kept.
pub(super) async fn judge_new(
    conn: &mut Connection,
    act: &Act,
    rules: &RuleSet,
    (article, remark): (Uuid, Remark<'_>),
    commenter: &Commenter,
    facts: Facts,
) -> Result<Judgement> {
    if !facts.closed && !commenters::enter(conn, &commenter.keys()).await? {
        return Err(busy());
    }
    weigh(conn, act, rules, (article, remark), commenter, facts).await
}

/// The same without keeping others of the same author out meanwhile.
///
/// # Errors
/// When it is not even kept.
pub(super) async fn weigh(
    conn: &mut Connection,
    act: &Act,
    rules: &RuleSet,
    (article, remark): (Uuid, Remark<'_>),
    commenter: &Commenter,
    facts: Facts,
) -> Result<Judgement> {
    if facts.closed {
        return Err(refused(&facts, &rules.judge(&facts, remark)).unwrap_or_else(busy));
    }
    let now = act.now;
    let facts = Facts {
        from_address: match commenter.addresses.as_slice() {
            [] => Recent::default(),
            addresses => commenters::from_address(conn, addresses, now).await?,
        },
        from_email: match commenter.emails.as_slice() {
            [] => Recent::default(),
            emails => commenters::from_email(conn, emails, now).await?,
        },
        on_article: commenters::on_article(conn, article, now).await?,
        ..facts
    };
    judge(conn, act, rules, (None, remark), commenter, facts).await
}

/// Judges a comment that was changed: what is said, and by whom; not how often they write.
///
/// # Errors
/// When the text is not accepted.
pub(super) async fn judge_changed(
    conn: &mut Connection,
    act: &Act,
    rules: &RuleSet,
    (changed, remark): (Uuid, Remark<'_>),
    commenter: &Commenter,
    facts: Facts,
) -> Result<Judgement> {
    judge(conn, act, rules, (Some(changed), remark), commenter, facts).await
}

/// Judges what is said, and by whom. `changed` is the comment that said something else until now.
async fn judge(
    conn: &mut Connection,
    act: &Act,
    rules: &RuleSet,
    (changed, remark): (Option<Uuid>, Remark<'_>),
    commenter: &Commenter,
    facts: Facts,
) -> Result<Judgement> {
    let mut facts = Facts {
        banned: commenters::banned(conn, &commenter.bannable(), act.now).await?,
        ..facts
    };
    look_for_copies(conn, act, commenter, (changed, &text_hash(remark.body)), &mut facts).await?;
    look_up_author(conn, act, commenter, &mut facts).await?;
    let staff = db::users::names_of_staff(conn).await?;
    facts.name_of_staff = staff.iter().any(|name| sounds_like(name, remark.author_name));
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

async fn look_for_copies(
    conn: &mut Connection,
    act: &Act,
    commenter: &Commenter,
    (changed, text): (Option<Uuid>, &[u8]),
    facts: &mut Facts,
) -> Result<()> {
    let copies = commenters::copies(conn, text, changed, act.now - COPIES, MOST_COPIES).await?;
    let known = |hash: &Option<Vec<u8>>, hashes: &[Vec<u8>]| hash.as_ref().is_some_and(|hash| hashes.contains(hash));
    let is_own = |copy: &&commenters::Copy| {
        known(&copy.address_hash, &commenter.addresses)
            || known(&copy.author_email_hash, &commenter.emails)
            || (copy.user_id.is_some() && copy.user_id == commenter.user)
    };
    let newest: Option<DateTime<Utc>> = copies.iter().find(is_own).map(|copy| copy.created_at);
    facts.same_text_ago = newest.map(|newest| (act.now - newest).num_seconds().max(0));
    facts.copies = i64::try_from(copies.iter().filter(|copy| !is_own(copy)).count()).unwrap_or(i64::MAX);
    Ok(())
}

async fn look_up_author(conn: &mut Connection, act: &Act, commenter: &Commenter, facts: &mut Facts) -> Result<()> {
    let record = commenters::record(conn, commenter.author(), act.now - RECORD).await?;
    for (status, ever, of_late) in record {
        match status {
            CommentStatus::Approved => {
                facts.approved = ever;
                facts.decided += of_late;
            }
            CommentStatus::Rejected => {
                facts.rejected = of_late;
                facts.decided += of_late;
            }
            CommentStatus::Pending | CommentStatus::Removed => {}
        }
    }
    // Who is known by an address alone may be anybody behind it: none of them is trusted for the others.
    if commenter.user.is_none() && commenter.emails.is_empty() {
        facts.approved = 0;
    }
    Ok(())
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

fn busy() -> Refusal {
    Refusal::TooMany {
        detail: "Another comment of yours is being taken this moment.".to_owned(),
        retry_after: 1,
    }
}

/// What the site and the article say, as far as rules must know it.
pub(super) async fn policy(
    conn: &mut Connection,
    article: &db::comment_threads::ThreadArticle,
    now: DateTime<Utc>,
) -> Result<Facts> {
    let site = db::site::load(conn).await?;
    let (policy, days) = (site.comments_policy, site.comments_close_after_days);
    let open = article.comments_policy.is_open(policy, days, article.published_at, now);
    Ok(Facts {
        policy: Some(article.comments_policy.under(policy)),
        closed: !open,
        ..Facts::default()
    })
}
