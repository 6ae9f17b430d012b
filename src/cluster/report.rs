//! What the keeper tells its owner, one JSON line each on its standard output.

use std::io::Write;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A line from the keeper.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Report {
    /// Something worth a line in the log.
    Note(String),
    /// Something went wrong that the keeper mends itself.
    Trouble(String),
    /// PostgreSQL takes connections.
    Ready {
        /// The folder of its socket.
        socket_dir: PathBuf,
        /// Its process.
        pid: u32,
    },
    /// The keeper gives up.
    Failed(String),
}

impl Report {
    /// Writes the line. An owner that no longer reads is about to be noticed by the end of its pipe; the keeper's own
    /// log hears of it too.
    pub(super) fn send(&self) {
        let line = serde_json::to_string(self).unwrap_or_default();
        if let Err(error) = writeln!(std::io::stdout(), "{line}") {
            log(&format!("the owner does not listen ({error}); not told: {line}"));
        }
    }

    /// Reads a line.
    pub(super) fn read(line: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(line)
    }
}

/// A line of the keeper's own in PostgreSQL's log, which is its standard error.
pub(super) fn log(text: &str) {
    let now = crate::clock::Clock::system().now().format("%Y-%m-%d %H:%M:%S%.3f UTC");
    eprintln!("{now} [{}] KEEPER:  {text}", std::process::id());
}
