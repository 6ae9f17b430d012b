//! How a server ends: it says so first, answers what is under way, and goes; told twice it goes at once.

use std::time::{Duration, Instant};

use diesel_async::SimpleAsyncConnection;
use masthead::db::pool::connect;
use rustix::process::Signal;

use super::Served;
use crate::support::client::http;
use crate::support::db::{fresh, pool_options};
use crate::support::until;

/// Far beyond what anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

fn settings(url: &str) -> Vec<(&str, &str)> {
    vec![
        ("DATABASE_URL", url),
        ("MASTHEAD_ENV", "development"),
        ("MASTHEAD_DEMO", "off"),
        ("MASTHEAD_SHUTDOWN_DELAY", "2s"),
    ]
}

/// Asks on a connection of its own; the status, and whether the connection was kept.
async fn ask(base: &str, path: &str) -> Option<(u16, bool)> {
    let answer = http().get(format!("{base}{path}")).send().await.ok()?;
    let closed = answer.headers().get("connection").is_some_and(|said| said == "close");
    Some((answer.status().as_u16(), !closed))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_told_to_end_loses_no_request() {
    let url = fresh().await;
    let server = Served::start(&settings(&url));
    assert_eq!(ask(&server.base, "/readyz").await, Some((200, true)));
    let mut conn = connect(&url, &pool_options()).await.unwrap();
    let base = server.base.clone();
    let lock = "BEGIN; LOCK TABLE sections IN ACCESS EXCLUSIVE MODE";
    conn.batch_execute(lock).await.unwrap();
    let asked = base.clone();
    let waiting = tokio::spawn(async move { ask(&asked, "/api/v1/sections").await });
    // It is under way once it waits for the lock.
    let counted = "SELECT 1 / (count(*) > 0)::int FROM pg_locks WHERE NOT granted AND relation = 'sections'::regclass";
    let mut other = connect(&url, &pool_options()).await.unwrap();
    until(async || other.batch_execute(counted).await.is_ok()).await;
    server.tell(Signal::TERM);
    let began = Instant::now();
    while ask(&base, "/readyz").await != Some((503, false)) {
        assert!(began.elapsed() < Duration::from_secs(1), "not ready at once");
    }
    // Whoever has not looked yet is answered all the same.
    assert_eq!(ask(&base, "/healthz").await, Some((200, false)));
    conn.batch_execute("COMMIT").await.unwrap();
    assert_eq!(waiting.await.unwrap(), Some((200, false)));
    let began = Instant::now();
    let mut server = server;
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    assert!(began.elapsed() < PATIENCE);
    assert_eq!(ask(&base, "/healthz").await, None);
}

#[tokio::test]
async fn told_twice_it_goes_at_once() {
    let url = fresh().await;
    let server = Served::start(&settings(&url));
    assert_eq!(ask(&server.base, "/readyz").await, Some((200, true)));
    server.tell(Signal::TERM);
    until(async || ask(&server.base, "/readyz").await == Some((503, false))).await;
    let began = Instant::now();
    assert_eq!(server.end(Signal::TERM), Some(1));
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}
