//! Ends connections to a PostgreSQL that says nothing any more: whoever waits on one would wait for good.

use std::future::pending;
use std::sync::Arc;

use tokio::sync::watch;

/// The signal at which connections end.
#[derive(Clone)]
pub struct Silence(Arc<watch::Sender<()>>);

impl Default for Silence {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(())))
    }
}

impl Silence {
    /// Resolves at the next signal.
    pub fn ended(&self) -> impl Future<Output = ()> + use<> {
        let mut signal = self.0.subscribe();
        async move {
            if signal.changed().await.is_err() {
                // Nobody is left to give it.
                pending::<()>().await;
            }
        }
    }

    /// Ends every connection that is open now.
    pub fn end_all(&self) {
        self.0.send_replace(());
    }
}
