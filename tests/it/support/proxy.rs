//! A wire between a server and PostgreSQL that a test can cut, or let go dead without a word.

use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio_postgres::config::Host;

/// What becomes of what is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// It arrives.
    Whole,
    /// Connections are closed, new ones at once.
    Cut,
    /// Nothing arrives, and nobody is told.
    Dead,
}

/// The wire. Whoever connects to `url` reaches the database through it.
pub struct Proxy {
    pub url: String,
    wire: Arc<watch::Sender<Wire>>,
}

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
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = UnixStream::connect(&socket).await;
                if let Ok(far) = far {
                    tokio::spawn(carry(near, far, ends.subscribe()));
                }
            }
        });
        Self {
            url: format!("postgres://{user}@{address}/{name}?sslmode=disable"),
            wire,
        }
    }

    pub fn set(&self, wire: Wire) {
        self.wire.send_replace(wire);
    }
}

/// Carries bytes both ways as long as the wire is whole.
async fn carry(mut near: TcpStream, mut far: UnixStream, mut wire: watch::Receiver<Wire>) {
    loop {
        let now = *wire.borrow_and_update();
        match now {
            Wire::Cut => return,
            Wire::Whole => tokio::select! {
                _ = copy_bidirectional(&mut near, &mut far) => return,
                changed = wire.changed() => if changed.is_err() { return },
            },
            Wire::Dead => {
                if wire.changed().await.is_err() {
                    return;
                }
                // What was lost on the way does not come back: the connection is of no use any more.
                return;
            }
        }
    }
}
