//! Addresses of machines, and the networks around them. A home has one IPv4 address or one IPv6 network of 64 bits.

use std::net::IpAddr;

use ipnet::IpNet;

/// What counts as one caller.
#[must_use]
pub fn home(address: IpAddr) -> IpNet {
    let address = address.to_canonical();
    network(address, if address.is_ipv4() { 32 } else { 64 })
}

/// What a provider gives to one neighbourhood: the range that is banned with an address's neighbours.
#[must_use]
pub fn neighbourhood(address: IpAddr) -> IpNet {
    let address = address.to_canonical();
    network(address, if address.is_ipv4() { 24 } else { 48 })
}

/// Every network that a ban may name and that the caller lives in.
pub fn around(address: IpAddr) -> impl Iterator<Item = IpNet> {
    let address = address.to_canonical();
    let lengths = if address.is_ipv4() { 8..=31 } else { 16..=63 };
    lengths.map(move |length| network(address, length))
}

/// Reads an address or a network (`203.0.113.0/24`) that a ban may name: none wider than [`around`] looks.
#[must_use]
pub fn parse(text: &str) -> Option<IpNet> {
    let text = text.trim();
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(home(address));
    }
    let network: IpNet = text.parse::<IpNet>().ok()?.trunc();
    let (widest, narrowest) = match network {
        IpNet::V4(_) => (8, 32),
        IpNet::V6(_) => (16, 64),
    };
    (network.prefix_len() >= widest).then(|| self::network(network.addr(), network.prefix_len().min(narrowest)))
}

/// Whether a network is what counts as one caller.
#[must_use]
pub fn is_home(network: IpNet) -> bool {
    home(network.addr()) == network
}

fn network(address: IpAddr, length: u8) -> IpNet {
    // The lengths here fit their kinds; a single address is the answer to what cannot be.
    IpNet::new(address, length).map_or_else(|_| address.into(), |network| network.trunc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_home_is_an_address_or_a_network_of_64_bits() {
        assert_eq!(home(ip("203.0.113.9")).to_string(), "203.0.113.9/32");
        assert_eq!(home(ip("::ffff:203.0.113.9")).to_string(), "203.0.113.9/32");
        assert_eq!(home(ip("2001:db8:1:2:3::9")).to_string(), "2001:db8:1:2::/64");
        assert_eq!(neighbourhood(ip("203.0.113.9")).to_string(), "203.0.113.0/24");
        assert_eq!(neighbourhood(ip("2001:db8:1:2:3::9")).to_string(), "2001:db8:1::/48");
    }

    #[test]
    fn a_ban_names_what_its_caller_lives_in() {
        for (text, caller) in [
            ("203.0.113.77/24", "203.0.113.9"),
            ("10.0.0.0/8", "10.9.8.7"),
            ("2001:db8::/32", "2001:db8:1::1"),
        ] {
            let banned = parse(text).expect(text);
            assert!(around(ip(caller)).any(|network| network == banned), "{text}");
            assert!(!is_home(banned));
        }
        for text in [
            "203.0.113.9",
            "203.0.113.9/32",
            "2001:db8:1:2::5",
            "2001:db8:1:2:3::/80",
        ] {
            assert!(is_home(parse(text).expect(text)), "{text}");
        }
        for text in [
            "",
            "203.0.113",
            "0.0.0.0/0",
            "10.0.0.0/7",
            "::/0",
            "203.0.113.0/33",
            "example.com",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
