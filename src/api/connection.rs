//! One connection and its watchman.
//!
//! The framework gives a deadline to the first head of a connection only. Whoever, once answered, takes the answer a byte
//! a minute, sends a body that nobody asked for, or begins another head and never ends it, would hold a connection for
//! good. The watchman closes what has been answered and has not sent a whole new head within the limit.

use std::any::Any;
use std::cell::Cell;
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::rc::Rc;
use std::time::Duration;

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use actix_web::rt::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// A connection; the watchman goes when it ends.
pub struct Connection {
    activity: Rc<Activity>,
    watchman: JoinHandle<()>,
}

/// What the watchman looks at.
struct Activity {
    answering: Cell<u32>,
    rests_since: Cell<Instant>,
}

/// While this lives, a request is being answered.
pub struct Answering(Rc<Activity>);

impl Connection {
    /// Notes that a request of this connection is being answered.
    #[must_use]
    pub fn answering(&self) -> Answering {
        self.activity.answering.set(self.activity.answering.get() + 1);
        Answering(Rc::clone(&self.activity))
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.answering.set(self.0.answering.get().saturating_sub(1));
        self.0.rests_since.set(Instant::now());
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.watchman.abort();
    }
}

/// What the server does with each new connection: puts a watchman beside it that lets it rest for `limit` at most.
pub fn watch(limit: Duration) -> impl Fn(&dyn Any, &mut Extensions) + Send + Sync + 'static {
    move |io, extensions| {
        let Some(stream) = io.downcast_ref::<TcpStream>() else {
            return;
        };
        match stream.as_fd().try_clone_to_owned() {
            Ok(handle) => {
                let now = Instant::now();
                let activity = Rc::new(Activity {
                    answering: Cell::new(0),
                    rests_since: Cell::new(now),
                });
                let patrol = patrol(Rc::clone(&activity), std::net::TcpStream::from(handle), limit);
                extensions.insert(Connection {
                    activity,
                    watchman: actix_web::rt::spawn(patrol),
                });
            }
            Err(error) => tracing::warn!(%error, "a connection has no watchman"),
        }
    }
}

async fn patrol(activity: Rc<Activity>, stream: std::net::TcpStream, limit: Duration) {
    loop {
        let now = Instant::now();
        let due = if activity.answering.get() > 0 {
            now + limit
        } else {
            activity.rests_since.get() + limit
        };
        if due <= now {
            match stream.shutdown(Shutdown::Both) {
                Ok(()) => tracing::debug!("closed a connection that dawdled"),
                Err(error) => tracing::debug!(%error, "a connection that dawdled was closed already"),
            }
            return;
        }
        sleep_until(due).await;
    }
}
