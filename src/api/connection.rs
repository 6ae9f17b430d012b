//! One connection and its watchman.
//!
//! The framework gives a deadline to the first head of a connection only. Whoever, once answered, takes the answer a byte
//! a minute, sends a body that nobody asked for, or begins another head and never ends it, would hold a connection for
//! good. The watchman closes what has been answered and has not sent a whole new head within the limit of heads, and what
//! does not take its answer.

mod parcel;

use std::any::Any;
use std::cell::Cell;
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::dev::Extensions;
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::rt::net::TcpStream;
use actix_web::rt::task::JoinHandle;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// How long somebody may go on sending after an answer that ends the connection.
const LINGER: Duration = Duration::from_secs(1);

/// How long a connection may do what.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Send the next head whole, after an answer.
    pub rest: Duration,
    /// Take an answer.
    pub sending: Duration,
}

/// How many connections have sent no whole head yet.
pub type Expected = Arc<AtomicUsize>;

/// A connection; the watchman goes when it ends.
pub struct Connection {
    activity: Rc<Activity>,
    watchman: JoinHandle<()>,
}

/// What the watchman looks at.
struct Activity {
    answering: Cell<u32>,
    sending: Cell<u32>,
    /// When it last began or ended one of these.
    since: Cell<Instant>,
    /// Whether nothing more is expected of it.
    dismissed: Cell<bool>,
    dismissal: Notify,
    /// Until its first head is whole.
    expected: Cell<Option<Expected>>,
}

/// While this lives, a request is being answered.
pub struct Answering(Rc<Activity>);

/// While this lives, an answer is being taken.
struct Sending(Rc<Activity>);

impl Connection {
    /// Notes that a request of this connection is being answered.
    #[must_use]
    pub fn answering(&self) -> Answering {
        self.activity.came();
        self.activity.answering.set(self.activity.answering.get() + 1);
        Answering(Rc::clone(&self.activity))
    }
}

impl Answering {
    /// Hands the answer over. Whoever was too slow with a body is not listened to any longer.
    pub fn hand_over(self, mut response: HttpResponse) -> HttpResponse {
        if response.status() == StatusCode::REQUEST_TIMEOUT {
            response.head_mut().set_connection_type(ConnectionType::Close);
            self.0.dismissed.set(true);
            self.0.dismissal.notify_one();
        }
        let activity = Rc::clone(&self.0);
        response.map_body(|_, body| parcel::by_the_piece(body, || Sending::begin(activity)))
    }
}

impl Sending {
    fn begin(activity: Rc<Activity>) -> Self {
        activity.sending.set(activity.sending.get() + 1);
        Self(activity)
    }
}

impl Activity {
    fn came(&self) {
        if let Some(expected) = self.expected.take() {
            expected.fetch_sub(1, Ordering::AcqRel);
        }
    }

    /// When it has to be over, as things stand.
    fn due(&self, limits: &Limits, now: Instant) -> Instant {
        if self.answering.get() > 0 {
            return now + limits.rest;
        }
        let limit = match (self.dismissed.get(), self.sending.get()) {
            (true, _) => LINGER.min(limits.rest),
            (false, 0) => limits.rest,
            (false, _) => limits.sending,
        };
        self.since.get() + limit
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.answering.set(self.0.answering.get().saturating_sub(1));
        self.0.since.set(Instant::now());
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.0.sending.set(self.0.sending.get().saturating_sub(1));
        self.0.since.set(Instant::now());
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.activity.came();
        self.watchman.abort();
    }
}

/// What the server does with each new connection: puts a watchman beside it.
pub fn watch(limits: Limits, expected: Expected) -> impl Fn(&dyn Any, &mut Extensions) + Send + Sync + 'static {
    move |io, extensions| {
        let Some(stream) = io.downcast_ref::<TcpStream>() else {
            return;
        };
        match stream.as_fd().try_clone_to_owned() {
            Ok(handle) => {
                expected.fetch_add(1, Ordering::AcqRel);
                let activity = Rc::new(Activity {
                    answering: Cell::new(0),
                    sending: Cell::new(0),
                    // The framework answers a first head that is too slow: it comes first.
                    since: Cell::new(Instant::now() + LINGER),
                    dismissed: Cell::new(false),
                    dismissal: Notify::new(),
                    expected: Cell::new(Some(Arc::clone(&expected))),
                });
                let patrol = patrol(Rc::clone(&activity), std::net::TcpStream::from(handle), limits);
                extensions.insert(Connection {
                    activity,
                    watchman: actix_web::rt::spawn(patrol),
                });
            }
            Err(error) => tracing::warn!(%error, "a connection has no watchman"),
        }
    }
}

async fn patrol(activity: Rc<Activity>, stream: std::net::TcpStream, limits: Limits) {
    loop {
        let now = Instant::now();
        let due = activity.due(&limits, now);
        if due <= now {
            match stream.shutdown(Shutdown::Both) {
                Ok(()) => tracing::debug!("closed a connection that dawdled"),
                Err(error) => tracing::debug!(%error, "a connection that dawdled was closed already"),
            }
            return;
        }
        tokio::select! {
            () = sleep_until(due.min(now + limits.rest)) => {}
            () = activity.dismissal.notified() => {}
        }
    }
}
