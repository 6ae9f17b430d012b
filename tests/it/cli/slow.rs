//! A thousand connections that dawdle: nobody else notices. The server begins with as few descriptors as a shell gives.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Served, limited};
use crate::support::client::http;
use crate::support::db::fresh;
use crate::support::pause;

/// How many dawdle.
const SLOW: usize = 1_000;
/// For how long.
const TIME: Duration = Duration::from_secs(60);
/// How many others ask meanwhile, one request after the other.
const OTHERS: usize = 8;

/// Takes its time, in one of three ways, and begins again when it is thrown out. Answers how often that was.
async fn dawdle(addr: String, number: usize, until: Instant) -> usize {
    let mut thrown_out = 0;
    while Instant::now() < until {
        let Ok(mut stream) = TcpStream::connect(&addr).await else {
            pause(Duration::from_millis(100)).await;
            continue;
        };
        let head = match number % 3 {
            0 => "GET /api/v1/articles HTTP/1.1\r\nHost: x\r\nX-Slow: ",
            1 => {
                "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{"
            }
            _ => "GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n",
        };
        if stream.write_all(head.as_bytes()).await.is_err() {
            continue;
        }
        let mut byte = [0; 1];
        while Instant::now() < until {
            let alive = match number % 3 {
                2 => stream.read_exact(&mut byte).await.is_ok(),
                _ => stream.write_all(b" ").await.is_ok(),
            };
            if !alive {
                thrown_out += 1;
                break;
            }
            pause(Duration::from_millis(500)).await;
        }
    }
    thrown_out
}

/// Asks one thing after the other; how many answers were right, and how many were asked for.
async fn ask(base: String, token: String, number: usize, until: Instant) -> (usize, usize) {
    let client = http();
    let (mut right, mut asked) = (0, 0);
    while Instant::now() < until {
        let (method, path) = match (asked + number) % 4 {
            0 => (Method::GET, "/api/v1/articles".to_owned()),
            1 => (Method::GET, format!("/api/v1/articles/nobody-{number}-{asked}")),
            2 => (Method::POST, "/api/v1/desk/articles".to_owned()),
            _ => (Method::GET, "/api/v1/desk/articles?limit=5".to_owned()),
        };
        let request = client
            .request(method.clone(), format!("{base}{path}"))
            .bearer_auth(&token);
        let request = match method == Method::POST {
            true => request.json(&json!({"title": format!("Meanwhile {number} {asked}")})),
            false => request,
        };
        asked += 1;
        let answer = request.timeout(Duration::from_secs(5)).send().await;
        match answer.map(|answer| answer.status().as_u16()) {
            Ok(200 | 201 | 404) => right += 1,
            other => println!("{method} {path}: {other:?}"),
        }
    }
    (right, asked)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it takes long, so bin/test runs it alone"]
async fn a_thousand_slow_connections_keep_nobody_out() {
    let url = fresh().await;
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("MASTHEAD_ENV", "development"),
        ("MASTHEAD_ADDR", "127.0.0.1:0"),
        ("MASTHEAD_LOG", "warn"),
        ("MASTHEAD_RATE_LIMITS", "off"),
    ];
    let server = Served::spawned(&mut limited("-Sn 1024", &settings, &["serve", "--json"]));
    let token = server.sign_in("editor@demo.local").await;
    let addr = server.base.trim_start_matches("http://").to_owned();
    let until = Instant::now() + TIME;
    let slow: Vec<_> = (0..SLOW)
        .map(|number| tokio::spawn(dawdle(addr.clone(), number, until)))
        .collect();
    let others: Vec<_> = (0..OTHERS)
        .map(|number| tokio::spawn(ask(server.base.clone(), token.clone(), number, until)))
        .collect();
    let (mut right, mut asked, mut thrown_out) = (0, 0, [0; 3]);
    for other in others {
        let (more, of) = other.await.unwrap();
        (right, asked) = (right + more, asked + of);
    }
    for (number, dawdler) in slow.into_iter().enumerate() {
        thrown_out[number % 3] += dawdler.await.unwrap();
    }
    println!(
        "{SLOW} slow connections for {TIME:?}: {right} of {asked} other requests right; {thrown_out:?} thrown out"
    );
    // Each several times: a head has ten seconds, a body fifteen. (An answer that is not taken may wait in the system.)
    let [heads, bodies, _] = thrown_out;
    assert!(
        heads.min(bodies) >= SLOW / 3 * 2,
        "{heads} slow heads and {bodies} slow bodies"
    );
    assert!(asked > 100 && right * 1000 >= asked * 999, "{right} of {asked}");
}
