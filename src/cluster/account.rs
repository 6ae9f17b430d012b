//! Whom PostgreSQL runs as. It refuses to run as root, so a root process hands it to another user.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::ClusterError;

const PASSWORD_FILE: &str = "/etc/passwd";
/// Tried in this order.
const NAMES: [&str; 2] = ["postgres", "nobody"];

/// A user of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// The user to hand PostgreSQL to, or `None` when we are an ordinary user and run it ourselves.
///
/// Database files that are there already decide: PostgreSQL opens only its own user's.
pub(super) fn for_postgres(database: &Path) -> Result<Option<Account>, ClusterError> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let passwords =
        fs::read_to_string(PASSWORD_FILE).map_err(ClusterError::io(format!("read the users in {PASSWORD_FILE}")))?;
    let accounts = parse(&passwords);
    let owner = fs::metadata(database)
        .ok()
        .map(|found| found.uid())
        .filter(|uid| *uid != 0);
    let by_owner = owner.and_then(|uid| accounts.iter().find(|account| account.uid == uid));
    let by_name = || {
        NAMES
            .iter()
            .find_map(|name| accounts.iter().find(|a| a.name == *name && a.uid != 0))
    };
    by_owner
        .or_else(by_name)
        .cloned()
        .map(Some)
        .ok_or(ClusterError::NoAccount)
}

fn parse(passwords: &str) -> Vec<Account> {
    let line = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Account { name, uid, gid })
    };
    passwords.lines().filter_map(line).collect()
}

impl Account {
    /// The first folder on the way to `path` (itself included) that this user may not enter.
    pub(super) fn blocked_by(&self, path: &Path) -> Option<PathBuf> {
        let mut ancestors: Vec<&Path> = path.ancestors().collect();
        ancestors.reverse();
        ancestors
            .into_iter()
            .find(|folder| !self.may_enter(folder))
            .map(Path::to_path_buf)
    }

    fn may_enter(&self, folder: &Path) -> bool {
        // What does not exist yet is made by us, and open enough; what is no folder is refused when it is used as one.
        let Ok(found) = fs::metadata(folder) else { return true };
        if !found.is_dir() {
            return true;
        }
        let bit = match (found.uid() == self.uid, found.gid() == self.gid) {
            (true, _) => 0o100,
            (false, true) => 0o010,
            (false, false) => 0o001,
        };
        found.mode() & bit != 0
    }
}

/// Makes `command` run as `account`, with an empty environment: PostgreSQL's programs take settings from many
/// variables (`PGDATA`, `PGPORT`, ...), and ours hold secrets that are none of their business.
pub(super) fn as_account(command: &mut Command, account: Option<&Account>) {
    command
        .env_clear()
        .env("LC_ALL", "C")
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .current_dir("/");
    if let Some(account) = account {
        // Dropping from root to a user id also empties the supplementary groups (see CommandExt::uid).
        command.uid(account.uid).gid(account.gid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_file_is_read_and_odd_lines_are_passed_over() {
        let accounts =
            parse("root:x:0:0:root:/root:/bin/sh\n# note\nodd:x:-2:-2::/:\npostgres:x:101:104:,,,:/p:/bin/sh\n");
        assert_eq!(accounts.len(), 2);
        assert_eq!(
            accounts[1],
            Account {
                name: "postgres".to_owned(),
                uid: 101,
                gid: 104
            }
        );
    }

    #[test]
    fn a_closed_folder_on_the_way_is_named() {
        let folder = std::env::temp_dir().join(format!("masthead-account-{}", std::process::id()));
        let closed = folder.join("closed");
        fs::create_dir_all(&closed).expect("a folder");
        let mode = |mode| std::os::unix::fs::PermissionsExt::from_mode(mode);
        fs::set_permissions(&closed, mode(0o700)).expect("to close it");
        let stranger = Account {
            name: "stranger".to_owned(),
            uid: 4_000_001,
            gid: 4_000_001,
        };
        assert_eq!(stranger.blocked_by(&closed.join("data")), Some(closed.clone()));
        fs::set_permissions(&closed, mode(0o711)).expect("to open it");
        assert_eq!(stranger.blocked_by(&closed.join("data")), None);
        fs::remove_dir_all(&folder).expect("to clean up");
    }
}
