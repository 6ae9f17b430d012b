//! What a comment's author is known by: hashes, made while the address and the e-mail address are at hand.

use std::net::IpAddr;

use uuid::Uuid;

use crate::app::App;
use crate::auth::keyed_hash::KeyedHash;
use crate::db::{self, Connection};
use crate::domain::comment::{reported_by, unproven};
use crate::domain::network;
use crate::error::Result;
use crate::newsroom::Commenter;

/// What an author is known by.
#[derive(Clone, Debug)]
pub enum Known<'a> {
    /// By the e-mail address that they gave, or none.
    Claimed(Option<&'a str>),
    /// By the e-mail address of the account that they signed in to; what the newsroom writes is its own, not that of the
    /// person's address.
    SignedIn(Uuid, Option<&'a str>),
}

/// The hashes of an e-mail address and of where the caller is.
///
/// # Errors
/// When the database fails.
pub async fn commenter(conn: &Connection, app: &App, known: Known<'_>, address: Option<IpAddr>) -> Result<Commenter> {
    let hashes = |email: &str| all(&app.comment_emails, email);
    let found = here(app, address);
    Ok(match known {
        Known::SignedIn(user, email) => Commenter {
            user: Some(user),
            emails: email.map(hashes).unwrap_or_default(),
            ..found
        },
        Known::Claimed(None) => found,
        Known::Claimed(Some(email)) if db::users::find_by_email(conn, email).await?.is_some() => Commenter {
            emails: hashes(&unproven(email)),
            unproven: hashes(email),
            ..found
        },
        Known::Claimed(Some(email)) => Commenter {
            emails: hashes(email),
            ..found
        },
    })
}

/// The hashes of where a caller is.
pub fn here(app: &App, address: Option<IpAddr>) -> Commenter {
    Commenter {
        addresses: address.map(|address| addresses(app, address)).unwrap_or_default(),
        range: address.map(|address| {
            let range = network::neighbourhood(address).to_string();
            app.addresses.hash(range.as_bytes()).to_vec()
        }),
        networks: address.map(|address| networks(app, address)).unwrap_or_default(),
        ..Commenter::default()
    }
}

/// The hashes of where a caller is.
pub fn addresses(app: &App, address: IpAddr) -> Vec<Vec<u8>> {
    all(&app.addresses, &network::home(address).to_string())
}

/// The hashes that tell one who reports from another: of their account, or else of where they are.
pub fn reporter(app: &App, user: Option<Uuid>, commenter: &Commenter) -> Vec<Vec<u8>> {
    match user {
        Some(user) => all(&app.addresses, &reported_by(user)),
        None => commenter.addresses.clone(),
    }
}

fn networks(app: &App, address: IpAddr) -> Vec<Vec<u8>> {
    network::around(address)
        .flat_map(|network| all(&app.addresses, &network.to_string()))
        .collect()
}

fn all(key: &KeyedHash, text: &str) -> Vec<Vec<u8>> {
    key.all(text.as_bytes()).map(|hash| hash.to_vec()).collect()
}
