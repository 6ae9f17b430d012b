//! A wire between a server and PostgreSQL that a test can cut, slow down, or let go dead without a word, and that counts how
//! often something goes to PostgreSQL and back.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio_postgres::config::Host;

use super::pause;

/// What a connection asks that listens for changes, a few times a second.
const LISTENING: &[u8] = b"reader_snapshot";

/// What becomes of what is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// It arrives.
    Whole,
    /// Connections are closed, new ones at once.
    Cut,
    /// Nothing arrives, and nobody is told.
    Dead,
    /// It arrives this much later.
    Slow(Duration),
}

/// The wire. Whoever connects to `url` reaches the database through it.
pub struct Proxy {
    pub url: String,
    wire: Arc<watch::Sender<Wire>>,
    journeys: Arc<AtomicUsize>,
    lost: Arc<watch::Sender<()>>,
    then: Then,
}

/// What the wire becomes when this was sent and is answered.
type Then = Arc<Mutex<Option<(&'static [u8], Wire)>>>;

impl Proxy {
    /// A whole wire to the database at `url`, which is reached by a socket in a folder.
    pub async fn to(url: &str) -> Self {
        let config: tokio_postgres::Config = url.parse().unwrap();
        let Some(Host::Unix(folder)) = config.get_hosts().first() else {
            panic!("{url} names no folder");
        };
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let socket = folder.join(format!(".s.PGSQL.{port}"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (user, name) = (config.get_user().unwrap(), config.get_dbname().unwrap());
        let wire = Arc::new(watch::Sender::new(Wire::Whole));
        let ends = Arc::clone(&wire);
        let journeys = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&journeys);
        let lost = Arc::new(watch::Sender::new(()));
        let loses = Arc::clone(&lost);
        let then = Then::default();
        let planned = Arc::clone(&then);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = UnixStream::connect(&socket).await;
                if let Ok(far) = far {
                    tokio::spawn(carry(
                        near,
                        far,
                        Arc::clone(&ends),
                        Arc::clone(&counted),
                        Arc::clone(&planned),
                        Arc::clone(&loses),
                    ));
                }
            }
        });
        Self {
            url: format!("postgres://{user}@{address}/{name}?sslmode=disable"),
            wire,
            journeys,
            lost,
            then,
        }
    }

    /// Waits until the first thing that somebody sends who connects is lost: nothing comes of it, whatever the wire becomes.
    pub async fn loses(&self) {
        let mut lost = self.lost.subscribe();
        let waited = tokio::time::timeout(Duration::from_secs(10), lost.changed()).await;
        waited.expect("somebody connects").unwrap();
    }

    /// How many answers were waited for since this was asked last, whatever was asked at once; by all but who listens for changes.
    pub fn journeys(&self) -> usize {
        self.journeys.swap(0, Ordering::SeqCst)
    }

    pub fn set(&self, wire: Wire) {
        self.wire.send_replace(wire);
    }

    /// What the wire becomes once somebody sends this: its answer is the last that arrives.
    pub fn set_after(&self, sent: &'static str, wire: Wire) {
        *self.then.lock().unwrap() = Some((sent.as_bytes(), wire));
    }
}

/// Carries bytes both ways until one end closes or the wire is cut.
async fn carry(
    mut near: TcpStream,
    mut far: UnixStream,
    set: Arc<watch::Sender<Wire>>,
    journeys: Arc<AtomicUsize>,
    then: Then,
    lost: Arc<watch::Sender<()>>,
) {
    let wire = set.subscribe();
    let (near_in, near_out) = near.split();
    let (far_in, far_out) = far.split();
    let mut cut = wire.clone();
    let (asked, listens, last) = (AtomicBool::new(false), AtomicBool::new(false), Mutex::new(None));
    let holds = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    let sent = |bytes: &[u8]| {
        asked.store(true, Ordering::SeqCst);
        if holds(bytes, LISTENING) {
            listens.store(true, Ordering::SeqCst);
        }
        let mut then = then.lock().unwrap();
        if let Some((_, wire)) = then.take_if(|(sent, _)| holds(bytes, sent)) {
            *last.lock().unwrap() = Some(wire);
        }
    };
    let arrives = || {
        if asked.swap(false, Ordering::SeqCst) && !listens.load(Ordering::SeqCst) {
            journeys.fetch_add(1, Ordering::SeqCst);
        }
        if let Some(wire) = last.lock().unwrap().take() {
            set.send_replace(wire);
        }
    };
    tokio::select! {
        _ = pump(near_in, far_out, wire.clone(), sent, || {}, || { lost.send_replace(()); }) => {}
        _ = pump(far_in, near_out, wire, |_| {}, arrives, || {}) => {}
        _ = cut.wait_for(|wire| *wire == Wire::Cut) => {}
    }
}

/// Carries bytes one way. What is lost on the way does not come back: from then on nothing arrives on this connection.
async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    wire: watch::Receiver<Wire>,
    sent: impl Fn(&[u8]),
    arrives: impl Fn(),
    loses: impl Fn(),
) -> io::Result<()> {
    let mut bytes = vec![0; 16 * 1024];
    let (mut lost, mut first) = (false, true);
    loop {
        let read = from.read(&mut bytes).await?;
        if read == 0 {
            return Ok(());
        }
        sent(&bytes[..read]);
        let now = *wire.borrow();
        match now {
            Wire::Dead => {
                lost = true;
                if first {
                    loses();
                }
            }
            Wire::Slow(delay) => pause(delay).await,
            Wire::Whole | Wire::Cut => {}
        }
        first = false;
        if !lost {
            arrives();
            to.write_all(&bytes[..read]).await?;
        }
    }
}
