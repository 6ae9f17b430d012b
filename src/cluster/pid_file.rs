//! What PostgreSQL writes about itself into `postmaster.pid`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::ClusterError;

/// The lines that matter here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PidFile {
    pub(super) pid: u32,
    pub(super) database: PathBuf,
    pub(super) socket: PathBuf,
    pub(super) is_ready: bool,
}

/// Reads the file; `None` when it is missing or only half written.
pub(super) fn read(path: &Path) -> Result<Option<PidFile>, ClusterError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(parse(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ClusterError::io(format!("read {}", path.display()))(error)),
    }
}

/// Lines: process, data folder, start time, port, socket folder, TCP address, shared memory, status.
fn parse(text: &str) -> Option<PidFile> {
    let mut lines = text.lines();
    let pid = lines.next()?.trim().parse().ok()?;
    let database = PathBuf::from(lines.next()?);
    let port: u16 = lines.nth(1)?.trim().parse().ok()?;
    let socket = Path::new(lines.next()?).join(format!(".s.PGSQL.{port}"));
    let is_ready = lines.nth(2)?.trim() == "ready";
    Some(PidFile {
        pid,
        database,
        socket,
        is_ready,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_file_is_read_and_a_half_one_is_not() {
        let whole = "4711\n/data/postgres\n1700000000\n5432\n/run/masthead-00\n\n  5432001  3\nready   \n";
        let read = parse(whole).expect("a whole file");
        assert_eq!((read.pid, read.is_ready), (4711, true));
        assert_eq!(read.socket, Path::new("/run/masthead-00/.s.PGSQL.5432"));
        assert_eq!(read.database, Path::new("/data/postgres"));
        assert_eq!(parse("4711\n/data/postgres\n1700000000\n5432\n"), None);
        let starting = parse(&whole.replace("ready", "starting")).expect("a whole file");
        assert!(!starting.is_ready);
    }
}
