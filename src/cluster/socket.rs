//! The folder of the Unix socket: the only door to the private PostgreSQL.
//!
//! A socket's path holds about a hundred bytes, so the folder lies under `/run` or `/tmp` whatever the data folder is
//! called. It is ours alone (0700), which is what makes `trust` safe behind it.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, lchown};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::account::Account;
use super::error::ClusterError;

/// Only names the socket's file: nothing listens on TCP.
pub(super) const PORT: u16 = 5432;
/// Tried in this order. Only root may write to the first.
const PARENTS: [&str; 2] = ["/run", "/tmp"];

/// The socket's folder, removed with [`SocketFolder::remove`].
#[derive(Debug)]
pub(super) struct SocketFolder(PathBuf);

impl SocketFolder {
    /// Makes the folder. The caller holds the data folder's lock, so one left behind by an earlier run is replaced.
    pub(super) fn make(data_dir: &Path, account: Option<&Account>) -> Result<Self, ClusterError> {
        let mut refused = None;
        for path in candidates(data_dir) {
            match make_at(&path, account) {
                Ok(()) => return Ok(Self(path)),
                Err(error) => refused = Some(error),
            }
        }
        Err(refused.unwrap_or(ClusterError::PlantedSocketFolder {
            path: data_dir.to_path_buf(),
        }))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Removes the folder with what is in it.
    pub(super) fn remove(self) -> Result<(), ClusterError> {
        fs::remove_dir_all(&self.0).map_err(ClusterError::io(format!("remove {}", self.0.display())))
    }
}

/// Where the socket of this data folder may lie.
pub(super) fn candidates(data_dir: &Path) -> impl Iterator<Item = PathBuf> {
    let digest = Sha256::digest(data_dir.as_os_str().as_encoded_bytes());
    let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    PARENTS
        .into_iter()
        .map(move |parent| Path::new(parent).join(format!("masthead-{hash}")))
}

/// The socket inside its folder.
pub(super) fn file_in(folder: &Path) -> PathBuf {
    folder.join(format!(".s.PGSQL.{PORT}"))
}

/// Whether somebody listens on this socket.
pub(super) fn is_answered(socket: &Path) -> bool {
    UnixStream::connect(socket).is_ok()
}

fn make_at(path: &Path, account: Option<&Account>) -> Result<(), ClusterError> {
    match fs::symlink_metadata(path) {
        Ok(found) => remove_ours(path, &found, account)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(path)(error)),
    }
    // Never through a link: `create` fails on a name that somebody else takes in between.
    DirBuilder::new().mode(0o700).create(path).map_err(failed(path))?;
    match account {
        Some(account) => lchown(path, Some(account.uid), Some(account.gid)).map_err(failed(path)),
        None => Ok(()),
    }
}

fn remove_ours(path: &Path, found: &fs::Metadata, account: Option<&Account>) -> Result<(), ClusterError> {
    let us = rustix::process::geteuid().as_raw();
    let is_ours = found.uid() == us || account.is_some_and(|account| found.uid() == account.uid);
    if !found.is_dir() || !is_ours {
        return Err(ClusterError::PlantedSocketFolder {
            path: path.to_path_buf(),
        });
    }
    fs::remove_dir_all(path).map_err(failed(path))
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> ClusterError + use<> {
    ClusterError::io(format!("make the folder {} for PostgreSQL's socket", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_path_is_short_whatever_the_data_folder_is_called() {
        let deep = Path::new("/").join("long/".repeat(200));
        for folder in candidates(&deep) {
            assert!(file_in(&folder).as_os_str().len() < 100);
        }
        assert_ne!(candidates(Path::new("/a")).next(), candidates(Path::new("/b")).next());
    }

    #[test]
    fn planted_links_are_refused() {
        let data = std::env::temp_dir().join(format!("masthead-planted-{}", std::process::id()));
        // Only root may write to the first place.
        let planted: Vec<PathBuf> = candidates(&data)
            .filter(|path| std::os::unix::fs::symlink("/etc", path).is_ok())
            .collect();
        let made = SocketFolder::make(&data, None);
        for path in &planted {
            fs::remove_file(path).expect("to remove the link, which is still one");
        }
        let error = made.expect_err("the links are not ours");
        assert!(
            matches!(&error, ClusterError::PlantedSocketFolder { path } if planted.contains(path)),
            "{error}"
        );
    }
}
