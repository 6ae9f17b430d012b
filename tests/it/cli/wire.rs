//! PostgreSQL goes away under a server that works: cut off, or without a word. Every answer comes in time, and once it is back
//! all is as before.

use std::fs;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use super::Served;
use crate::support::client::http;
use crate::support::db::fresh;
use crate::support::proxy::{Proxy, Wire};

/// How many ask at once.
const MANY: usize = 32;
/// By when a server must be itself again.
const MENDED: Duration = Duration::from_secs(5);

struct Asker {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Asker {
    /// A request that needs PostgreSQL: none of these is kept.
    async fn ask(&self, number: usize) -> (u16, bool, Duration) {
        let (method, path) = match number % 5 {
            0 => (
                Method::GET,
                format!("/api/v1/articles?published_before=2020-01-01T00:00:00.{number:06}Z"),
            ),
            1 => (Method::GET, "/api/v1/desk/articles?limit=1".to_owned()),
            2 => (Method::GET, format!("/api/v1/articles/nobody-{number}")),
            3 => (Method::POST, "/api/v1/desk/articles".to_owned()),
            _ => (Method::GET, "/api/v1/auth/me".to_owned()),
        };
        let request = self.http.request(method.clone(), format!("{}{path}", self.base));
        let request = request.bearer_auth(&self.token);
        let request = match method == Method::POST {
            true => request.json(&json!({"title": format!("Number {number}")})),
            false => request,
        };
        let began = Instant::now();
        let answer = request.send().await.expect("an answer");
        let again = answer.headers().contains_key("retry-after");
        (answer.status().as_u16(), again, began.elapsed())
    }

    async fn all(&self, from: usize) -> Vec<(u16, bool, Duration)> {
        join_all((from..from + MANY).map(|number| self.ask(number))).await
    }

    async fn is_alive(&self) -> bool {
        let began = Instant::now();
        let answer = self.http.get(format!("{}/healthz", self.base)).send().await.unwrap();
        answer.status() == 200 && began.elapsed() < Duration::from_secs(1)
    }
}

/// Descriptors, and resident memory in KiB.
fn size(server: &Served) -> (usize, usize) {
    let status = fs::read_to_string(server.proc("status")).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let resident = resident.trim().trim_end_matches(" kB").parse().unwrap();
    (fs::read_dir(server.proc("fd")).unwrap().count(), resident)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it measures time, so bin/test runs it alone"]
async fn every_answer_comes_in_time_and_all_is_as_before_afterwards() {
    let proxy = Proxy::to(&fresh().await).await;
    let server = Served::start(&[("DATABASE_URL", proxy.url.as_str()), ("MASTHEAD_ENV", "development")]);
    let asker = Asker {
        http: http(),
        base: server.base.clone(),
        token: server.sign_in("editor@demo.local").await,
    };
    let mut number = 0;
    let mut next = || {
        number += MANY;
        number
    };
    let fine = |answers: &[(u16, bool, Duration)]| answers.iter().filter(|(status, ..)| *status < 500).count();
    for _ in 0..10 {
        assert_eq!(fine(&asker.all(next()).await), MANY);
    }
    let before = size(&server);
    for (wire, rounds, latest) in [(Wire::Cut, 3, 3), (Wire::Dead, 2, 6), (Wire::Cut, 1, 3)] {
        proxy.set(wire);
        let mut slowest = Duration::ZERO;
        for _ in 0..rounds {
            let alive = async {
                for _ in 0..5 {
                    assert!(asker.is_alive().await, "{wire:?}");
                }
            };
            let (answers, ()) = tokio::join!(asker.all(next()), alive);
            for (status, again, took) in answers {
                assert_eq!((status, again), (503, true), "{wire:?} after {took:?}");
                slowest = slowest.max(took);
            }
        }
        assert!(slowest <= Duration::from_secs(latest), "{wire:?}: {slowest:?}");
        proxy.set(Wire::Whole);
        let mended = Instant::now();
        while fine(&asker.all(next()).await) < MANY {
            assert!(mended.elapsed() < MENDED, "{wire:?}: not mended");
        }
        let mended = mended.elapsed();
        let mut good = 0;
        for _ in 0..10 {
            good += fine(&asker.all(next()).await);
        }
        assert!(good * 100 >= 10 * MANY * 99, "{wire:?}: {good}");
        println!(
            "{wire:?}: slowest {slowest:?}, mended after {mended:?}, then {good} of {} good",
            10 * MANY
        );
    }
    let after = size(&server);
    println!("descriptors and KiB: {before:?} before, {after:?} after");
    let near = |before: usize, after: usize| after.abs_diff(before) * 10 <= before;
    assert!(
        near(before.0, after.0) && near(before.1, after.1),
        "{before:?} {after:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wire_that_is_slow_is_slow_and_no_more() {
    let proxy = Proxy::to(&fresh().await).await;
    let settings = [
        ("DATABASE_URL", proxy.url.as_str()),
        ("MASTHEAD_ENV", "development"),
        ("MASTHEAD_DEMO", "off"),
    ];
    let server = Served::start(&settings);
    proxy.set(Wire::Slow(Duration::from_millis(20)));
    let asked = (0..4).map(|number| {
        let url = format!("{}/api/v1/articles/nobody-{number}", server.base);
        async move { http().get(url).send().await.unwrap().status().as_u16() }
    });
    assert_eq!(join_all(asked).await, [404; 4]);
}
