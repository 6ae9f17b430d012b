//! What the server does by itself, beside answering requests. Each job runs on every node; the database decides which
//! node does what. Never names HTTP.

mod scheduler;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::db::Pool;
use crate::domain::body::BodyRules;

/// The jobs of this node, from [`start`] to [`Jobs::stop`].
pub struct Jobs {
    stop: watch::Sender<bool>,
    running: Vec<JoinHandle<()>>,
}

/// Starts them all.
#[must_use]
pub fn start(pool: Pool, clock: Clock, rules: BodyRules) -> Jobs {
    let (stop, stopped) = watch::channel(false);
    let running = vec![tokio::spawn(scheduler::run(pool, clock, rules, stopped))];
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
