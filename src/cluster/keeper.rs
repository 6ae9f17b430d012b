//! The keeper: a small process of its own that starts PostgreSQL, starts it again when it dies, and stops it when the
//! pipe from its owner ends, which happens however the owner ends.
//!
//! It lives in its own session, so that an interrupt typed at a terminal reaches the owner alone.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsFd;

use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::Instant;

use super::error::ClusterError;
use super::initialise::initialise;
use super::job::Job;
use super::postmaster::{Pause, Postmaster};
use super::report::{Report, log};
use super::socket::SocketFolder;
use super::take_over::take_over;

/// Keeps PostgreSQL until the owner ends. Its standard input is the pipe from the owner, its standard output takes
/// reports, its standard error is PostgreSQL's log.
///
/// # Errors
/// When PostgreSQL could not be started or stopped; the owner has been told.
pub fn keep(job: &Job) -> Result<(), ClusterError> {
    rustix::process::setsid().map_err(|error| ClusterError::io("start a session of its own")(error.into()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = runtime.map_err(ClusterError::io("start the keeper"))?.block_on(async {
        let mut owner = Owner::on_standard_input()?;
        ignore_signals()?;
        let lock = tokio::select! {
            () = owner.gone() => return Ok(()),
            lock = take_over(job) => lock?,
        };
        let kept = keep_locked(job, &lock, &mut owner).await;
        if job.ephemeral {
            kept.and(remove_data(job))
        } else {
            kept
        }
    });
    if let Err(error) = &result {
        log(&error.to_string());
        Report::Failed(error.to_string()).send();
    }
    result
}

async fn keep_locked(job: &Job, lock: &File, owner: &mut Owner) -> Result<(), ClusterError> {
    tokio::select! {
        () = owner.gone() => return Ok(()),
        made = initialise(job, lock) => made?,
    }
    let socket = SocketFolder::make(&job.data_dir, job.account().as_ref())?;
    let kept = keep_running(job, lock, &socket, owner).await;
    kept.and(socket.remove())
}

async fn keep_running(job: &Job, lock: &File, socket: &SocketFolder, owner: &mut Owner) -> Result<(), ClusterError> {
    let mut pause = Pause::new();
    let mut was_ready = false;
    loop {
        let began = Instant::now();
        let mut postmaster = Postmaster::start(job, lock, socket)?;
        let ended = tokio::select! {
            () = owner.gone() => {
                log("the owner has ended: stopping PostgreSQL");
                return postmaster.stop(job.ephemeral).await;
            }
            ended = run(&mut postmaster, socket, &mut was_ready) => ended,
        };
        let why = match ended {
            Ok(status) => status,
            Err(error) if was_ready => error.to_string(),
            Err(error) => return postmaster.stop(true).await.and(Err(error)),
        };
        log(&format!("PostgreSQL ended by itself ({why}): starting it again"));
        Report::Trouble(format!("PostgreSQL ended by itself ({why}); starting it again")).send();
        tokio::select! {
            () = owner.gone() => return Ok(()),
            () = pause.wait(began.elapsed()) => {}
        }
    }
}

/// From start to end; how it ended.
async fn run(postmaster: &mut Postmaster, socket: &SocketFolder, was_ready: &mut bool) -> Result<String, ClusterError> {
    let pid = postmaster.wait_until_ready().await?;
    *was_ready = true;
    Report::Ready {
        socket_dir: socket.path().to_path_buf(),
        pid,
    }
    .send();
    postmaster.wait().await.map(|status| status.to_string())
}

/// The process that wanted PostgreSQL, seen through the pipe from it.
struct Owner(pipe::Receiver);

impl Owner {
    fn on_standard_input() -> Result<Self, ClusterError> {
        let input = std::io::stdin().as_fd().try_clone_to_owned();
        let pipe = input.and_then(pipe::Receiver::from_owned_fd);
        pipe.map(Self).map_err(ClusterError::io(
            "read the pipe from the owner (the keeper is not started by hand)",
        ))
    }

    async fn gone(&mut self) {
        let mut nothing = [0; 16];
        // A pipe that cannot be read says no more than one that has ended.
        while matches!(self.0.read(&mut nothing).await, Ok(1..)) {}
    }
}

/// A signal sent to every process of a service asks the owner to drain first; the keeper ends after it. Once taken, a
/// signal no longer ends the process, also when nobody listens for it.
fn ignore_signals() -> Result<(), ClusterError> {
    for kind in [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()] {
        drop(signal(kind).map_err(ClusterError::io("listen for signals"))?);
    }
    Ok(())
}

/// Removes what is ours, and the folder if nothing else is in it.
fn remove_data(job: &Job) -> Result<(), ClusterError> {
    let layout = job.layout();
    let failed = || ClusterError::io(format!("remove {}", job.data_dir.display()));
    for folder in [layout.database(), layout.unfinished()] {
        unless_gone(fs::remove_dir_all(folder)).map_err(failed())?;
    }
    for file in [layout.log(), layout.server_lock(), layout.database_lock()] {
        unless_gone(fs::remove_file(file)).map_err(failed())?;
    }
    unless_gone(fs::remove_dir(layout.data_dir())).map_err(failed())
}

fn unless_gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty) => Ok(()),
        other => other,
    }
}
