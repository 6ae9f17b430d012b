//! The pool of connections, and what every connection is told when it opens.

use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{PoolError as LoanError, TimeoutType};
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::{Object, Pool as Deadpool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use futures_util::FutureExt;

use super::tls::{Target, TargetError};

/// A connection on loan from the pool.
pub type Pooled = Object<AsyncPgConnection>;

/// How the pool behaves.
#[derive(Clone, Debug)]
pub struct PoolOptions {
    /// Connections at most.
    pub size: usize,
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
#[derive(Clone)]
pub struct Pool {
    loans: Deadpool<AsyncPgConnection>,
    target: Target,
}

impl Pool {
    /// A pool that opens its connections when they are first needed.
    ///
    /// # Errors
    /// When the URL cannot be used.
    pub fn new(url: &str, options: &PoolOptions) -> Result<Self, TargetError> {
        let target = prepare(Target::parse(url)?, options);
        let mut manager = ManagerConfig::default();
        // A check query on each loan would double the cost of a read; a dead connection shows itself when it is used.
        manager.recycling_method = RecyclingMethod::Fast;
        let theirs = target.clone();
        manager.custom_setup = Box::new(move |_| {
            let target = theirs.clone();
            async move { open(&target).await }.boxed()
        });
        let manager = AsyncDieselConnectionManager::new_with_config("", manager);
        let loans = Deadpool::builder(manager)
            .max_size(options.size)
            .wait_timeout(Some(options.wait))
            .create_timeout(Some(options.connect_timeout))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| TargetError::Pool(error.to_string()))?;
        Ok(Self { loans, target })
    }

    /// A connection, at once or after waiting for one.
    ///
    /// # Errors
    /// When all stay busy or the database cannot be reached.
    pub async fn get(&self) -> Result<Pooled, PoolError> {
        self.loans.get().await.map_err(|error| match error {
            LoanError::Timeout(TimeoutType::Wait) => PoolError::Busy,
            other => PoolError::Unreachable(other.to_string()),
        })
    }

    /// A connection of the caller's own, beside those on loan.
    ///
    /// # Errors
    /// When the database cannot be reached or refuses us.
    pub async fn apart(&self) -> Result<AsyncPgConnection, ConnectError> {
        Ok(open(&self.target).await?)
    }
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
