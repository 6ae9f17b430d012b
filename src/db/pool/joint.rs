//! Connections that several readers ask at once.
//!
//! PostgreSQL takes the next question from the same socket without having slept in between, and nobody asks over the
//! connection of another thread. Only for questions that are answered in a moment, because each waits for those before it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::{Joined, Pooled};

/// For how long others may join. Then it goes back to the pool once all are answered, where those wait who want one for
/// themselves, and where a broken one is found out.
const OPEN: Duration = Duration::from_millis(50);

/// How many ask at once at most.
const MOST: usize = 16;

/// The connections that may be joined.
#[derive(Default)]
pub struct Joint(Mutex<Vec<Loan>>);

struct Loan {
    conn: Weak<Pooled>,
    until: Instant,
}

impl Joint {
    /// Lets others join this connection for a while.
    pub fn open(&self, conn: Pooled) -> Joined {
        let conn = Arc::new(conn);
        self.loans().push(Loan {
            conn: Arc::downgrade(&conn),
            until: Instant::now() + OPEN,
        });
        conn
    }

    /// The one that the fewest ask, if there is one to join.
    pub fn join(&self) -> Option<Joined> {
        let loans = self.loans();
        let few = loans.iter().filter(|loan| loan.conn.strong_count() < MOST);
        few.min_by_key(|loan| loan.conn.strong_count())?.conn.upgrade()
    }

    /// Those that are still open.
    fn loans(&self) -> MutexGuard<'_, Vec<Loan>> {
        let mut loans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        loans.retain(|loan| now < loan.until && loan.conn.strong_count() > 0);
        loans
    }
}
