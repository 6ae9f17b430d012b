//! How many descriptors the process may have, and for how many connections they are enough: who opens many and says little
//! must not take the last one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More than this is of no use.
const MOST: u64 = 262_144;

/// What the process needs beside callers and the database: its log, its listeners, files that it serves and reads.
const BESIDE: usize = 64;

/// What one of our threads can serve.
const CONNECTIONS: usize = 25_000;

/// Fewer than this is few for a server that strangers may connect to.
pub const FEW: u64 = 4_096;

/// Lets the process have as many as the system allows. (What a shell gives at first is often 1,024.)
pub fn raise() {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(MOST, |maximum| maximum.min(MOST));
    if limit.current.is_none_or(|current| current >= wanted) {
        return;
    }
    let raised = Rlimit {
        current: Some(wanted),
        ..limit
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit on open files cannot be raised");
    }
}

/// How many the system allows at most, if it counts them.
#[must_use]
pub fn most() -> Option<u64> {
    getrlimit(Resource::Nofile).maximum
}

/// How many connections each of `threads` may have beside so many to the database. Each takes two: its own and its watchman's.
#[must_use]
pub fn connections(threads: usize, to_database: usize) -> usize {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(MOST);
    shared(usize::try_from(limit).unwrap_or(usize::MAX), threads, to_database)
}

fn shared(limit: usize, threads: usize, to_database: usize) -> usize {
    let left = limit.saturating_sub(BESIDE + to_database) / 2;
    (left / threads.max(1)).clamp(8, CONNECTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_connections_together_leave_room_for_the_rest() {
        for (limit, threads) in [(1024, 2), (1024, 16), (4096, 4), (262_144, 64)] {
            let each = shared(limit, threads, 10);
            assert!(
                each > 8 && each * threads * 2 + BESIDE + 10 <= limit,
                "{limit} {threads}: {each}"
            );
        }
        assert_eq!(shared(1_000_000, 2, 10), CONNECTIONS);
        assert_eq!(shared(64, 2, 10), 8);
    }
}
