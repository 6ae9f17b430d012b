//! What the rules know of a comment beside its text.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::CommentOutcome;
use crate::domain::site::SiteCommentsPolicy;
use crate::domain::text_enum;

/// What the rules know beside the text. Times are in seconds, counts are of comments that were taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The policy that holds, once it is open at all.
    pub policy: Option<SiteCommentsPolicy>,
    pub closed: bool,
    /// By what its author is banned.
    pub banned: Option<BanKind>,
    /// Within the last minute, and for how long the oldest of those still counts.
    pub from_address: Recent,
    pub from_email: Recent,
    pub on_article: Recent,
    /// How long ago its author wrote the same.
    pub same_text_ago: Option<i64>,
    /// How often others wrote the same within a day.
    pub copies: i64,
    /// Of its author's, ever.
    pub approved: i64,
    /// Of its author's, decided within thirty days.
    pub decided: i64,
    pub rejected: i64,
    /// Whether somebody in the newsroom has its author's name.
    pub name_of_staff: bool,
    /// Whether a field was filled that people do not see.
    pub honeypot: bool,
    /// What a service of the paper's own said, where one is asked.
    pub hook: Option<HookOpinion>,
}

impl Facts {
    /// How far back copies are looked for, and how many are looked at.
    pub const COPIES: TimeDelta = TimeDelta::days(1);
    pub const MOST_COPIES: i64 = 100;
    /// How far back an author's record is looked at.
    pub const RECORD: TimeDelta = TimeDelta::days(30);
}

/// What a service of the paper's own says of a comment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookOpinion {
    pub outcome: CommentOutcome,
    /// A stable word for programs.
    pub reason: Option<String>,
    /// What it found, for people.
    pub detail: Option<String>,
}

impl HookOpinion {
    /// It said nothing that could be used, and why: nothing is held against the comment.
    #[must_use]
    pub fn unavailable(why: String) -> Self {
        Self {
            outcome: CommentOutcome::Pass,
            reason: Some("hook_unavailable".to_owned()),
            detail: Some(why),
        }
    }

    /// It was not asked, because the other rules had done with the comment. Should they think better of it meanwhile, a
    /// moderator looks at it: nobody gets round the service by being quick.
    #[must_use]
    pub fn not_asked() -> Self {
        Self {
            outcome: CommentOutcome::Hold,
            reason: Some("hook_not_asked".to_owned()),
            detail: Some("Not asked: the other rules were against it already.".to_owned()),
        }
    }
}

/// How many within a minute, and in how many seconds there will be one fewer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    pub count: i64,
    pub fewer_in: i64,
}

impl Recent {
    /// The window, in seconds.
    pub const SECONDS: i64 = 60;
    /// So far those on an article are counted, or as far as a rule asks: one that is tried later may ask for more than the one
    /// that holds.
    pub const MOST: i64 = 250;

    #[must_use]
    pub fn new(count: i64, oldest: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        let age = oldest.map_or(0, |oldest| (now - oldest).num_seconds());
        Self {
            count,
            fewer_in: (Self::SECONDS - age).clamp(1, Self::SECONDS),
        }
    }
}

text_enum! {
    /// What a ban knows somebody by.
    pub enum BanKind {
        Email = "email",
        Address = "address",
        /// A network of addresses.
        Range = "range",
    }
}
