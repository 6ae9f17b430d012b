//! Limits, by a clock moved by hand.

use chrono::{DateTime, TimeDelta};

use super::*;

fn limits(delivery: Option<u32>) -> (Limits, Clock) {
    let clock = Clock::manual(DateTime::from_timestamp(1_800_000_000, 0).expect("an instant"));
    let config = LimitsConfig {
        auth: 3,
        delivery,
        ..LimitsConfig::default()
    };
    (Limits::new(&config, &clock), clock)
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

#[test]
fn what_a_minute_allows_may_come_at_once_and_comes_back_evenly() {
    let (limits, clock) = limits(None);
    let ask = || limits.ask(Class::Auth, Some(ip("203.0.113.9")));
    let left: Vec<u32> = (0..3)
        .map(|_| ask().expect("a share").expect("limited").remaining)
        .collect();
    assert_eq!(left, [2, 1, 0]);
    let refused = ask().expect_err("too many");
    assert_eq!(
        (refused.retry_after, refused.share.quota, refused.share.window),
        (20, 3, 60)
    );
    clock.advance(TimeDelta::seconds(20));
    assert!(ask().is_ok());
    assert!(ask().is_err());
}

#[test]
fn an_address_is_a_home() {
    let (limits, _) = limits(None);
    for last in 0..3 {
        assert!(
            limits
                .ask(Class::Auth, Some(ip(&format!("2001:db8:1:2::{last}"))))
                .is_ok()
        );
    }
    assert!(limits.ask(Class::Auth, Some(ip("2001:db8:1:2:ffff::9"))).is_err());
    assert!(limits.ask(Class::Auth, Some(ip("2001:db8:1:3::9"))).is_ok());
    for _ in 0..3 {
        assert!(limits.ask(Class::Auth, Some(ip("203.0.113.9"))).is_ok());
    }
    assert!(limits.ask(Class::Auth, Some(ip("::ffff:203.0.113.9"))).is_err());
    assert!(limits.ask(Class::Auth, Some(ip("203.0.113.10"))).is_ok());
}

#[test]
fn what_is_given_back_was_never_taken() {
    let (limits, clock) = limits(Some(2));
    let address = Some(ip("203.0.113.9"));
    let ask = || {
        let share = limits.ask(Class::Delivery, address);
        share.map(|share| share.expect("limited").remaining)
    };
    limits.give_back(Class::Delivery, address);
    for _ in 0..5 {
        assert_eq!(ask(), Ok(1));
        limits.give_back(Class::Delivery, address);
    }
    assert_eq!((ask(), ask()), (Ok(1), Ok(0)));
    assert!(ask().is_err());
    limits.give_back(Class::Delivery, address);
    assert_eq!(ask(), Ok(0));
    // Given back long after, it is no more than everything.
    clock.advance(TimeDelta::minutes(5));
    limits.give_back(Class::Delivery, address);
    assert_eq!((ask(), ask()), (Ok(1), Ok(0)));
    assert!(ask().is_err());
}

#[test]
fn delivery_is_limited_only_when_that_is_set() {
    let (limits, _) = limits(None);
    for _ in 0..2000 {
        assert_eq!(limits.ask(Class::Delivery, Some(ip("203.0.113.9"))), Ok(None));
    }
}

#[test]
fn changing_addresses_fills_no_memory() {
    let (limits, _) = limits(None);
    for number in 0..u32::try_from(MOST_CALLERS).expect("small") * 4 {
        let address = IpAddr::V4(std::net::Ipv4Addr::from_bits(number));
        assert!(limits.ask(Class::Auth, Some(address)).is_ok());
    }
    assert!(limits.auth.store.len() <= usize::try_from(MOST_CALLERS).expect("small"));
}
