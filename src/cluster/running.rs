//! Looking at a private PostgreSQL from outside: does one run, and where are its programs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::ClusterError;
use super::folder::Folder;
use super::initialise::NAME;
use super::{Cluster, Options, find, pid_file, socket};

/// A private PostgreSQL that another process keeps.
#[derive(Clone, Debug)]
pub struct Running {
    /// Its process.
    pub pid: u32,
    /// The folder of its programs, `pg_dump` among them.
    pub bin_dir: PathBuf,
    socket_dir: PathBuf,
}

impl Running {
    /// The address of a database in it. `database` is a plain name.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        url(&self.socket_dir, database)
    }
}

/// The private PostgreSQL for the length of a command.
#[derive(Debug)]
pub enum Access {
    /// The one that another process, most likely a server, keeps.
    Running(Running),
    /// One that was started for the command. It stops when this is dropped.
    Started(Cluster),
}

impl Access {
    /// The one that runs on the data folder, or else one started there. Blocks.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn open(options: Options) -> Result<Self, ClusterError> {
        match find_running(&options.data_dir, options.data_dir_is_explicit)? {
            Some(running) => Ok(Self::Running(running)),
            None => Cluster::start(options).map(Self::Started),
        }
    }

    /// The address of a database in it. `database` is a plain name.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        match self {
            Self::Running(running) => running.url(database),
            Self::Started(cluster) => cluster.url(database),
        }
    }

    /// The folder of its programs, `pg_dump` among them.
    #[must_use]
    pub fn bin_dir(&self) -> &Path {
        match self {
            Self::Running(running) => &running.bin_dir,
            Self::Started(cluster) => cluster.bin_dir(),
        }
    }
}

/// The private PostgreSQL of this data folder, if one runs and takes connections. Starts nothing, makes nothing.
///
/// # Errors
/// When the data folder cannot be reached or read.
pub fn find_running(data_dir: &Path, data_dir_is_explicit: bool) -> Result<Option<Running>, ClusterError> {
    let folder = Folder::choose(data_dir, data_dir_is_explicit)?;
    let layout = &folder.layout;
    if folder.major()?.is_none() {
        return Ok(None);
    }
    let Some(found) = pid_file::read(&layout.pid_file())?.filter(|found| found.is_ready) else {
        return Ok(None);
    };
    // A file left behind, or copied with its folder, names no server of this folder.
    if found.database != layout.database() || !socket::is_answered(&found.socket) {
        return Ok(None);
    }
    let Some(socket_dir) = found.socket.parent().map(Path::to_path_buf) else {
        return Ok(None);
    };
    let bin_dir = started_from(&layout.start_command())?;
    Ok(Some(Running {
        pid: found.pid,
        bin_dir,
        socket_dir,
    }))
}

/// The folder of the programs it was started from: the first word of the command that PostgreSQL keeps, whose
/// arguments are each in quotes.
fn started_from(start_command: &Path) -> Result<PathBuf, ClusterError> {
    let doing = || ClusterError::io(format!("read {}", start_command.display()));
    let command = fs::read_to_string(start_command).map_err(doing())?;
    let program = command.split(" \"").next().map(Path::new).and_then(Path::parent);
    program
        .map(Path::to_path_buf)
        .ok_or_else(|| doing()(io::ErrorKind::InvalidData.into()))
}

/// The folder of PostgreSQL's programs on this machine, for use against a server elsewhere.
///
/// # Errors
/// When there is none, saying where it was looked for.
pub fn programs_dir(pg_bin: Option<&Path>) -> Result<PathBuf, ClusterError> {
    Ok(find::programs(pg_bin, None, Path::new("/"))?.bin_dir)
}

/// A socket's folder stands in an address as a host with its slashes escaped.
pub(super) fn url(socket_dir: &Path, database: &str) -> String {
    let host = socket_dir.display().to_string().replace('/', "%2F");
    format!("postgresql://{NAME}@{host}/{database}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_what_the_driver_understands() {
        let address = url(Path::new("/run/masthead-0011"), "masthead");
        let config: tokio_postgres::Config = address.parse().expect("an address");
        assert_eq!(
            config.get_hosts(),
            [tokio_postgres::config::Host::Unix(PathBuf::from("/run/masthead-0011"))]
        );
        assert_eq!(
            (config.get_user(), config.get_dbname()),
            (Some("masthead"), Some("masthead"))
        );
    }
}
