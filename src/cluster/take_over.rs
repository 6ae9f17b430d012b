//! Waiting until nothing of an earlier PostgreSQL touches the data folder, and ending what was left behind.

use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::time::Duration;

use rustix::process::Signal;
use tokio::net::UnixStream;
use tokio::time::{Instant, sleep};

use super::error::ClusterError;
use super::job::Job;
use super::report::Report;
use super::{lock, pid_file, postmaster, socket};

const LOOK: Duration = Duration::from_millis(10);
/// Beyond this an operator has to look.
const BOUND: Duration = Duration::from_secs(60);
/// What a PostgreSQL without a keeper is told, and when. One that has a keeper is ending by itself; being told twice
/// does it no harm.
const STEPS: [(Duration, Signal); 3] = [
    (Duration::ZERO, Signal::INT),
    (Duration::from_secs(30), Signal::QUIT),
    (Duration::from_secs(45), Signal::KILL),
];

/// Takes the lock that every process of PostgreSQL on this folder holds.
pub(super) async fn take_over(job: &Job) -> Result<File, ClusterError> {
    let file = lock::open(&job.layout().database_lock())?;
    let began = Instant::now();
    let mut steps = STEPS.into_iter().peekable();
    loop {
        let is_locked = match file.try_lock() {
            Ok(()) => false,
            Err(TryLockError::WouldBlock) => true,
            Err(TryLockError::Error(error)) => return Err(ClusterError::io("lock the database files")(error)),
        };
        let listener = listener(job).await?;
        if !is_locked && listener.is_none() {
            return Ok(file);
        }
        if began.elapsed() > BOUND {
            let seconds = BOUND.as_secs();
            return Err(ClusterError::StillHeld {
                data_dir: job.data_dir.clone(),
                pid: listener.flatten(),
                seconds,
            });
        }
        if let Some((_, signal)) = steps.next_if(|(when, _)| began.elapsed() >= *when) {
            Report::Note("waiting for an earlier PostgreSQL on this data folder to end".to_owned()).send();
            // Without the lock it would be one that we did not start: somebody else's to end.
            if let (true, Some(Some(pid))) = (is_locked, listener) {
                postmaster::send(signal, pid)?;
            }
        }
        sleep(LOOK).await;
    }
}

/// Who listens on a socket of this data folder: nobody, or a process whose id the system may know. Asking the socket,
/// unlike believing a file, never names a stranger.
async fn listener(job: &Job) -> Result<Option<Option<u32>>, ClusterError> {
    let layout = job.layout();
    let mut sockets: Vec<PathBuf> = socket::candidates(&job.data_dir)
        .map(|folder| socket::file_in(&folder))
        .collect();
    // Started by hand it may listen elsewhere. In a copied folder the file speaks of the original.
    let by_file = pid_file::read(&layout.pid_file())?.filter(|found| found.database == layout.database());
    sockets.extend(by_file.map(|found| found.socket));
    for path in sockets {
        if let Ok(stream) = UnixStream::connect(&path).await {
            let pid = stream.peer_cred().ok().and_then(|peer| peer.pid());
            return Ok(Some(pid.and_then(|pid| u32::try_from(pid).ok())));
        }
    }
    Ok(None)
}
