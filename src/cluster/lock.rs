//! One server for each data folder: a lock that ends with the process that holds it, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use super::error::ClusterError;
use super::layout::Layout;

/// Half a second in all.
const GRACE_TRIES: u32 = 50;
const GRACE_PAUSE: Duration = Duration::from_millis(10);

/// Held by the server for as long as it uses the data folder.
#[derive(Debug)]
pub(super) struct ServerLock(File);

impl ServerLock {
    /// Takes the lock, or says who holds it.
    pub(super) fn take(layout: &Layout) -> Result<Self, ClusterError> {
        let path = layout.server_lock();
        let doing = || format!("lock {}", path.display());
        let mut file = open(&path)?;
        match try_for_a_moment(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let pid = holder(&mut file);
                return Err(ClusterError::InUse {
                    data_dir: layout.data_dir().to_path_buf(),
                    pid,
                });
            }
            Err(TryLockError::Error(error)) => return Err(ClusterError::io(doing())(error)),
        }
        file.set_len(0).map_err(ClusterError::io(doing()))?;
        writeln!(file, "{}", std::process::id()).map_err(ClusterError::io(doing()))?;
        Ok(Self(file))
    }
}

impl Drop for ServerLock {
    fn drop(&mut self) {
        // Closing alone would leave it locked for as long as a child that is just being started shares the file.
        if let Err(error) = self.0.unlock() {
            tracing::warn!("the lock of the data folder could not be released: {error}");
        }
    }
}

/// A process that was just killed holds its lock until the system has taken it apart.
fn try_for_a_moment(file: &File) -> Result<(), TryLockError> {
    for _ in 0..GRACE_TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(GRACE_PAUSE),
            other => return other,
        }
    }
    file.try_lock()
}

/// Opens a lock file, making it when it is missing.
pub(super) fn open(path: &Path) -> Result<File, ClusterError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options
        .open(path)
        .map_err(ClusterError::io(format!("open the lock {}", path.display())))
}

/// The process id in the file; none when its holder is only just writing it.
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
