//! Whom to ban, and for how long.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::domain::check::{Check, FieldError};
use crate::domain::comment_rules::BanKind;
use crate::domain::instant::Instant;
use crate::domain::network;
use crate::error::{Error, Result};
use crate::newsroom::{Banned, NewBan};

/// The longest note, in characters.
const MAX_NOTE: usize = 500;
/// The longest address, in characters.
const MAX_ADDRESS: usize = 64;
/// How long a ban of an address lasts when nothing else is said, and at most.
const ADDRESS_DAYS: i64 = 30;
const MAX_ADDRESS_DAYS: i64 = 366;

/// A new ban: of the author of a comment, of an e-mail address, or of an address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCommentBan {
    /// Bans the author of this comment, by `kind`.
    pub comment_id: Option<Uuid>,
    /// By what the author of the comment is banned. Only with `comment_id`.
    pub kind: Option<BanKind>,
    /// Bans who writes with this e-mail address.
    #[schema(format = "email", max_length = 254)]
    pub email: Option<String>,
    /// Bans who writes from this address, or from this range: `203.0.113.9`, `203.0.113.0/24` (no wider than `/8`),
    /// `2001:db8:1::/48` (no wider than `/16`).
    #[schema(min_length = 1, max_length = 64)]
    pub address: Option<String>,
    /// Why, for moderators.
    #[schema(max_length = 500)]
    pub note: Option<String>,
    /// When it ends by itself. Left out, an e-mail address is banned until that is lifted, and any other for 30 days,
    /// because addresses change hands: they are banned for 366 days at most.
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub expires_at: Option<Instant>,
}

impl NewCommentBan {
    /// The ban, checked.
    ///
    /// # Errors
    /// When it does not say who, or not for how long.
    pub fn check(self, app: &App, now: DateTime<Utc>) -> Result<NewBan> {
        let mut check = Check::new();
        let note = check.optional_line("/note", self.note.as_deref(), MAX_NOTE);
        let email = self.email.map(|email| check.email("/email", &email));
        let address = self
            .address
            .map(|address| check.line("/address", &address, MAX_ADDRESS));
        let who = match (self.comment_id, self.kind, email, address) {
            (Some(comment), Some(kind), None, None) => Some((kind, Banned::AuthorOf(comment))),
            (None, None, Some(email), None) => {
                let hash = app.comment_emails.hash(email.as_bytes());
                Some((BanKind::Email, Banned::Hash(hash.to_vec())))
            }
            (None, None, None, Some(address)) => by_address(&mut check, app, &address),
            _ => {
                let message = "must have `comment_id` with `kind`, or `email`, or `address`, and no two of them";
                check.refuse(FieldError::field("", "one_of", message));
                None
            }
        };
        let kind = who.as_ref().map(|(kind, _)| *kind);
        let expires_at = end(&mut check, kind, self.expires_at.map(|at| at.0), now);
        check.done().map_err(Error::invalid)?;
        let (kind, banned) = who.ok_or_else(|| Error::invalid(Vec::new()))?;
        Ok(NewBan {
            kind,
            banned,
            note,
            expires_at,
        })
    }
}

fn by_address(check: &mut Check, app: &App, address: &str) -> Option<(BanKind, Banned)> {
    let Some(network) = network::parse(address) else {
        let message = "must be an address like `203.0.113.9`, or a range like `203.0.113.0/24`, no wider than `/8` \
                       (IPv6: `/16`)";
        check.refuse(FieldError::field("/address", "invalid_address", message));
        return None;
    };
    let kind = match network::is_home(network) {
        true => BanKind::Address,
        false => BanKind::Range,
    };
    let hash = app.addresses.hash(network.to_string().as_bytes());
    Some((kind, Banned::Hash(hash.to_vec())))
}

fn end(
    check: &mut Check,
    kind: Option<BanKind>,
    given: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let by_address = kind.is_some_and(|kind| kind != BanKind::Email);
    let Some(end) = given else {
        return by_address.then(|| now + TimeDelta::days(ADDRESS_DAYS));
    };
    if end <= now {
        check.refuse(FieldError::field("/expires_at", "in_the_past", "must be in the future"));
    }
    if by_address && end > now + TimeDelta::days(MAX_ADDRESS_DAYS) {
        let message = format!("must be within {MAX_ADDRESS_DAYS} days: addresses change hands");
        check.refuse(FieldError::field("/expires_at", "out_of_range", message));
    }
    Some(end)
}
