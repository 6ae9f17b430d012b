//! Who may have a password looked at: each look costs tens of milliseconds and many MiB, and may be a guess.
//!
//! What is too many [`sign_in_limit`](crate::domain::sign_in_limit) says. What is counted stands in the database, so that
//! all nodes count together. Those who ask from one address stand in one line while their passwords are looked at: a password
//! counts as wrong until it is found right, and colleagues who sign in at the same time would use up what all of them may
//! get wrong. An address is what the connection says, or a proxy that the settings trust:
//! no header of a stranger's is believed, so none makes another caller of him. An account is its e-mail address in its one
//! spelling: neither case nor another spelling makes another account of it.

use std::net::IpAddr;

use tokio::sync::{Mutex, MutexGuard};
use uuid::Uuid;

use super::AuthError;
use super::keyed_hash::{Hash, KeyedHash};
use crate::clock::{Clock, new_id};
use crate::config::Secrets;
use crate::db::sign_ins::FailureRow;
use crate::db::{self, Connection, Pool};
use crate::domain::email::email;
use crate::domain::network::{home, neighbourhood};
use crate::domain::sign_in_limit::{ACCOUNT, ACCOUNT_WINDOW, ADDRESS_WINDOW, FAMILIAR, wait};

/// How many lines there are: two addresses rarely share one, and wait for each other then.
const LINES: usize = 256;

/// Counts wrong passwords.
pub struct SignIns {
    /// Not at all, where callers are not limited.
    counts: bool,
    clock: Clock,
    accounts: KeyedHash,
    places: KeyedHash,
    lines: Vec<Mutex<()>>,
}

/// Somebody at the head of a line, whose password may be looked at. It counts as a wrong one until it is taken back:
/// whoever hangs up before the answer has tried all the same.
#[must_use]
pub struct Attempt<'a> {
    standing: Option<Standing<'a>>,
}

struct Standing<'a> {
    failure: FailureRow,
    network: Hash,
    _line: MutexGuard<'a, ()>,
}

impl SignIns {
    #[must_use]
    pub fn new(secrets: &Secrets, clock: Clock, counts: bool) -> Self {
        Self {
            counts,
            clock,
            accounts: KeyedHash::new(secrets, "sign-in-account"),
            places: KeyedHash::new(secrets, "sign-in-place"),
            lines: (0..LINES).map(|_| Mutex::new(())).collect(),
        }
    }

    /// Waits in the line of `address`, and asks whether a password for the account with this e-mail address, in any
    /// spelling, may be looked at. No connection is held after that.
    ///
    /// # Errors
    /// When there were too many wrong ones, or the database cannot tell.
    pub async fn enter(&self, pool: &Pool, address: Option<IpAddr>, account: &str) -> Result<Attempt<'_>, AuthError> {
        if !self.counts {
            return Ok(Attempt { standing: None });
        }
        let place = |network: Option<String>| network.unwrap_or_default();
        let from = self
            .places
            .hash(place(address.map(|address| home(address).to_string())).as_bytes());
        let network = place(address.map(|address| neighbourhood(address).to_string()));
        let networks: Vec<Vec<u8>> = self.places.all(network.as_bytes()).map(|hash| hash.to_vec()).collect();
        // What is no address is nobody's: all such share one name.
        let account = email(account).unwrap_or_default();
        let of = self.accounts.hash(account.as_bytes());
        let line = self
            .line(&from)
            .ok_or_else(|| AuthError::Internal("there is no line".to_owned()))?;
        let line = line.lock().await;
        let now = self.clock.now();
        let mut conn = pool.get().await?;
        let failure = FailureRow {
            id: new_id(now),
            at: now,
            account_hash: of.to_vec(),
            address_hash: from.to_vec(),
            familiar: db::sign_ins::is_familiar(&mut conn, &account, &networks).await?,
        };
        // Asked before it is noted, so that whoever is refused has written nothing; and again afterwards, so that of many
        // who came at once, to whichever nodes, none was overlooked.
        if let Some(seconds) = must_wait(&mut conn, &failure).await? {
            return Err(AuthError::TooManyAttempts(seconds));
        }
        db::sign_ins::fail(&mut conn, &failure).await?;
        if let Some(seconds) = must_wait(&mut conn, &failure).await? {
            db::sign_ins::take_back(&mut conn, failure.id).await?;
            return Err(AuthError::TooManyAttempts(seconds));
        }
        db::sign_ins::forget_failures(&mut conn, now - ACCOUNT_WINDOW).await?;
        let standing = Standing {
            failure,
            network: self.places.hash(network.as_bytes()),
            _line: line,
        };
        Ok(Attempt {
            standing: Some(standing),
        })
    }

    fn line(&self, address: &Hash) -> Option<&Mutex<()>> {
        let [first, ..] = *address;
        self.lines.get(usize::from(first) % LINES)
    }
}

impl Attempt<'_> {
    /// The password was right: it is not counted, and from here this account is not asked as a stranger any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn succeeded(self, pool: &Pool, user: Uuid) -> Result<(), AuthError> {
        if let Some(Standing { failure, network, .. }) = &self.standing {
            let mut conn = pool.get().await?;
            db::sign_ins::take_back(&mut conn, failure.id).await?;
            db::sign_ins::remember(&mut conn, user, network, failure.at).await?;
        }
        Ok(())
    }
}

/// For how many seconds no password is looked at for the sake of this one, itself not counted.
async fn must_wait(conn: &mut Connection, next: &FailureRow) -> Result<Option<i64>, AuthError> {
    let since = next.at - ADDRESS_WINDOW;
    let from_address = db::sign_ins::failures_from(conn, next, since, most(FAMILIAR)).await?;
    let since = next.at - ACCOUNT_WINDOW;
    let of_strangers = db::sign_ins::strange_failures_of(conn, next, since, most(ACCOUNT)).await?;
    Ok(wait(next.at, next.familiar, &from_address, &of_strangers))
}

fn most(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
