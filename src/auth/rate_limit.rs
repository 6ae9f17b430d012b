//! How often one caller may ask: by address, which everybody has, and by credential, once it was found to be right.
//!
//! An address is a home: one IPv4 address, or an IPv6 network of 64 bits, because whoever has one address of those has all.
//! A credential counts only after it was accepted, so nobody uses up another's share, or makes room for himself by sending
//! credentials that he made up. On the desk an address may have several times what a credential has: a newsroom is often
//! one address.
//!
//! Each node counts for itself; what guesses passwords is counted by all nodes together (see
//! [`sign_ins`](super::sign_ins)), and comments by their rules. What is remembered is bounded: past [`MOST_CALLERS`] those
//! are forgotten that were seen least, so that changing addresses fills no memory. A burst may be as large as what a
//! minute allows.

mod store;

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::{StateInformationMiddleware, StateSnapshot};
use governor::{Quota, RateLimiter};
use uuid::Uuid;

use self::store::{Store, Ticks};
use crate::clock::Clock;
use crate::config::LimitsConfig;
use crate::domain::network::home;

/// How many callers of one kind are remembered at most.
pub const MOST_CALLERS: u64 = 50_000;

/// How many times a credential's share its address may have.
const NEWSROOM: u32 = 5;

/// How many accounts may be made from one address in a minute: each costs a hash.
const REGISTRATIONS: u32 = 10;

/// The seconds of a policy's window.
const WINDOW: u64 = 60;

/// What is asked for, as far as limits care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Auth,
    Register,
    ReaderWrite,
    DeskRead,
    DeskWrite,
    Delivery,
}

type Limiter = RateLimiter<u128, Store, Ticks, StateInformationMiddleware>;

/// One policy: its name and how it is counted.
struct Policy {
    name: &'static str,
    limiter: Limiter,
    store: Store,
    /// How long it takes until one more may come.
    interval: Duration,
}

/// What is left to a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The policy's name.
    pub policy: &'static str,
    /// How many in each window.
    pub quota: u32,
    /// The window, in seconds.
    pub window: u64,
    /// How many may come at once.
    pub remaining: u32,
    /// In how many seconds all of them may again.
    pub reset: u64,
}

/// Nothing is left to a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exhausted {
    pub share: Share,
    /// In how many seconds one more may come.
    pub retry_after: u64,
}

/// How often callers may ask.
pub struct Limits {
    auth: Policy,
    register: Policy,
    reader_writes: Policy,
    desk_reads: Policy,
    desk_writes: Policy,
    desk_reads_by_address: Policy,
    desk_writes_by_address: Policy,
    delivery: Option<Policy>,
}

impl Limits {
    #[must_use]
    pub fn new(config: &LimitsConfig, clock: &Clock) -> Self {
        let policy = |name, quota| Policy::new(name, quota, clock);
        Self {
            auth: policy("auth", config.auth),
            register: policy("register", REGISTRATIONS),
            reader_writes: policy("reader-writes", config.reader_writes),
            desk_reads: policy("desk-reads", config.desk_reads),
            desk_writes: policy("desk-writes", config.desk_writes),
            desk_reads_by_address: policy("desk-reads-address", config.desk_reads.saturating_mul(NEWSROOM)),
            desk_writes_by_address: policy("desk-writes-address", config.desk_writes.saturating_mul(NEWSROOM)),
            delivery: config.delivery.map(|quota| policy("delivery", quota)),
        }
    }

    /// Counts a request from this address. Nothing when such are not limited.
    ///
    /// # Errors
    /// When nothing is left to it.
    pub fn ask(&self, class: Class, address: Option<IpAddr>) -> Result<Option<Share>, Exhausted> {
        match self.of_addresses(class) {
            Some(policy) => policy.ask(number(address)).map(Some),
            None => Ok(None),
        }
    }

    /// Takes back that a request from this address was counted.
    pub fn give_back(&self, class: Class, address: Option<IpAddr>) {
        if let Some(policy) = self.of_addresses(class) {
            policy.store.give_back(number(address), policy.interval.into());
        }
    }

    /// Counts a request of this account or key on the desk.
    ///
    /// # Errors
    /// When nothing is left to it.
    pub fn ask_as(&self, writes: bool, credential: Uuid) -> Result<Share, Exhausted> {
        let policy = if writes { &self.desk_writes } else { &self.desk_reads };
        policy.ask(credential.as_u128())
    }

    /// Whether public reads are limited at all.
    #[must_use]
    pub fn limit_delivery(&self) -> bool {
        self.delivery.is_some()
    }

    fn of_addresses(&self, class: Class) -> Option<&Policy> {
        match class {
            Class::Auth => Some(&self.auth),
            Class::Register => Some(&self.register),
            Class::ReaderWrite => Some(&self.reader_writes),
            Class::DeskRead => Some(&self.desk_reads_by_address),
            Class::DeskWrite => Some(&self.desk_writes_by_address),
            Class::Delivery => self.delivery.as_ref(),
        }
    }
}

/// One number for all that counts as one caller. Whoever has no address is one caller too.
fn number(address: Option<IpAddr>) -> u128 {
    match address.map(|address| home(address).addr()) {
        Some(IpAddr::V4(address)) => address.to_ipv6_mapped().to_bits(),
        Some(IpAddr::V6(address)) => address.to_bits(),
        None => Ipv6Addr::UNSPECIFIED.to_bits(),
    }
}

impl Policy {
    fn new(name: &'static str, quota: u32, clock: &Clock) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(quota).unwrap_or(NonZeroU32::MIN));
        let store = Store::new(MOST_CALLERS);
        Self {
            name,
            limiter: Limiter::new(quota, store.clone(), Ticks(clock.clone())),
            store,
            interval: quota.replenish_interval(),
        }
    }

    fn ask(&self, caller: u128) -> Result<Share, Exhausted> {
        match self.limiter.check_key(&caller) {
            Ok(snapshot) => Ok(self.share(&snapshot)),
            Err(not_until) => {
                let quota = not_until.quota();
                let wait = not_until.wait_time_from(self.limiter.clock().now());
                let full = quota.replenish_interval().saturating_mul(quota.burst_size().get());
                Err(Exhausted {
                    share: Share {
                        policy: self.name,
                        quota: quota.burst_size().get(),
                        window: WINDOW,
                        remaining: 0,
                        reset: seconds(full),
                    },
                    retry_after: seconds(wait).max(1),
                })
            }
        }
    }

    fn share(&self, snapshot: &StateSnapshot) -> Share {
        let (quota, remaining) = (snapshot.quota(), snapshot.remaining_burst_capacity());
        let used = quota.burst_size().get().saturating_sub(remaining);
        Share {
            policy: self.name,
            quota: quota.burst_size().get(),
            window: WINDOW,
            remaining,
            reset: seconds(quota.replenish_interval().saturating_mul(used)),
        }
    }
}

/// Whole seconds, the last one begun counted.
fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests;
