//! PostgreSQL and the server are killed while they work: what was acknowledged is there, and nothing is there in part.

mod whole;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use masthead::db::migrate;
use masthead::db::pool::connect;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Served;
use crate::cluster::owner::{Owner, Room};
use crate::support::client::http;
use crate::support::db::{empty, pool_options};
use crate::support::{free_addr, pause};

const WRITERS: usize = 16;
/// How often each of the two is killed.
const KILLS: usize = 5;
/// By when a write must succeed once PostgreSQL takes connections.
const LATEST: Duration = Duration::from_secs(5);
/// Far beyond what anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// What writers were told.
#[derive(Default)]
struct Told {
    created: Mutex<Vec<Uuid>>,
    published: Mutex<Vec<Uuid>>,
    /// How many writes were acknowledged.
    count: AtomicUsize,
    over: AtomicBool,
}

/// Writes and publishes one article after the other, whatever happens.
async fn write(base: String, token: String, writer: usize, told: Arc<Told>) {
    let client = http();
    let post = async |path: &str, body: Value| {
        let request = client.post(format!("{base}{path}")).bearer_auth(&token);
        let answer = request.header("If-Match", "*").json(&body).send().await.ok()?;
        let status = answer.status().as_u16();
        assert!(
            status < 300 || status == 503,
            "{path}: {}",
            answer.text().await.unwrap()
        );
        // Acknowledged is what came whole.
        answer.json::<Value>().await.ok().filter(|_| status < 300)
    };
    for number in 0.. {
        if told.over.load(Ordering::Acquire) {
            return;
        }
        let body = json!({"title": format!("Article {number} of {writer}"), "section": "world", "authors": ["ana-lima"],
            "body": {"source": "It is so."}});
        let Some(made) = post("/api/v1/desk/articles", body).await else {
            pause(Duration::from_millis(20)).await;
            continue;
        };
        let id: Uuid = made["id"].as_str().unwrap().parse().unwrap();
        told.created.lock().unwrap().push(id);
        told.count.fetch_add(1, Ordering::AcqRel);
        if post(&format!("/api/v1/desk/articles/{id}/publish"), json!({}))
            .await
            .is_some()
        {
            told.published.lock().unwrap().push(id);
            told.count.fetch_add(1, Ordering::AcqRel);
        }
    }
}

/// Waits until there is one more acknowledged write; how long that took.
async fn next_success(told: &Told) -> Duration {
    let (began, before) = (Instant::now(), told.count.load(Ordering::Acquire));
    while told.count.load(Ordering::Acquire) == before {
        assert!(began.elapsed() < PATIENCE, "nobody can write any more");
        pause(Duration::from_millis(5)).await;
    }
    began.elapsed()
}

async fn takes_connections(url: &str) {
    let began = Instant::now();
    while connect(url, &pool_options()).await.is_err() {
        assert!(began.elapsed() < PATIENCE, "PostgreSQL does not come back");
        pause(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "it takes long, so bin/test runs it alone"]
async fn what_was_acknowledged_survives_every_kill() {
    let room = Room::new();
    let mut owner = Owner::start(&room);
    let mut postgres = owner.wait_for_postgres();
    let url = owner.url();
    let addr = free_addr().to_string();
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("MASTHEAD_ENV", "development"),
        ("MASTHEAD_ADDR", &addr),
        ("MASTHEAD_JWT_SECRET", "a secret that is the same after each start"),
        ("MASTHEAD_LOG", "off"),
    ];
    let mut server = Served::start(&settings);
    let token = server.sign_in("editor@demo.local").await;
    let told = Arc::new(Told::default());
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| tokio::spawn(write(server.base.clone(), token.clone(), writer, Arc::clone(&told))))
        .collect();
    let mut chance = fastrand::Rng::with_seed(7);
    let mut kills = [true; KILLS * 2];
    kills[..KILLS].fill(false);
    chance.shuffle(&mut kills);
    let mut slowest = [Duration::ZERO; 2];
    for of_postgres in kills {
        next_success(&told).await;
        pause(Duration::from_millis(chance.u64(100..600))).await;
        if of_postgres {
            let pid = Pid::from_raw(i32::try_from(postgres).unwrap()).unwrap();
            // Its immediate shutdown.
            kill_process(pid, Signal::QUIT).unwrap();
            owner.wait_for("ended by itself");
            takes_connections(&url).await;
            slowest[0] = slowest[0].max(next_success(&told).await);
            postgres = owner.wait_for_postgres();
        } else {
            assert_eq!(server.end(Signal::KILL), None, "killed, not ended");
            server = Served::start(&settings);
            slowest[1] = slowest[1].max(next_success(&told).await);
        }
    }
    told.over.store(true, Ordering::Release);
    for writer in writers {
        writer.await.unwrap();
    }
    let (created, published) = (
        told.created.lock().unwrap().clone(),
        told.published.lock().unwrap().clone(),
    );
    whole::check(&url, &created, &published).await;
    println!(
        "{} created and {} published, all there; first write {:?} after PostgreSQL took connections, {:?} after the server said hello",
        created.len(),
        published.len(),
        slowest[0],
        slowest[1]
    );
    assert!(slowest.iter().all(|slowest| *slowest <= LATEST), "{slowest:?}");
    assert_eq!(server.end(Signal::TERM), Some(0));
    owner.interrupt();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_nodes_start_at_once_on_a_database_that_is_empty_or_old() {
    for old in [false, true] {
        let url = empty().await;
        if old {
            migrate::run(connect(&url, &pool_options()).await.unwrap())
                .await
                .unwrap();
            for _ in 0..4 {
                migrate::revert(connect(&url, &pool_options()).await.unwrap())
                    .await
                    .unwrap();
            }
        }
        let nodes: Vec<_> = (0..5)
            .map(|_| {
                let url = url.clone();
                let demo = if old { "off" } else { "on" };
                thread::spawn(move || {
                    let settings = [
                        ("DATABASE_URL", url.as_str()),
                        ("MASTHEAD_ENV", "development"),
                        ("MASTHEAD_DEMO", demo),
                        ("MASTHEAD_JWT_SECRET", "a secret that all five of them share"),
                    ];
                    Served::start(&settings)
                })
            })
            .collect();
        for node in nodes {
            let server = node.join().expect("a server that is up");
            let answer = http().get(format!("{}/readyz", server.base)).send().await.unwrap();
            assert_eq!(answer.status(), 200);
        }
    }
}
