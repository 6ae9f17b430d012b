//! The pool of connections.

mod joint;
mod open;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use deadpool::managed::{PoolError as LoanError, TimeoutType, Timeouts};
use deadpool::{Runtime, Status};
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::{Object, Pool as Deadpool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use futures_util::FutureExt;
use futures_util::future::select_ok;
use tracing::Instrument;

pub use joint::Joined;
use joint::Joint;
pub use open::{ConnectError, connect};
use open::{open, prepare};

use super::silence::Silence;
use super::tls::{Target, TargetError};
use crate::metrics::{Counter, Histogram, Text};

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
    /// How long opening a connection may take, and for how long PostgreSQL may say nothing at all.
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

/// Why a share lent nothing.
type Lending = LoanError<diesel_async::pooled_connection::PoolError>;

/// Connections to one database.
///
/// A connection is driven by the thread that opened it: used by another, each statement wakes both. So every thread has a
/// share of its own, and takes from the others' only when that is in use.
#[derive(Clone)]
pub struct Pool {
    shares: Arc<[Share]>,
    target: Target,
    silence: Silence,
    wait: Duration,
    patience: Duration,
    counts: Arc<Counts>,
}

/// The connections of one thread.
struct Share {
    own: Deadpool<AsyncPgConnection>,
    joint: Joint,
}

/// What became of those who asked for a connection.
struct Counts {
    waited: Histogram,
    busy: Counter,
    unreachable: Counter,
}

impl Pool {
    /// A pool that opens its connections when they are first needed.
    ///
    /// # Errors
    /// When the URL cannot be used.
    pub fn new(url: &str, options: &PoolOptions) -> Result<Self, TargetError> {
        let target = prepare(Target::parse(url)?, options);
        let silence = Silence::default();
        let shares = options.shares.clamp(1, options.size.max(1));
        let each = (0..shares).map(|share| {
            // What does not divide evenly goes to the first ones.
            let size = options.size / shares + usize::from(share < options.size % shares);
            Self::share((&target, &silence), options, size)
        });
        Ok(Self {
            shares: each.collect::<Result<_, _>>()?,
            target,
            silence,
            wait: options.wait,
            patience: options.connect_timeout,
            counts: Arc::new(Counts {
                waited: Histogram::new(&[0.0001, 0.001, 0.01, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0]),
                busy: Counter::default(),
                unreachable: Counter::default(),
            }),
        })
    }

    fn share((target, silence): (&Target, &Silence), options: &PoolOptions, size: usize) -> Result<Share, TargetError> {
        let mut manager = ManagerConfig::default();
        // A check query on each loan would double the cost of a read; a dead connection shows itself when it is used.
        manager.recycling_method = RecyclingMethod::Fast;
        let theirs = (target.clone(), silence.clone());
        manager.custom_setup = Box::new(move |_| {
            let (target, silence) = theirs.clone();
            async move { open(&target, &silence).await }.boxed()
        });
        let manager = AsyncDieselConnectionManager::new_with_config("", manager);
        let own = Deadpool::builder(manager)
            .max_size(size)
            .wait_timeout(Some(options.wait))
            .create_timeout(Some(options.connect_timeout))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| TargetError::Pool(error.to_string()))?;
        Ok(Share {
            own,
            joint: Joint::default(),
        })
    }

    /// A connection, at once or after waiting for one.
    ///
    /// # Errors
    /// When all stay busy or the database cannot be reached.
    pub async fn get(&self) -> Result<Pooled, PoolError> {
        self.counted(self.lend()).await
    }

    /// A connection for questions about so many articles that are answered in a moment: when those of this thread are in use,
    /// one that others ask as well.
    ///
    /// # Errors
    /// When all stay busy or the database cannot be reached.
    pub async fn join(&self, articles: u32) -> Result<Joined, PoolError> {
        let lend = async || {
            let Some(share) = self.shares.get(self.place()) else {
                return self.lend().await.map(Joined::from);
            };
            let busy = LoanError::Timeout(TimeoutType::Wait);
            let turn = share.joint.turn(articles, self.wait).await.ok_or(busy)?;
            match share.at_once().await {
                Ok(conn) => return Ok(share.joint.open(conn, turn)),
                Err(LoanError::Timeout(TimeoutType::Wait)) => {}
                Err(error) => return Err(error),
            }
            match share.joint.join(turn) {
                Some(joined) => Ok(joined),
                None => self.lend().await.map(Joined::from),
            }
        };
        self.counted(lend()).await
    }

    async fn counted<T>(&self, lending: impl Future<Output = Result<T, Lending>>) -> Result<T, PoolError> {
        let began = Instant::now();
        let span = tracing::info_span!(target: "masthead::trace", "wait for a connection");
        let lent = lending.instrument(span).await;
        self.counts.waited.observe(began.elapsed());
        lent.map_err(|error| match error {
            LoanError::Timeout(TimeoutType::Wait) => {
                self.counts.busy.count();
                PoolError::Busy
            }
            other => {
                self.counts.unreachable.count();
                PoolError::Unreachable(other.to_string())
            }
        })
    }

    /// From this thread's share if there is one left, else from another's, else the first that comes free.
    async fn lend(&self) -> Result<Pooled, Lending> {
        let (others, own) = self.shares.split_at(self.place());
        for share in own.iter().chain(others) {
            match share.at_once().await {
                Err(LoanError::Timeout(TimeoutType::Wait)) => {}
                lent => return lent,
            }
        }
        let first = select_ok(self.shares.iter().map(|share| share.own.get().boxed())).await;
        first.map(|(conn, _)| conn)
    }

    /// The place of this thread's share.
    fn place(&self) -> usize {
        place() % self.shares.len()
    }

    /// A connection of the caller's own, beside those on loan.
    ///
    /// # Errors
    /// When the database cannot be reached or refuses us.
    pub async fn apart(&self) -> Result<AsyncPgConnection, ConnectError> {
        Ok(open(&self.target, &self.silence).await?)
    }

    /// For how long PostgreSQL may say nothing at all before its connections are given up.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.patience
    }

    /// Ends every connection that was opened before this instant, whoever waits on it: nothing will come of them. Whoever finds
    /// out that PostgreSQL has been silent for [`Pool::patience`] calls this.
    pub fn give_up(&self, opened_before: Instant) {
        self.silence.end(opened_before);
    }

    /// Writes how the pool is doing.
    pub fn write_metrics(&self, text: &mut Text) {
        let sum =
            |what: fn(&Status) -> usize| -> usize { self.shares.iter().map(|share| what(&share.own.status())).sum() };
        let open = sum(|status| status.size);
        let in_use = open.saturating_sub(sum(|status| status.available));
        text.single(
            "masthead_pool_size",
            "gauge",
            "Connections at most.",
            sum(|status| status.max_size),
        );
        text.single("masthead_pool_connections", "gauge", "Connections that are open.", open);
        text.single("masthead_pool_in_use", "gauge", "Connections on loan.", in_use);
        text.single(
            "masthead_pool_waiting",
            "gauge",
            "Who waits for a connection.",
            // Who waits does so at every share.
            self.shares
                .iter()
                .map(|share| share.own.status().waiting)
                .max()
                .unwrap_or_default(),
        );
        let (waited, refused) = ("masthead_pool_wait_seconds", "masthead_pool_refused_total");
        text.head(waited, "histogram", "How long a connection was waited for.");
        text.histogram(waited, &[], &self.counts.waited);
        text.head(refused, "counter", "Who got no connection.");
        text.sample(refused, &[("reason", "busy")], self.counts.busy.get());
        text.sample(refused, &[("reason", "unreachable")], self.counts.unreachable.get());
    }
}

impl Share {
    /// One that is not in use.
    async fn at_once(&self) -> Result<Pooled, Lending> {
        let at_once = Timeouts {
            wait: Some(Duration::ZERO),
            ..self.own.timeouts()
        };
        self.own.timeout_get(&at_once).await
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
