//! What the keeper is told: its command line, written and read in one place.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::account::Account;
use super::layout::Layout;

/// The keeper's orders. They stand on its command line, so that `ps` shows what it keeps.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Job {
    /// The data folder, absolute.
    #[arg(long)]
    pub(super) data_dir: PathBuf,
    /// The folder of PostgreSQL's programs.
    #[arg(long)]
    pub(super) bin_dir: PathBuf,
    /// Their major version.
    #[arg(long)]
    pub(super) major: u32,
    /// The user to run PostgreSQL as, when we are root.
    #[arg(long, requires = "gid")]
    pub(super) uid: Option<u32>,
    /// That user's group.
    #[arg(long, requires = "uid")]
    pub(super) gid: Option<u32>,
    /// Further settings of PostgreSQL.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(super) settings: Vec<String>,
    /// Remove the data when the owner ends.
    #[arg(long)]
    pub(super) ephemeral: bool,
}

impl Job {
    /// The command that starts a keeper with these orders; `keeper` is the program of `masthead` itself.
    pub(super) fn command(&self, keeper: &Path) -> Command {
        let mut command = Command::new(keeper);
        command
            .arg("keeper")
            .arg("--data-dir")
            .arg(&self.data_dir)
            .arg("--bin-dir")
            .arg(&self.bin_dir);
        command.arg("--major").arg(self.major.to_string());
        if let (Some(uid), Some(gid)) = (self.uid, self.gid) {
            command
                .arg("--uid")
                .arg(uid.to_string())
                .arg("--gid")
                .arg(gid.to_string());
        }
        for setting in &self.settings {
            command.arg("--set").arg(setting);
        }
        if self.ephemeral {
            command.arg("--ephemeral");
        }
        command
    }

    pub(super) fn layout(&self) -> Layout {
        Layout::new(self.data_dir.clone())
    }

    pub(super) fn account(&self) -> Option<Account> {
        let (uid, gid) = self.uid.zip(self.gid)?;
        Some(Account {
            name: uid.to_string(),
            uid,
            gid,
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        job: Job,
    }

    #[test]
    fn what_is_written_on_the_command_line_is_read_back() {
        let whole = Job {
            data_dir: PathBuf::from("/srv/news room"),
            bin_dir: PathBuf::from("/usr/lib/postgresql/15/bin"),
            major: 15,
            uid: Some(101),
            gid: Some(104),
            settings: vec!["fsync=off".to_owned(), "search_path=a, b".to_owned()],
            ephemeral: true,
        };
        let bare = Job {
            uid: None,
            gid: None,
            settings: Vec::new(),
            ephemeral: false,
            ..whole.clone()
        };
        for job in [whole, bare] {
            // The first argument, `keeper`, stands where a parser expects the program's name.
            let command = job.command(Path::new("masthead"));
            let read = Line::try_parse_from(command.get_args()).expect("a keeper's command line");
            assert_eq!(read.job, job);
        }
    }
}
