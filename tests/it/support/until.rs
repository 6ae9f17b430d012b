//! Waiting for what comes soon, and not for ever.

use std::time::{Duration, Instant};

/// How long it may take.
const LATEST: Duration = Duration::from_secs(1);

/// Asks again and again until it is so; a second later it must be. (A busy machine gets some grace.) In between others go on,
/// also when a question waits for nothing.
pub async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < LATEST * 3, "not within a second");
        tokio::task::yield_now().await;
    }
}
