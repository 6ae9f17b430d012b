//! What lies where in a data folder.
//!
//! ```text
//! data/                 ours; PostgreSQL's user may enter it, not list it
//!   masthead.lock       held by the server; holds its process id
//!   postgres.lock       held by every process that touches the database files
//!   postgres.log        what PostgreSQL and its keeper say
//!   postgres/           the database files, owned by PostgreSQL's user
//!   postgres.new/       the same while they are first made
//! ```

use std::path::{Path, PathBuf};

/// The paths inside a data folder.
#[derive(Clone, Debug)]
pub(super) struct Layout(PathBuf);

impl Layout {
    /// `data_dir` is absolute: the keeper works from `/`.
    pub(super) fn new(data_dir: PathBuf) -> Self {
        Self(data_dir)
    }

    pub(super) fn data_dir(&self) -> &Path {
        &self.0
    }

    pub(super) fn database(&self) -> PathBuf {
        self.0.join("postgres")
    }

    pub(super) fn unfinished(&self) -> PathBuf {
        self.0.join("postgres.new")
    }

    pub(super) fn pid_file(&self) -> PathBuf {
        self.database().join("postmaster.pid")
    }

    /// The command that the running PostgreSQL was started with.
    pub(super) fn start_command(&self) -> PathBuf {
        self.database().join("postmaster.opts")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.0.join("postgres.log")
    }

    pub(super) fn server_lock(&self) -> PathBuf {
        self.0.join("masthead.lock")
    }

    pub(super) fn database_lock(&self) -> PathBuf {
        self.0.join("postgres.lock")
    }
}
