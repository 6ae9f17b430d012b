//! Ends connections to a PostgreSQL that says nothing any more: whoever waits on one would wait for good.

use std::future::pending;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::watch;

/// The signal at which connections end that were opened before some instant.
#[derive(Clone)]
pub struct Silence(Arc<watch::Sender<Option<Instant>>>);

impl Default for Silence {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }
}

impl Silence {
    /// Resolves at the next signal that means a connection which is opened now.
    pub fn ended(&self) -> impl Future<Output = ()> + use<> {
        let opened = Instant::now();
        let mut signal = self.0.subscribe();
        async move {
            let ended = signal.wait_for(|before| before.is_some_and(|before| opened < before));
            if ended.await.is_err() {
                // Nobody is left to give it.
                pending::<()>().await;
            }
        }
    }

    /// Ends every connection that was opened before this instant.
    pub fn end(&self, opened_before: Instant) {
        self.0.send_replace(Some(opened_before));
    }
}
