//! PostgreSQL itself as the keeper's child: start it, see that it is ready, stop it.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use super::account::as_account;
use super::error::ClusterError;
use super::job::Job;
use super::memory::shared_buffers;
use super::report::Report;
use super::socket::{PORT, SocketFolder};
use super::{layout::Layout, pid_file};

/// How often we look whether it is ready.
const LOOK: Duration = Duration::from_millis(5);
/// How often a long start is reported.
const STILL_STARTING: Duration = Duration::from_secs(10);
/// Replaying the log of a big database after a crash takes its time; longer than this is a fault.
const START_BOUND: Duration = Duration::from_secs(600);
/// Fast, then immediate, then no more asking; and how long each may take.
const STOP_STEPS: [(Signal, Duration); 3] = [
    (Signal::INT, Duration::from_secs(60)),
    (Signal::QUIT, Duration::from_secs(10)),
    (Signal::KILL, Duration::from_secs(10)),
];
/// For an operator's eyes, in the language that errors are read in, and free of what users wrote.
const LOGGING: [&str; 9] = [
    "lc_messages=C",
    "cluster_name=masthead",
    "timezone=UTC",
    "log_timezone=UTC",
    "logging_collector=off",
    "log_line_prefix=%m [%p] ",
    "log_checkpoints=off",
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
];

/// A running PostgreSQL.
#[derive(Debug)]
pub(super) struct Postmaster {
    child: Child,
    layout: Layout,
    log_start: u64,
}

impl Postmaster {
    /// Starts PostgreSQL with `lock` as its standard input. All its processes inherit it, so the lock is free only
    /// when every one of them has ended, even if the keeper ended before.
    pub(super) fn start(job: &Job, lock: &File, socket: &SocketFolder) -> Result<Self, ClusterError> {
        let layout = job.layout();
        remove_pid_file(&layout)?;
        let mut command = std::process::Command::new(job.bin_dir.join("postgres"));
        as_account(&mut command, job.account().as_ref());
        command.arg("-D").arg(layout.database());
        let door = [
            "listen_addresses=".to_owned(),
            format!("unix_socket_directories={}", socket.path().display()),
            "unix_socket_permissions=0700".to_owned(),
            format!("port={PORT}"),
        ];
        let memory = shared_buffers();
        let own = LOGGING.into_iter().chain([memory.as_str()]);
        let settings = own.chain(job.settings.iter().map(String::as_str));
        for setting in settings.chain(door.iter().map(String::as_str)) {
            command.arg("-c").arg(setting);
        }
        let lock = lock.try_clone().map_err(ClusterError::io("hand on the lock"))?;
        command.stdin(lock).stdout(Stdio::null()).stderr(Stdio::inherit());
        let log_start = fs::metadata(layout.log()).map_or(0, |found| found.len());
        let child = Command::from(command)
            .spawn()
            .map_err(ClusterError::io("start postgres"))?;
        Ok(Self {
            child,
            layout,
            log_start,
        })
    }

    /// Waits until PostgreSQL takes connections; its process.
    pub(super) async fn wait_until_ready(&mut self) -> Result<u32, ClusterError> {
        let began = Instant::now();
        let mut next_note = STILL_STARTING;
        while began.elapsed() < START_BOUND {
            if let Ok(ended) = timeout(LOOK, self.child.wait()).await {
                let status = ended.map_err(ClusterError::io("wait for postgres"))?;
                return Err(self.did_not_start(status.to_string()));
            }
            if let Some(found) = pid_file::read(&self.layout.pid_file())?
                && found.is_ready
                && Some(found.pid) == self.child.id()
            {
                return Ok(found.pid);
            }
            if began.elapsed() > next_note {
                next_note += STILL_STARTING;
                Report::Note("PostgreSQL is still starting; after a crash it first replays its log".to_owned()).send();
            }
        }
        Err(self.did_not_start(format!("not ready after {} s", START_BOUND.as_secs())))
    }

    /// Waits until PostgreSQL ends.
    pub(super) async fn wait(&mut self) -> Result<ExitStatus, ClusterError> {
        self.child.wait().await.map_err(ClusterError::io("wait for postgres"))
    }

    /// Stops PostgreSQL; `at_once` when its data will not be needed again.
    pub(super) async fn stop(&mut self, at_once: bool) -> Result<(), ClusterError> {
        for (signal, bound) in STOP_STEPS.into_iter().skip(usize::from(at_once)) {
            // No id: it has ended, and the number may be somebody else's by now.
            let Some(pid) = self.child.id() else { return Ok(()) };
            send(signal, pid)?;
            if let Ok(ended) = timeout(bound, self.child.wait()).await {
                return ended.map(|_| ()).map_err(ClusterError::io("wait for postgres"));
            }
        }
        let seconds = STOP_STEPS.iter().map(|(_, bound)| bound.as_secs()).sum();
        Err(ClusterError::StillHeld {
            data_dir: self.layout.data_dir().to_path_buf(),
            pid: self.child.id(),
            seconds,
        })
    }

    fn did_not_start(&self, status: String) -> ClusterError {
        let log = self.layout.log();
        let tail = tail(&log, self.log_start).unwrap_or_else(|error| format!("(it cannot be read: {error})"));
        ClusterError::DidNotStart { status, log, tail }
    }
}

/// Sends a signal to a process.
pub(super) fn send(signal: Signal, pid: u32) -> Result<(), ClusterError> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let Some(pid) = pid else { return Ok(()) };
    match rustix::process::kill_process(pid, signal) {
        Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
        Err(error) => Err(ClusterError::io("signal postgres")(error.into())),
    }
}

/// Under the lock no process of ours uses the folder, so the file is a leftover. PostgreSQL would believe it if its
/// number had since been given to another process, and refuse to start.
fn remove_pid_file(layout: &Layout) -> Result<(), ClusterError> {
    match fs::remove_file(layout.pid_file()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(ClusterError::io("remove the postmaster.pid of an earlier run")(error))
        }
        _ => Ok(()),
    }
}

/// The last lines of what was logged since `start`.
fn tail(log: &Path, start: u64) -> io::Result<String> {
    const ENOUGH: usize = 12;
    let mut file = File::open(log)?;
    file.seek(SeekFrom::Start(start))?;
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    Ok(lines
        .get(lines.len().saturating_sub(ENOUGH)..)
        .unwrap_or_default()
        .join("\n"))
}

/// Between two tries to start what ended by itself: longer each time, short again after a good run.
#[derive(Debug)]
pub(super) struct Pause(Duration);

impl Pause {
    const FIRST: Duration = Duration::from_millis(100);
    const LONGEST: Duration = Duration::from_secs(5);
    const GOOD_RUN: Duration = Duration::from_secs(60);

    pub(super) fn new() -> Self {
        Self(Self::FIRST)
    }

    /// How long to wait after a run of this length.
    pub(super) fn after(&mut self, run: Duration) -> Duration {
        if run > Self::GOOD_RUN {
            self.0 = Self::FIRST;
        }
        let now = self.0;
        self.0 = (now * 2).min(Self::LONGEST);
        now
    }

    /// Waits.
    pub(super) async fn wait(&mut self, run: Duration) {
        sleep(self.after(run)).await;
    }
}
