//! Streaming replicas of the database, for readers' questions, as far as they have got.
//!
//! A replica is behind, by a moment or by minutes. Whoever hears of changes says up to where the log must have been
//! replayed for all of them to show; a connection to a replica is handed out only when its own server has got there,
//! and what it is asked next it answers from then on or later. Until then, and while no replica can be reached, the
//! primary is asked.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use deadpool::managed::Object;

use super::pool::PoolError;
use super::{Pool, Pooled, reader_changes};

/// How long a replica may take to say where it is.
const PATIENCE: Duration = Duration::from_millis(500);
/// For how long one that was behind is not asked again.
const CATCHING_UP: Duration = Duration::from_millis(50);
/// The same of one that could not be reached.
const AWAY: Duration = Duration::from_secs(5);

/// The replicas; often none.
pub struct Replicas {
    replicas: Vec<Replica>,
    /// Whose turn it is.
    turn: AtomicUsize,
    /// Up to where the log must have been replayed.
    needed: AtomicI64,
    heard: AtomicBool,
    born: Instant,
}

struct Replica {
    pool: Pool,
    /// Milliseconds of this process's life before which it is left alone.
    rests_until: AtomicU64,
}

/// Why a replica is not asked.
enum Unfit {
    Behind,
    Away(String),
    /// All its connections are in use.
    Busy,
}

impl Replicas {
    /// These; each pool leads to one server.
    #[must_use]
    pub fn new(pools: Vec<Pool>) -> Self {
        let replicas = pools.into_iter().map(|pool| Replica {
            pool,
            rests_until: AtomicU64::new(0),
        });
        Self {
            replicas: replicas.collect(),
            turn: AtomicUsize::new(0),
            // Nothing is known yet: no replica shows that.
            needed: AtomicI64::new(i64::MAX),
            heard: AtomicBool::new(false),
            born: Instant::now(),
        }
    }

    /// Whether there are any.
    #[must_use]
    pub fn are_there(&self) -> bool {
        !self.replicas.is_empty()
    }

    /// From now on only a replica that has got this far shows everything that is known to have changed. Said before the
    /// change counts for anybody.
    pub fn must_show(&self, position: i64) {
        self.needed.store(position, Ordering::SeqCst);
    }

    /// Whether changes are heard of at this moment. While they are not nobody can say what a replica must show.
    pub fn hear(&self, heard: bool) {
        self.heard.store(heard, Ordering::SeqCst);
    }

    /// A connection to a replica that shows everything that is known to have changed, if there is one.
    pub async fn get(&self) -> Option<Pooled> {
        if self.replicas.is_empty() || !self.heard.load(Ordering::SeqCst) {
            return None;
        }
        let needed = self.needed.load(Ordering::SeqCst);
        let first = self.turn.fetch_add(1, Ordering::Relaxed) % self.replicas.len();
        let (before, after) = self.replicas.split_at_checked(first)?;
        for replica in after.iter().chain(before) {
            let now = self.moment();
            if replica.rests_until.load(Ordering::Relaxed) > now {
                continue;
            }
            let rest = match replica.connect(needed).await {
                Ok(conn) => return Some(conn),
                Err(Unfit::Busy) => continue,
                Err(Unfit::Behind) => CATCHING_UP,
                Err(Unfit::Away(error)) => {
                    tracing::warn!(error, "a replica cannot be asked; the primary answers for it");
                    AWAY
                }
            };
            let until = now + u64::try_from(rest.as_millis()).unwrap_or_default();
            replica.rests_until.store(until, Ordering::Relaxed);
        }
        None
    }

    fn moment(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Replica {
    async fn connect(&self, needed: i64) -> Result<Pooled, Unfit> {
        let mut conn = self.pool.get().await.map_err(|error| match error {
            PoolError::Busy => Unfit::Busy,
            PoolError::Unreachable(reason) => Unfit::Away(reason),
        })?;
        // Asked on this connection, whose next answers come from the same server.
        let position = tokio::time::timeout(PATIENCE, reader_changes::position(&mut conn)).await;
        let reason = match position {
            Ok(Ok(position)) if position >= needed => return Ok(conn),
            Ok(Ok(_)) => return Err(Unfit::Behind),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it does not answer".to_owned(),
        };
        // Whatever is wrong with it, nobody shall have this connection again.
        drop(Object::take(conn));
        Err(Unfit::Away(reason))
    }
}
