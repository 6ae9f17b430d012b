//! Which data folder it is, that it can be used, and which PostgreSQL made it.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::account::{self, Account};
use super::error::ClusterError;
use super::layout::Layout;

/// Where the data goes when PostgreSQL's user cannot reach the default folder.
const FALLBACK: &str = "/var/lib/masthead";
/// A log larger than this is put aside when the keeper starts.
const LOG_LIMIT: u64 = 10 * 1024 * 1024;

/// A data folder, and the user whose database files it holds when that is not us.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    pub(super) layout: Layout,
    pub(super) account: Option<Account>,
}

impl Folder {
    /// Decides on the folder, making nothing: the one asked for, or the fallback when it is only the default and
    /// closed to the user PostgreSQL has to run as.
    pub(super) fn choose(wanted: &Path, is_explicit: bool) -> Result<Self, ClusterError> {
        let wanted = Self::at(wanted)?;
        let Some((account, blocked)) = wanted.blocked() else {
            return Ok(wanted);
        };
        if is_explicit {
            return Err(ClusterError::CannotEnter {
                data_dir: wanted.path().to_path_buf(),
                blocked,
                account: account.name,
            });
        }
        let fallback = Self::at(Path::new(FALLBACK))?;
        if let Some((account, blocked)) = fallback.blocked() {
            return Err(ClusterError::CannotEnter {
                data_dir: fallback.path().to_path_buf(),
                blocked,
                account: account.name,
            });
        }
        tracing::warn!(
            "PostgreSQL runs as the user {}, who may not enter {}: the data is kept in {FALLBACK} instead of {} (set \
             MASTHEAD_DATA_DIR to choose another folder)",
            account.name,
            blocked.display(),
            wanted.path().display()
        );
        Ok(fallback)
    }

    fn at(path: &Path) -> Result<Self, ClusterError> {
        let absolute =
            std::path::absolute(path).map_err(ClusterError::io(format!("find the folder {}", path.display())))?;
        let layout = Layout::new(resolve(&absolute));
        let account = account::for_postgres(&layout.database())?;
        Ok(Self { layout, account })
    }

    fn blocked(&self) -> Option<(Account, PathBuf)> {
        let account = self.account.clone()?;
        let blocked = account.blocked_by(self.path())?;
        Some((account, blocked))
    }

    /// Makes the folder and its parents where they are missing.
    pub(super) fn make(&self) -> Result<(), ClusterError> {
        let doing = || format!("make the data folder {}", self.path().display());
        let missing: Vec<&Path> = self.path().ancestors().take_while(|folder| !folder.exists()).collect();
        for folder in missing.into_iter().rev() {
            // Others' way in is needed only when PostgreSQL runs as another user.
            let mode = match (&self.account, folder == self.path()) {
                (None, _) => 0o700,
                (Some(_), true) => 0o711,
                (Some(_), false) => 0o755,
            };
            let made = match DirBuilder::new().mode(mode).create(folder) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                other => other,
            };
            // Said again because the umask takes bits away from `create`.
            made.and_then(|()| fs::set_permissions(folder, Permissions::from_mode(mode)))
                .map_err(ClusterError::io(doing()))?;
        }
        Ok(())
    }

    /// The major version that made the database files, or `None` when there are none yet.
    pub(super) fn major(&self) -> Result<Option<u32>, ClusterError> {
        let path = self.layout.database();
        match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ClusterError::io(format!("look into {}", path.display()))(error)),
            Ok(found) => self.check_owner(&path, found.uid())?,
        }
        let version = fs::read_to_string(path.join("PG_VERSION")).ok();
        let major = version.and_then(|text| text.trim().split('.').next()?.parse().ok());
        major.map(Some).ok_or(ClusterError::NotADatabase { path })
    }

    fn check_owner(&self, path: &Path, owner: u32) -> Result<(), ClusterError> {
        let ours = self
            .account
            .as_ref()
            .map_or_else(|| rustix::process::geteuid().as_raw(), |account| account.uid);
        if owner == ours {
            return Ok(());
        }
        Err(ClusterError::NotOurs {
            path: path.to_path_buf(),
            owner,
            ours,
        })
    }

    /// The log, opened for adding to it; an overlong one is put aside first.
    pub(super) fn open_log(&self) -> Result<File, ClusterError> {
        let path = self.layout.log();
        let doing = || format!("open the log {}", path.display());
        if fs::metadata(&path).is_ok_and(|found| found.len() > LOG_LIMIT) {
            fs::rename(&path, path.with_extension("log.1")).map_err(ClusterError::io(doing()))?;
        }
        OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&path)
            .map_err(ClusterError::io(doing()))
    }

    fn path(&self) -> &Path {
        self.layout.data_dir()
    }
}

/// The path without symbolic links, as far as it exists: one folder has one name, whatever way led there.
fn resolve(absolute: &Path) -> PathBuf {
    for existing in absolute.ancestors() {
        let Ok(real) = existing.canonicalize() else { continue };
        // Joining an empty rest would leave a slash at the end.
        return match absolute.strip_prefix(existing) {
            Ok(rest) if !rest.as_os_str().is_empty() => real.join(rest),
            _ => real,
        };
    }
    absolute.to_path_buf()
}
