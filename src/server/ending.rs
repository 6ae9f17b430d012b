//! The server's end: it says so, answers what is under way, and goes. Told twice it goes at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::dev::Server;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Ends `server` at the first SIGTERM or SIGINT. From then on `closing` is true: readiness says so and connections are not kept.
/// After SIGTERM requests are taken for as long as `delay`, because whoever balances load has to look first; who interrupts
/// from a terminal does not wait. The second signal ends the process.
///
/// # Errors
/// When the system gives no signals.
pub fn end_when_told(server: &Server, closing: Arc<AtomicBool>, delay: Duration) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let handle = server.handle();
    tokio::spawn(async move {
        let delay = match told(&mut terminate, &mut interrupt).await {
            Told::Terminate => delay,
            Told::Interrupt => Duration::ZERO,
        };
        closing.store(true, Ordering::Release);
        tracing::info!("stopping; a second signal ends it at once");
        tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            handle.stop(true).await;
        });
        told(&mut terminate, &mut interrupt).await;
        tracing::warn!("stopped at once; requests that were under way are lost");
        std::process::exit(1);
    });
    Ok(())
}

enum Told {
    Terminate,
    Interrupt,
}

async fn told(terminate: &mut Signal, interrupt: &mut Signal) -> Told {
    tokio::select! {
        _ = terminate.recv() => Told::Terminate,
        _ = interrupt.recv() => Told::Interrupt,
    }
}
