//! What the server does by itself, beside answering requests. Each job runs on every node; the database decides which
//! node does what. Never names HTTP.

mod pruner;
mod purger;
mod scheduler;
mod word_counter;

pub use purger::SharedCache;

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use chrono_tz::Tz;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::db::Pool;
use crate::db::pool::PoolError;
use crate::domain::body::BodyRules;
use crate::metrics::Metrics;
use crate::newsroom::Refusal;

/// The jobs of this node, from [`start`] to [`Jobs::stop`].
pub struct Jobs {
    stop: watch::Sender<bool>,
    running: Vec<JoinHandle<()>>,
}

/// When things are tidied up, and what is kept.
#[derive(Clone, Copy, Debug)]
pub struct Night {
    /// Where the paper is made.
    pub timezone: Tz,
    /// How long the hashes of readers' addresses are kept.
    pub addresses: TimeDelta,
}

/// What every job has.
#[derive(Clone)]
struct Tools {
    pool: Pool,
    clock: Clock,
    metrics: Arc<Metrics>,
    stopped: watch::Receiver<bool>,
}

impl Tools {
    /// Notes that a job could not do its work.
    fn failed(&self, job: &str) {
        self.metrics.job_failures.count(job);
    }

    /// Waits for so long, or until it is time to stop; answers whether it is.
    async fn rest(&mut self, wait: Duration) -> bool {
        // Either end of the channel is the same news.
        tokio::time::timeout(wait, self.stopped.changed()).await.is_ok()
    }
}

/// Starts them all.
#[must_use]
pub fn start(
    pool: &Pool,
    clock: &Clock,
    metrics: &Arc<Metrics>,
    rules: BodyRules,
    night: Night,
    shared: Vec<SharedCache>,
) -> Jobs {
    let (stop, stopped) = watch::channel(false);
    let tools = Tools {
        pool: pool.clone(),
        clock: clock.clone(),
        metrics: Arc::clone(metrics),
        stopped,
    };
    let mut running = vec![
        tokio::spawn(scheduler::run(tools.clone(), rules)),
        tokio::spawn(pruner::run(tools.clone(), night)),
        tokio::spawn(word_counter::run(tools.clone())),
    ];
    for cache in shared {
        running.push(tokio::spawn(purger::run(cache, tools.clone())));
    }
    Jobs { stop, running }
}

impl Jobs {
    /// Ends them, each after what it is at.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for job in self.running {
            if let Err(error) = job.await {
                tracing::error!(%error, "a job ended by itself");
            }
        }
    }
}

/// Why a job could not do its work.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Pool(#[from] PoolError),
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
    #[error(transparent)]
    Refusal(#[from] Refusal),
}
