//! How a server ends: it says so first, answers what is under way, and goes; told twice it goes at once.

use std::time::{Duration, Instant};

use diesel_async::SimpleAsyncConnection;
use masthead::db::pool::connect;
use rustix::process::Signal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

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

/// What became of those who asked again and again, each time on a new connection, until nobody let them in any more.
#[derive(Default, Debug)]
struct Asked {
    answered: usize,
    turned_away: usize,
    lost: usize,
}

async fn ask_until_refused(addr: String) -> Asked {
    let mut asked = Asked::default();
    while let Ok(mut stream) = TcpStream::connect(&addr).await {
        let mut answer = String::new();
        let head = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        drop(stream.write_all(head).await);
        drop(stream.read_to_string(&mut answer).await);
        match answer.get(..12) {
            Some("HTTP/1.1 200") => asked.answered += 1,
            Some("HTTP/1.1 503") => asked.turned_away += 1,
            _ => asked.lost += 1,
        }
    }
    asked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_who_was_let_in_goes_unanswered() {
    for delay in ["500ms", "0ms"] {
        let url = fresh().await;
        let settings = [&settings(&url)[..], &[("MASTHEAD_SHUTDOWN_DELAY", delay)]].concat();
        let server = Served::start(&settings);
        let addr = server.base.trim_start_matches("http://").to_owned();
        let asking: Vec<_> = (0..16).map(|_| tokio::spawn(ask_until_refused(addr.clone()))).collect();
        until(async || ask(&server.base, "/readyz").await == Some((200, true))).await;
        assert_eq!(server.end(Signal::TERM), Some(0));
        let mut all = Asked::default();
        for asked in asking {
            let asked = asked.await.unwrap();
            all.answered += asked.answered;
            all.turned_away += asked.turned_away;
            all.lost += asked.lost;
        }
        println!("{delay}: {all:?}");
        assert!(all.answered > 0 && all.lost == 0, "{delay}: {all:?}");
    }
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
