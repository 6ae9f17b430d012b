//! The server's end: it says so, answers what is under way, and goes. Told twice it goes at once.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, sleep};

use super::late;
use crate::api::connection::Expected;

/// What is needed to end a server well.
pub struct End {
    /// Set when the end begins: readiness says so then, and connections are not kept.
    pub closing: Arc<AtomicBool>,
    /// Who is connected and has asked for nothing yet.
    pub expected: Expected,
    /// For how long requests are taken after SIGTERM, because whoever balances load has to look first.
    pub delay: Duration,
    /// Where callers come in.
    pub listener: TcpListener,
    /// The public address, which problems name.
    pub base: String,
}

/// Until nobody is let in any more.
const SHUT: Duration = Duration::from_millis(5);

/// Until everybody who was let in is with a thread that answers.
const SETTLED: Duration = Duration::from_millis(250);

/// How long we wait for those who connected last and have not said what they want.
const PATIENCE: Duration = Duration::from_secs(2);

/// Ends `server` at the first SIGTERM or SIGINT; who interrupts from a terminal does not wait. The second signal ends the
/// process.
///
/// # Errors
/// When the system gives no signals.
pub fn end_when_told(server: &Server, end: End) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let handle = server.handle();
    tokio::spawn(async move {
        let delay = match told(&mut terminate, &mut interrupt).await {
            Told::Terminate => end.delay,
            Told::Interrupt => Duration::ZERO,
        };
        end.closing.store(true, Ordering::Release);
        tracing::info!("stopping; a second signal ends it at once");
        tokio::spawn(async move {
            sleep(delay).await;
            stop(handle, end).await;
        });
        told(&mut terminate, &mut interrupt).await;
        tracing::warn!("stopped at once; requests that were under way are lost");
        std::process::exit(1);
    });
    Ok(())
}

/// Lets nobody in any more, and stops when everybody who was has been heard. (The framework drops whoever was let in and not
/// heard when it stops.)
async fn stop(handle: ServerHandle, end: End) {
    handle.pause().await;
    sleep(SHUT).await;
    let late = late::turn_away(end.listener, &end.base);
    sleep(SETTLED).await;
    let began = Instant::now();
    while end.expected.load(Ordering::Acquire) > 0 && began.elapsed() < PATIENCE {
        sleep(SHUT).await;
    }
    late.await;
    handle.stop(true).await;
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
