//! How many wrong passwords are too many, and for whom.
//!
//! Two things are wanted that pull apart: nobody may guess on, from however many addresses; and nobody who does may keep
//! the account's owner out. A limit by account alone is a switch that strangers can turn off somebody's account with; a
//! limit by address alone costs a guesser one address more. So
//!
//! - an **address** has few wrong passwords a minute, whichever accounts it tries, and a few more for accounts that were
//!   signed in to from its network before: colleagues behind one address who mistype are not kept out by one who guesses;
//! - an **account** has few wrong passwords in a quarter of an hour from networks that are **strange** to it, all of them
//!   together. Where the owner signed in before is not strange, and is never counted there: whatever strangers do, the
//!   owner gets in from home and from the desk. Only from a new place, while a guesser is at work, must they wait.
//!
//! Right passwords are not counted. An account that does not exist is counted as one that does, so that nothing is learned
//! from being refused.

use chrono::{DateTime, TimeDelta, Utc};

/// The window of an address.
pub const ADDRESS_WINDOW: TimeDelta = TimeDelta::minutes(1);
/// The window of an account.
pub const ACCOUNT_WINDOW: TimeDelta = TimeDelta::minutes(15);
/// How many wrong passwords may come from one address where it is strange to the account.
const STRANGE: usize = 5;
/// How many, these included, where it is not.
pub const FAMILIAR: usize = 10;
/// How many may come for one account from everywhere that is strange to it.
pub const ACCOUNT: usize = 20;

/// For how many seconds a password is not even looked at; nothing when it is.
///
/// `from_address` and `of_strangers` are the instants of wrong passwords within the windows, newest first.
#[must_use]
pub fn wait(
    now: DateTime<Utc>,
    familiar: bool,
    from_address: &[DateTime<Utc>],
    of_strangers: &[DateTime<Utc>],
) -> Option<i64> {
    let allowed = if familiar { FAMILIAR } else { STRANGE };
    let by_address = until_fewer(from_address, allowed, ADDRESS_WINDOW);
    let by_account = until_fewer(of_strangers, ACCOUNT, ACCOUNT_WINDOW).filter(|_| !familiar);
    let until = by_address.max(by_account)?;
    Some((until - now).num_seconds().max(0) + 1)
}

/// When fewer than `allowed` of these will be within their window; nothing when they are already.
fn until_fewer(newest_first: &[DateTime<Utc>], allowed: usize, window: TimeDelta) -> Option<DateTime<Utc>> {
    let last_in_the_way = newest_first.get(allowed.checked_sub(1)?)?;
    Some(*last_in_the_way + window)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).expect("an instant")
    }

    fn newest_first(count: i64) -> Vec<DateTime<Utc>> {
        (0..count).rev().map(at).collect()
    }

    #[test]
    fn an_address_waits_until_one_of_its_failures_is_a_minute_old() {
        assert_eq!(wait(at(10), false, &newest_first(4), &[]), None);
        assert_eq!(wait(at(10), false, &newest_first(5), &[]), Some(51));
        assert_eq!(wait(at(10), false, &newest_first(7), &[]), Some(53));
    }

    #[test]
    fn where_the_owner_was_before_there_is_room_for_a_few_more() {
        assert_eq!(wait(at(10), true, &newest_first(9), &[]), None);
        assert_eq!(wait(at(10), true, &newest_first(10), &[]), Some(51));
    }

    #[test]
    fn strangers_share_what_an_account_has_and_never_keep_its_owner_out() {
        assert_eq!(wait(at(30), false, &[], &newest_first(19)), None);
        assert_eq!(wait(at(30), false, &[], &newest_first(20)), Some(871));
        assert_eq!(wait(at(30), true, &[], &newest_first(20)), None);
    }
}
