//! The private PostgreSQL: found, made, kept running and stopped without anybody's help.
//!
//! Three processes take part. The *owner* (a server, a command, the tests) holds the data folder's lock and the
//! writing end of a pipe. The *keeper* is the same program in a session of its own; it starts *PostgreSQL* as its
//! child, starts it again when it dies, and stops it when the pipe ends, which happens however the owner ends.
//! PostgreSQL listens on a Unix socket in a private folder and nowhere else. This room knows processes and folders, not
//! tables.

mod account;
mod error;
mod find;
mod folder;
mod initialise;
mod job;
mod keeper;
mod layout;
mod lock;
mod memory;
mod pid_file;
mod postmaster;
mod report;
mod running;
mod socket;
mod supervise;
mod take_over;

use std::path::{Path, PathBuf};

pub use error::ClusterError;
pub use job::Job;
pub use keeper::keep;
pub use running::{Access, Running, find_running, programs_dir};

use folder::Folder;
use lock::ServerLock;
use supervise::Supervisor;

/// What a private PostgreSQL is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder; made when it is missing.
    pub data_dir: PathBuf,
    /// Whether somebody asked for this folder. One that is only the default may be replaced by `/var/lib/masthead`
    /// when the user that PostgreSQL runs as cannot reach it.
    pub data_dir_is_explicit: bool,
    /// The folder of PostgreSQL's programs, when it is not to be looked for.
    pub pg_bin: Option<PathBuf>,
    /// The program `masthead`, which is also the keeper.
    pub keeper: PathBuf,
    /// Further settings of PostgreSQL (`fsync`, `off`).
    pub settings: Vec<(String, String)>,
    /// Stop without saving and remove the data at the end. For tests.
    pub ephemeral: bool,
}

/// A running private PostgreSQL. It stops when this is dropped, or when the process ends.
#[derive(Debug)]
pub struct Cluster {
    // Fields are dropped in this order: the keeper is told to end before the data folder is given free.
    supervisor: Supervisor,
    _lock: ServerLock,
    folder: Folder,
    bin_dir: PathBuf,
    socket_dir: PathBuf,
}

impl Cluster {
    /// Starts PostgreSQL on the data folder and waits until it takes connections. Blocks.
    ///
    /// # Errors
    /// Each says how to mend it.
    pub fn start(options: Options) -> Result<Self, ClusterError> {
        let folder = Folder::choose(&options.data_dir, options.data_dir_is_explicit)?;
        folder.make()?;
        let lock = ServerLock::take(&folder.layout)?;
        let programs = find::programs(options.pg_bin.as_deref(), folder.major()?, folder.layout.data_dir())?;
        let job = Job {
            data_dir: folder.layout.data_dir().to_path_buf(),
            bin_dir: programs.bin_dir.clone(),
            major: programs.major,
            uid: folder.account.as_ref().map(|account| account.uid),
            gid: folder.account.as_ref().map(|account| account.gid),
            settings: options
                .settings
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
            ephemeral: options.ephemeral,
        };
        let (supervisor, socket_dir) = Supervisor::start(job, options.keeper, folder.open_log()?)?;
        Ok(Self {
            supervisor,
            _lock: lock,
            folder,
            bin_dir: programs.bin_dir,
            socket_dir,
        })
    }

    /// The address of a database in this PostgreSQL, as drivers and `psql` take it. `database` is a plain name.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        running::url(&self.socket_dir, database)
    }

    /// The folder of PostgreSQL's programs: `pg_dump`, `pg_restore` and `psql` lie there.
    #[must_use]
    pub fn bin_dir(&self) -> &Path {
        &self.bin_dir
    }

    /// The data folder in use, which is not the one asked for when that was closed to PostgreSQL.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        self.folder.layout.data_dir()
    }

    /// The process of the keeper.
    #[must_use]
    pub fn keeper_pid(&self) -> u32 {
        self.supervisor.keeper_pid()
    }

    /// Stops PostgreSQL and waits until it has ended. Blocks. (Dropping does not wait.)
    pub fn stop(self) {
        self.supervisor.stop();
    }
}
