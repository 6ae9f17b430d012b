//! What a comment's author is known by: hashes, made while the address and the e-mail address are at hand.

use std::net::IpAddr;

use crate::app::App;
use crate::auth::keyed_hash::KeyedHash;
use crate::domain::network;
use crate::newsroom::Commenter;

/// The hashes of an e-mail address and of where the caller is.
pub fn commenter(app: &App, email: Option<&str>, address: Option<IpAddr>) -> Commenter {
    Commenter {
        emails: email.map(|email| all(&app.comment_emails, email)).unwrap_or_default(),
        addresses: address.map(|address| addresses(app, address)).unwrap_or_default(),
        range: address.map(|address| {
            let range = network::neighbourhood(address).to_string();
            app.addresses.hash(range.as_bytes()).to_vec()
        }),
        networks: address.map(|address| networks(app, address)).unwrap_or_default(),
    }
}

/// The hashes of where a caller is.
pub fn addresses(app: &App, address: IpAddr) -> Vec<Vec<u8>> {
    all(&app.addresses, &network::home(address).to_string())
}

fn networks(app: &App, address: IpAddr) -> Vec<Vec<u8>> {
    network::around(address)
        .flat_map(|network| all(&app.addresses, &network.to_string()))
        .collect()
}

fn all(key: &KeyedHash, text: &str) -> Vec<Vec<u8>> {
    key.all(text.as_bytes()).map(|hash| hash.to_vec()).collect()
}
