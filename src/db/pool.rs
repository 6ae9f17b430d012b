//! The pool of connections, and what every connection is told when it opens.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{PoolError as LoanError, TimeoutType, Timeouts};
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::{Object, Pool as Deadpool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use futures_util::FutureExt;
use futures_util::future::select_ok;

use super::tls::{Target, TargetError};

/// A connection on loan from the pool.
pub type Pooled = Object<AsyncPgConnection>;

/// How the pool behaves.
#[derive(Clone, Debug)]
pub struct PoolOptions {
    /// Connections at most.
    pub size: usize,
    /// In how many shares they are held: one for each thread that answers requests, and one for all others.
    pub shares: usize,
    /// How long a request waits for a free connection.
    pub wait: Duration,
    /// How long opening a connection may take.
    pub connect_timeout: Duration,
    /// How long PostgreSQL works on one statement before it gives up.
    pub statement_timeout: Duration,
}

/// No connection was to be had.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// All are in use and stayed so.
    #[error("all database connections stayed busy")]
    Busy,
    /// PostgreSQL cannot be reached.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
}

/// Connections to one database.
///
/// A connection is driven by the thread that opened it: used by another, each statement wakes both. So every thread has a
/// share of its own, and takes from the others' only when that is in use.
#[derive(Clone)]
pub struct Pool {
    shares: Arc<[Deadpool<AsyncPgConnection>]>,
    target: Target,
}

impl Pool {
    /// A pool that opens its connections when they are first needed.
    ///
    /// # Errors
    /// When the URL cannot be used.
    pub fn new(url: &str, options: &PoolOptions) -> Result<Self, TargetError> {
        let target = prepare(Target::parse(url)?, options);
        let shares = options.shares.clamp(1, options.size.max(1));
        let each = (0..shares).map(|share| {
            // What does not divide evenly goes to the first ones.
            let size = options.size / shares + usize::from(share < options.size % shares);
            Self::share(&target, options, size)
        });
        Ok(Self {
            shares: each.collect::<Result<_, _>>()?,
            target,
        })
    }

    fn share(target: &Target, options: &PoolOptions, size: usize) -> Result<Deadpool<AsyncPgConnection>, TargetError> {
        let mut manager = ManagerConfig::default();
        // A check query on each loan would double the cost of a read; a dead connection shows itself when it is used.
        manager.recycling_method = RecyclingMethod::Fast;
        let theirs = target.clone();
        manager.custom_setup = Box::new(move |_| {
            let target = theirs.clone();
            async move { open(&target).await }.boxed()
        });
        let manager = AsyncDieselConnectionManager::new_with_config("", manager);
        Deadpool::builder(manager)
            .max_size(size)
            .wait_timeout(Some(options.wait))
            .create_timeout(Some(options.connect_timeout))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| TargetError::Pool(error.to_string()))
    }

    /// A connection, at once or after waiting for one.
    ///
    /// # Errors
    /// When all stay busy or the database cannot be reached.
    pub async fn get(&self) -> Result<Pooled, PoolError> {
        let (others, own) = self.shares.split_at(place() % self.shares.len());
        for share in own.iter().chain(others) {
            let at_once = Timeouts {
                wait: Some(Duration::ZERO),
                ..share.timeouts()
            };
            match share.timeout_get(&at_once).await {
                Err(LoanError::Timeout(TimeoutType::Wait)) => {}
                had => return had.map_err(failed),
            }
        }
        let first = select_ok(self.shares.iter().map(|share| share.get().boxed())).await;
        first.map(|(conn, _)| conn).map_err(failed)
    }

    /// A connection of the caller's own, beside those on loan.
    ///
    /// # Errors
    /// When the database cannot be reached or refuses us.
    pub async fn apart(&self) -> Result<AsyncPgConnection, ConnectError> {
        Ok(open(&self.target).await?)
    }
}

fn failed<E: std::fmt::Display>(error: LoanError<E>) -> PoolError {
    match error {
        LoanError::Timeout(TimeoutType::Wait) => PoolError::Busy,
        other => PoolError::Unreachable(other.to_string()),
    }
}

/// The number of this thread, in the order in which they first asked for a connection.
fn place() -> usize {
    static PLACES: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static PLACE: usize = PLACES.fetch_add(1, Ordering::Relaxed);
    }
    PLACE.with(|place| *place)
}

/// Opens one connection outside the pool.
///
/// # Errors
/// When the database cannot be reached or refuses us.
pub async fn connect(url: &str, options: &PoolOptions) -> Result<AsyncPgConnection, ConnectError> {
    Ok(open(&prepare(Target::parse(url)?, options)).await?)
}

/// Why a single connection could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error("the database cannot be reached: {0}")]
    Unreachable(#[from] ConnectionError),
}

/// What every connection is told: UTC, bounded statements, no transaction left open by a lost client. And no compiling of
/// plans: it takes PostgreSQL longer (60 ms and more) than any statement of ours. And that what is read by an index is
/// mostly in memory, as it is here: else small tables are read whole for each article of a page. What the address of the
/// database says otherwise holds.
fn prepare(mut target: Target, options: &PoolOptions) -> Target {
    let own = format!(
        "-c timezone=UTC -c jit=off -c random_page_cost=1.1 -c statement_timeout={}ms -c lock_timeout=5s \
         -c idle_in_transaction_session_timeout=30s",
        options.statement_timeout.as_millis()
    );
    let given = target.config.get_options().map(|given| format!("{own} {given}"));
    target
        .config
        .options(given.unwrap_or(own))
        .application_name("masthead")
        .connect_timeout(options.connect_timeout);
    target
}

async fn open(target: &Target) -> ConnectionResult<AsyncPgConnection> {
    let (client, connection) = target
        .config
        .connect(target.tls.clone())
        .await
        .map_err(|error| ConnectionError::BadConnection(reason(&error)))?;
    AsyncPgConnection::try_from_client_and_connection(client, connection).await
}

/// tokio-postgres says "db error" and keeps the reason in its source.
fn reason(error: &tokio_postgres::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}
