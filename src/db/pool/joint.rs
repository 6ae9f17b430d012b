//! Connections that several readers ask at once.
//!
//! PostgreSQL takes the next question from the same socket without having slept in between, and nobody asks over the
//! connection of another thread. Only for questions that are answered in a moment, because each waits for those before it.

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Pooled;

/// For how long others may join. Then it goes back to the pool once all are answered, where those wait who want one for
/// themselves, and where a broken one is found out. One after the other: others can be joined meanwhile.
const OPEN: Duration = Duration::from_millis(50);

/// How many articles a thread's readers have under way at most. More do not fit into a processor's own memory: when 32 asked
/// for lists of 20 at once, each took a quarter longer than when 10 did.
const MOST: u8 = 200;

/// A connection on loan to several at once: what they ask is answered in the order in which they asked.
pub struct Joined {
    conn: Arc<Pooled>,
    _turn: Option<Turn>,
}

/// That one may ask, until it is dropped.
pub type Turn = OwnedSemaphorePermit;

impl Deref for Joined {
    type Target = Pooled;

    fn deref(&self) -> &Pooled {
        &self.conn
    }
}

impl From<Pooled> for Joined {
    /// One that nobody else joins.
    fn from(conn: Pooled) -> Self {
        Self {
            conn: Arc::new(conn),
            _turn: None,
        }
    }
}

/// The connections that may be joined.
pub struct Joint {
    loans: Mutex<Vec<Loan>>,
    turns: Arc<Semaphore>,
}

struct Loan {
    conn: Weak<Pooled>,
    until: Instant,
    /// Whether nobody joins any more.
    closed: bool,
}

impl Default for Joint {
    fn default() -> Self {
        Self {
            loans: Mutex::default(),
            turns: Arc::new(Semaphore::new(MOST.into())),
        }
    }
}

impl Joint {
    /// Waits until one may ask for so many articles, but not for longer than this.
    pub async fn turn(&self, articles: u32, wait: Duration) -> Option<Turn> {
        let turn = Arc::clone(&self.turns).acquire_many_owned(articles.min(MOST.into()));
        tokio::time::timeout(wait, turn).await.ok()?.ok()
    }

    /// Lets others join this connection for a while.
    pub fn open(&self, conn: Pooled, turn: Turn) -> Joined {
        let conn = Arc::new(conn);
        self.loans().push(Loan {
            conn: Arc::downgrade(&conn),
            until: Instant::now() + OPEN,
            closed: false,
        });
        Joined {
            conn,
            _turn: Some(turn),
        }
    }

    /// The one that the fewest ask, if there is one to join.
    pub fn join(&self, turn: Turn) -> Option<Joined> {
        let loans = self.loans();
        let open = loans.iter().filter(|loan| !loan.closed);
        let fewest = open.min_by_key(|loan| loan.conn.strong_count())?;
        Some(Joined {
            conn: fewest.conn.upgrade()?,
            _turn: Some(turn),
        })
    }

    /// Those that are in use; of those whose time is up, the first is closed.
    fn loans(&self) -> MutexGuard<'_, Vec<Loan>> {
        let mut loans = self.loans.lock().unwrap_or_else(PoisonError::into_inner);
        loans.retain(|loan| loan.conn.strong_count() > 0);
        if !loans.iter().any(|loan| loan.closed) {
            let now = Instant::now();
            if let Some(over) = loans.iter_mut().find(|loan| now >= loan.until) {
                over.closed = true;
            }
        }
        loans
    }
}
