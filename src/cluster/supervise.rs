//! The owner's side of the keeper: start it, listen to its reports, start another if it is killed.

use std::fs::File;
use std::io::{BufRead, BufReader, PipeReader, PipeWriter};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::error::ClusterError;
use super::job::Job;
use super::postmaster::Pause;
use super::report::Report;

/// A keeper at work. Dropping it ends the pipe, and with it PostgreSQL.
#[derive(Debug)]
pub(super) struct Supervisor {
    /// Dropped first, so that the thread knows that the keeper's end is meant.
    stopping: Option<Sender<()>>,
    pipe: Option<PipeWriter>,
    thread: Option<JoinHandle<()>>,
    keeper_pid: Arc<AtomicU32>,
}

impl Supervisor {
    /// Starts a keeper and waits until PostgreSQL takes connections; the folder of its socket.
    pub(super) fn start(job: Job, program: PathBuf, log: File) -> Result<(Self, PathBuf), ClusterError> {
        let (reader, pipe) = std::io::pipe().map_err(ClusterError::io("make a pipe to the keeper"))?;
        let hire = Hire {
            job,
            program,
            log,
            pipe: reader,
        };
        let keeper = hire.keeper()?;
        let keeper_pid = Arc::new(AtomicU32::new(keeper.id()));
        let (stopping, stop) = channel();
        let (started, outcome) = channel();
        let watch = Watch {
            hire,
            stop,
            started: Some(started),
            was_ready: false,
            keeper_pid: Arc::clone(&keeper_pid),
        };
        let thread = std::thread::Builder::new()
            .name("postgres-keeper".to_owned())
            .spawn(move || watch.run(keeper));
        let thread = Some(thread.map_err(ClusterError::io("start a thread for the keeper"))?);
        let supervisor = Self {
            stopping: Some(stopping),
            pipe: Some(pipe),
            thread,
            keeper_pid,
        };
        let ended = || ClusterError::Keeper("the keeper of PostgreSQL was not watched to its end".to_owned());
        let socket_dir = outcome.recv().map_err(|_| ended())??;
        Ok((supervisor, socket_dir))
    }

    /// Ends the pipe and waits until the keeper has stopped PostgreSQL.
    pub(super) fn stop(mut self) {
        self.let_go();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that watches the keeper of PostgreSQL panicked");
        }
    }

    /// The process id of the present keeper.
    pub(super) fn keeper_pid(&self) -> u32 {
        self.keeper_pid.load(Ordering::SeqCst)
    }

    fn let_go(&mut self) {
        self.stopping.take();
        self.pipe.take();
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.let_go();
    }
}

/// All it takes to start a keeper.
struct Hire {
    job: Job,
    program: PathBuf,
    log: File,
    pipe: PipeReader,
}

impl Hire {
    fn keeper(&self) -> Result<Child, ClusterError> {
        let doing = || ClusterError::io(format!("start the keeper {}", self.program.display()));
        let mut command = self.job.command(&self.program);
        // Our settings hold secrets that a process which outlives us has no use for.
        command.env_clear().current_dir("/");
        command
            .stdin(self.pipe.try_clone().map_err(doing())?)
            .stdout(Stdio::piped());
        command
            .stderr(self.log.try_clone().map_err(doing())?)
            .spawn()
            .map_err(doing())
    }
}

/// The thread that listens.
struct Watch {
    hire: Hire,
    /// Never carries anything: it is closed when the keeper is meant to end.
    stop: Receiver<()>,
    /// Taken by the first outcome.
    started: Option<Sender<Result<PathBuf, ClusterError>>>,
    /// A keeper whose first try failed is not tried again.
    was_ready: bool,
    keeper_pid: Arc<AtomicU32>,
}

impl Watch {
    fn run(mut self, mut keeper: Child) {
        let mut pause = Pause::new();
        loop {
            let began = Instant::now();
            self.listen(&mut keeper);
            let ended = keeper
                .wait()
                .map_or_else(|error| error.to_string(), |status| status.to_string());
            if self.started.is_some() {
                let early = format!("the keeper of PostgreSQL ended before PostgreSQL was ready ({ended})");
                self.answer(Err(ClusterError::Keeper(early)));
            }
            if !self.was_ready || !self.goes_on(pause.after(began.elapsed()), &ended) {
                return;
            }
            keeper = loop {
                match self.hire.keeper() {
                    Ok(keeper) => break keeper,
                    Err(error) if !self.goes_on(pause.after(Duration::ZERO), &error.to_string()) => return,
                    Err(_) => {}
                }
            };
            self.keeper_pid.store(keeper.id(), Ordering::SeqCst);
        }
    }

    /// Waits before the next try; false when the end is meant.
    fn goes_on(&self, pause: Duration, why: &str) -> bool {
        match self.stop.recv_timeout(Duration::ZERO) {
            Err(RecvTimeoutError::Disconnected) => return false,
            _ => tracing::error!("the keeper of PostgreSQL ended ({why}); starting another"),
        }
        !matches!(self.stop.recv_timeout(pause), Err(RecvTimeoutError::Disconnected))
    }

    fn listen(&mut self, keeper: &mut Child) {
        let Some(output) = keeper.stdout.take() else { return };
        for line in BufReader::new(output).lines() {
            let report = line.map_err(|error| error.to_string());
            match report.and_then(|line| Report::read(&line).map_err(|error| format!("{error}: {line}"))) {
                Ok(Report::Note(text)) => tracing::info!("{text}"),
                Ok(Report::Trouble(text)) => tracing::warn!("{text}"),
                Ok(Report::Ready { socket_dir, pid }) => {
                    tracing::info!(pid, "PostgreSQL is ready");
                    self.was_ready = true;
                    self.answer(Ok(socket_dir));
                }
                Ok(Report::Failed(text)) if self.was_ready => tracing::error!("{text}"),
                // Whoever started us reports it.
                Ok(Report::Failed(text)) => self.answer(Err(ClusterError::Keeper(text))),
                Err(error) => tracing::warn!("the keeper of PostgreSQL cannot be understood: {error}"),
            }
        }
    }

    /// The first outcome goes to whoever started us; later ones have been logged.
    fn answer(&mut self, outcome: Result<PathBuf, ClusterError>) {
        if let Some(started) = self.started.take()
            && started.send(outcome).is_err()
        {
            tracing::warn!("nobody waits for PostgreSQL any more");
        }
    }
}
