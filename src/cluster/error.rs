//! What can go wrong with the private PostgreSQL, each with how to mend it.

use std::io;
use std::path::{Path, PathBuf};

/// Why the private PostgreSQL could not be found, prepared, started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No usable PostgreSQL programs on this machine.
    #[error(
        "no PostgreSQL {minimum} or newer was found (looked in {}). Install it (Debian: apt-get install postgresql; \
         macOS: brew install postgresql@17), name its folder of programs in MASTHEAD_PG_BIN, or set DATABASE_URL to \
         use a PostgreSQL that runs elsewhere",
        .searched.join(", ")
    )]
    NoPrograms {
        /// The oldest major version that will do.
        minimum: u32,
        /// Where we looked, and what was wrong there.
        searched: Vec<String>,
    },

    /// The data folder was made by another major version than the programs found.
    #[error("{}", move_steps(.data_dir, *.holds, *.found, .bin_dir))]
    OtherVersion {
        /// The data folder.
        data_dir: PathBuf,
        /// The major version that made it.
        holds: u32,
        /// The major version found.
        found: u32,
        /// Where that version was found.
        bin_dir: PathBuf,
    },

    /// Another server uses the data folder.
    #[error(
        "another Masthead ({}) is using the data folder {}. Stop it first, or give this one a folder of its own with \
         MASTHEAD_DATA_DIR",
        .pid.map_or_else(|| "process unknown".to_owned(), |pid| format!("process {pid}")),
        .data_dir.display()
    )]
    InUse {
        /// The data folder.
        data_dir: PathBuf,
        /// The process that holds it, when it could be read.
        pid: Option<u32>,
    },

    /// We are root and the user that PostgreSQL would run as cannot reach the data folder.
    #[error(
        "PostgreSQL refuses to run as root and would run as the user {account}, who may not enter {}, so it cannot \
         reach the data folder {}. Set MASTHEAD_DATA_DIR to a folder outside of it (for example /var/lib/masthead), \
         start Masthead as the owner of that folder, or open it: chmod o+x {}",
        .blocked.display(), .data_dir.display(), .blocked.display()
    )]
    CannotEnter {
        /// The data folder.
        data_dir: PathBuf,
        /// The folder on the way that is closed.
        blocked: PathBuf,
        /// The user PostgreSQL would run as.
        account: String,
    },

    /// We are root and there is nobody to run PostgreSQL as.
    #[error(
        "PostgreSQL refuses to run as root, and /etc/passwd has neither a user postgres nor nobody to run it as. \
         Start Masthead as an ordinary user, or add one: useradd --system postgres"
    )]
    NoAccount,

    /// The database files belong to somebody else.
    #[error(
        "the database files in {} belong to user id {owner}, but PostgreSQL would run as user id {ours}. Start \
         Masthead as that user or as root, or hand the folder over: chown -R {ours} {}",
        .path.display(), .path.display()
    )]
    NotOurs {
        /// The folder of the database files.
        path: PathBuf,
        /// Whose they are.
        owner: u32,
        /// Who we would be.
        ours: u32,
    },

    /// Something that is not a database lies where the database files belong.
    #[error(
        "{} exists but holds no PostgreSQL database (it has no readable PG_VERSION). Move it away, or choose another \
         MASTHEAD_DATA_DIR",
        .path.display()
    )]
    NotADatabase {
        /// The folder of the database files.
        path: PathBuf,
    },

    /// The folder for the socket was made by somebody else.
    #[error(
        "{} exists and is not a private folder of ours: somebody else made it. Look who owns it, and remove it",
        .path.display()
    )]
    PlantedSocketFolder {
        /// The folder.
        path: PathBuf,
    },

    /// An earlier PostgreSQL on the folder did not end.
    #[error(
        "processes of an earlier PostgreSQL{} still hold {} after {seconds} s. Look at them with \
         'ps -ef | grep postgres' and end them, then start again",
        .pid.map_or_else(String::new, |pid| format!(" (process {pid})")),
        .data_dir.display()
    )]
    StillHeld {
        /// The data folder.
        data_dir: PathBuf,
        /// The process that listens, when one does.
        pid: Option<u32>,
        /// How long we waited.
        seconds: u64,
    },

    /// A program of PostgreSQL failed.
    #[error("{program} failed ({status}): {output}")]
    Program {
        /// Which one.
        program: String,
        /// How it ended.
        status: String,
        /// What it said.
        output: String,
    },

    /// PostgreSQL ended before it was ready.
    #[error("PostgreSQL did not start ({status}). The end of its log {}:\n{tail}", .log.display())]
    DidNotStart {
        /// How it ended.
        status: String,
        /// Its log file.
        log: PathBuf,
        /// The last lines of the log.
        tail: String,
    },

    /// What the keeper process reported, in its own words.
    #[error("{0}")]
    Keeper(String),

    /// The operating system refused something.
    #[error("cannot {doing}: {source}")]
    Io {
        /// What we were doing.
        doing: String,
        /// What it said.
        source: io::Error,
    },
}

impl ClusterError {
    /// For `map_err`: the operating system refused `doing`.
    pub(super) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }
}

/// A newer `pg_dump` reads older servers, and with both versions installed each data folder finds its own.
fn move_steps(data_dir: &Path, holds: u32, found: u32, bin_dir: &Path) -> String {
    let data = data_dir.display();
    let bin = bin_dir.display();
    let stay = format!(
        "the data folder {data} was made by PostgreSQL {holds}, but {bin} holds PostgreSQL {found}, which cannot open \
         it. Nothing was changed. Install PostgreSQL {holds} (Debian: apt-get install postgresql-{holds}) and start \
         again; name the folder of its programs in MASTHEAD_PG_BIN if it is not found by itself"
    );
    if found < holds {
        return stay;
    }
    format!(
        "{stay}. Then, to move the data to PostgreSQL {found}:\n\
         \x20 1. masthead database run        (leave it running, and do step 2 in another terminal)\n\
         \x20 2. {bin}/pg_dump --format=custom --file=masthead.dump \"$(masthead database url)\"\n\
         \x20 3. interrupt the first, then: mv {data}/postgres {data}/postgres-{holds}\n\
         \x20 4. MASTHEAD_PG_BIN={bin} masthead database run        (leave it running)\n\
         \x20 5. {bin}/pg_restore --dbname=\"$(masthead database url)\" masthead.dump\n\
         \x20 6. interrupt it; once Masthead serves as before, {data}/postgres-{holds} can be removed"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_newer_version_is_offered_to_move_to() {
        let steps = |holds| move_steps(Path::new("/data"), holds, 15, Path::new("/opt/15/bin"));
        assert!(steps(14).contains("/opt/15/bin/pg_dump"));
        assert!(!steps(17).contains("pg_dump"));
        assert!(steps(17).contains("postgresql-17"));
    }
}
