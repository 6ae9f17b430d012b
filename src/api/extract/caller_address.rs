//! Where a request comes from.

use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderName, X_FORWARDED_FOR};
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{Ready, ready};
use ipnet::IpNet;

use crate::app::Shared;
use crate::error::{Error, Result};

const FORWARDED: HeaderName = X_FORWARDED_FOR;

/// The caller's address: that of the connection, or what the proxies say that the settings trust.
pub struct CallerAddress(pub Option<IpAddr>);

impl CallerAddress {
    /// Reads it from a request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let Some(peer) = request.peer_addr().map(|peer| peer.ip().to_canonical()) else {
            return Self(None);
        };
        let trusted = request
            .app_data::<Shared>()
            .map(|app| app.config.http.trusted_proxies.as_slice());
        let headers = request
            .headers()
            .get_all(FORWARDED)
            .filter_map(|value| value.to_str().ok());
        let said: Vec<&str> = headers.flat_map(|value| value.split(',')).collect();
        Self(Some(behind(peer, &said, trusted.unwrap_or_default())))
    }
}

/// The last address that no trusted proxy has: whoever is in front of the proxies can only write before it.
fn behind(peer: IpAddr, said: &[&str], trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut caller = peer;
    for hop in said.iter().rev() {
        if !is_trusted(&caller) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => caller = address.to_canonical(),
            Err(_) => break,
        }
    }
    caller
}

impl FromRequest for CallerAddress {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let trusted: [IpNet; 2] = [
            "10.0.0.0/8".parse().expect("a network"),
            "127.0.0.1/32".parse().expect("a network"),
        ];
        for (peer, said, caller) in [
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("127.0.0.1", "192.0.2.66, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
            ("127.0.0.1", "10.9.9.9", "10.9.9.9"),
            ("127.0.0.1", "nonsense", "127.0.0.1"),
            ("127.0.0.1", "", "127.0.0.1"),
            ("127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ] {
            let said: Vec<&str> = said.split(',').collect();
            assert_eq!(behind(ip(peer), &said, &trusted), ip(caller), "{peer} {said:?}");
        }
        assert_eq!(behind(ip("127.0.0.1"), &["198.51.100.1"], &[]), ip("127.0.0.1"));
    }
}
