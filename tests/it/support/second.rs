//! The second within which another server knows.

use std::time::{Duration, Instant};

/// How late it may be.
const SECOND: Duration = Duration::from_secs(1);

/// Asks again and again until it is so. Whoever asks a second later, or after that, must hear it: so it counts when a question
/// was put, and not how long a busy machine took over it.
pub async fn within_a_second(mut is_so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    loop {
        let put = began.elapsed();
        if is_so().await {
            return;
        }
        assert!(put < SECOND, "not so for who asked {put:?} later");
        tokio::task::yield_now().await;
    }
}
