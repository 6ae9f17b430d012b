//! What the server does by itself, beside answering requests. Each job runs on every node; the database decides which
//! node does what. Never names HTTP.

mod pruner;
mod purger;
mod scheduler;
mod word_counter;

pub use purger::SharedCache;

use std::sync::Arc;
use std::time::Duration;

use self::pruner::Pruner;
use self::scheduler::Scheduler;
use self::word_counter::WordCounter;

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

/// What is done when its time has come.
#[derive(Clone, Debug)]
pub struct Timetable {
    /// How bodies are read that are published then.
    pub rules: BodyRules,
    pub night: Night,
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

/// Something that is done again and again.
trait Job: Send + Sync + 'static {
    /// What it is called in logs and metrics.
    const NAME: &'static str;
    /// How long it rests when it could not do its work.
    const AGAIN: Duration;

    /// Does it once; answers how long to rest then.
    fn once(&self, tools: &Tools) -> impl Future<Output = Result<Duration, Trouble>> + Send;
}

/// Does a job until it is told to stop.
async fn run<J: Job>(job: J, mut tools: Tools) {
    while !*tools.stopped.borrow() {
        let rest = job.once(&tools).await.unwrap_or_else(|error| {
            tracing::warn!(%error, job = J::NAME, again_in_seconds = J::AGAIN.as_secs(), "a job cannot do its work");
            tools.metrics.job_failures.count(J::NAME);
            J::AGAIN
        });
        // Either end of the channel is the same news.
        if tokio::time::timeout(rest, tools.stopped.changed()).await.is_ok() {
            break;
        }
    }
}

/// Starts them: those of the timetable where there is one, and what follows each publication everywhere.
#[must_use]
pub fn start(
    pool: &Pool,
    clock: &Clock,
    metrics: &Arc<Metrics>,
    timetable: Option<Timetable>,
    shared: Vec<SharedCache>,
) -> Jobs {
    let (stop, stopped) = watch::channel(false);
    let tools = Tools {
        pool: pool.clone(),
        clock: clock.clone(),
        metrics: Arc::clone(metrics),
        stopped,
    };
    let mut running = vec![tokio::spawn(run(WordCounter, tools.clone()))];
    if let Some(Timetable { rules, night }) = timetable {
        running.push(tokio::spawn(run(Scheduler { rules }, tools.clone())));
        running.push(tokio::spawn(run(Pruner { night }, tools.clone())));
    }
    for cache in shared {
        running.push(tokio::spawn(run(cache, tools.clone())));
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
