//! Everything by one author.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Condition;
use crate::db::schema::comments;
use crate::db::{Connection, Result};

/// An author, by the surest of what is known of them: each has an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorOf {
    Account(Uuid),
    /// The keyed hash of an e-mail address.
    Email(Vec<u8>),
    /// The keyed hash of an address, while it is kept.
    Address(Vec<u8>),
    /// Nothing is known of the author of this comment: no other is theirs.
    Unknown(Uuid),
}

impl AuthorOf {
    /// That a comment is theirs.
    pub(super) fn wrote(&self) -> Condition<'_> {
        match self {
            Self::Account(user) => Box::new(comments::user_id.eq(user)),
            Self::Email(hash) => Box::new(comments::author_email_hash.eq(hash)),
            Self::Address(hash) => Box::new(comments::address_hash.eq(hash)),
            Self::Unknown(comment) => Box::new(comments::id.eq(comment).nullable()),
        }
    }
}

/// The author of a comment. One that is not there was written by nobody else.
///
/// # Errors
/// When the database fails.
pub async fn author_of(conn: &mut Connection, comment: Uuid) -> Result<AuthorOf> {
    type Known = (Option<Uuid>, Option<Vec<u8>>, Option<Vec<u8>>);
    let known: Option<Known> = comments::table
        .find(comment)
        .select((comments::user_id, comments::author_email_hash, comments::address_hash))
        .first(conn)
        .await
        .optional()?;
    Ok(match known.unwrap_or_default() {
        (Some(user), _, _) => AuthorOf::Account(user),
        (None, Some(email), _) => AuthorOf::Email(email),
        (None, None, Some(address)) => AuthorOf::Address(address),
        (None, None, None) => AuthorOf::Unknown(comment),
    })
}
