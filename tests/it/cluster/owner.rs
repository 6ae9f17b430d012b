//! A process that owns a private PostgreSQL, and the data folder it does so in.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use masthead::cluster::Options;
use rustix::process::{Pid, Signal, kill_process};

const PROGRAM: &str = env!("CARGO_BIN_EXE_masthead");
/// Far beyond what anything here takes: only a fault waits so long.
const PATIENCE: Duration = Duration::from_secs(90);

/// A data folder of its own for one test.
pub struct Room(PathBuf);

impl Room {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::SeqCst);
        Self(std::env::temp_dir().join(format!("masthead-it-{}-{count}", std::process::id())))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn options(&self) -> Options {
        Options {
            data_dir: self.0.clone(),
            data_dir_is_explicit: true,
            pg_bin: None,
            keeper: PROGRAM.into(),
            settings: Vec::new(),
            ephemeral: false,
        }
    }

    /// Runs a command to its end: its status, and all it printed.
    pub fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.command(arguments).output().expect("to run masthead");
        let printed = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(printed).expect("text"))
    }

    /// Waits until no process holds the database files: neither keeper, nor PostgreSQL, nor one of its helpers.
    pub fn wait_until_nothing_runs(&self) {
        let lock = File::open(self.0.join("postgres.lock")).expect("the lock of the database files");
        let (done, waited) = channel();
        std::thread::spawn(move || done.send(lock.lock()));
        waited
            .recv_timeout(PATIENCE)
            .expect("the processes to end")
            .expect("to take the lock");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        for (name, _) in std::env::vars_os() {
            let name_text = name.to_string_lossy();
            if name_text == "DATABASE_URL" || (name_text.starts_with("MASTHEAD_") && name_text != "MASTHEAD_PG_BIN") {
                command.env_remove(&name);
            }
        }
        command
            .args(arguments)
            .env("MASTHEAD_DATA_DIR", &self.0)
            .stdin(Stdio::null());
        command
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // A failed test leaves its folder to be looked at.
        if !std::thread::panicking() && self.0.exists() {
            self.wait_until_nothing_runs();
            fs::remove_dir_all(&self.0).expect("to remove the data folder");
        }
    }
}

/// `masthead database run`, killed when it is dropped.
pub struct Owner {
    child: Child,
    url: Option<String>,
    lines: Receiver<String>,
}

impl Owner {
    pub fn start(room: &Room) -> Self {
        let mut command = room.command(&["database", "run"]);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("to start masthead");
        let (sender, lines) = channel();
        forward(child.stderr.take().expect("standard error"), sender.clone());
        forward(child.stdout.take().expect("standard output"), sender);
        Self {
            child,
            url: None,
            lines,
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it without asking.
    pub fn kill(&mut self) {
        self.child.kill().expect("to kill the owner");
        self.child.wait().expect("to wait for the owner");
    }

    /// Waits for a line with this text.
    pub fn wait_for(&mut self, text: &str) -> String {
        loop {
            let line = self
                .lines
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("no line says: {text}"));
            if line.starts_with("postgresql://") {
                self.url = Some(line.clone());
            }
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Waits until PostgreSQL is ready; its process.
    pub fn wait_for_postgres(&mut self) -> u32 {
        let line = self.wait_for("PostgreSQL is ready");
        let digits = line.rsplit("pid=").next().expect("a process id").trim();
        digits.parse().unwrap_or_else(|_| panic!("no process id in: {line}"))
    }

    /// The address it prints.
    pub fn url(&mut self) -> String {
        match self.url.clone() {
            Some(url) => url,
            None => self.wait_for("postgresql://"),
        }
    }

    /// Ends it as an operator would, and waits.
    pub fn interrupt(&mut self) {
        // It listens for signals from the moment it prints the address.
        self.url();
        send(self.pid(), Signal::INT);
        assert!(self.child.wait().expect("to wait").success());
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // Its end may have come before; then this does nothing.
        self.kill();
    }
}

fn forward(from: impl Read + Send + 'static, to: Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if to.send(line).is_err() {
                return;
            }
        }
    });
}

/// Stops a process where it stands, so that it cannot react to what happens next.
pub fn freeze(pid: u32) {
    send(pid, Signal::STOP);
}

/// Ends a process without asking it.
pub fn kill(pid: u32) {
    send(pid, Signal::KILL);
}

fn send(pid: u32, signal: Signal) {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).expect("a process id");
    kill_process(pid, signal).expect("to signal a process");
}

/// The process that started this one.
pub fn parent_of(pid: u32) -> u32 {
    let output = Command::new("ps")
        .args(["-o", "ppid=", "-p", &pid.to_string()])
        .output()
        .expect("to run ps");
    String::from_utf8(output.stdout)
        .expect("text")
        .trim()
        .parse()
        .expect("a process id")
}

/// The first value that these statements answer with.
pub fn ask(url: &str, sql: &str) -> Result<String, tokio_postgres::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        let answered = async {
            let messages = client.simple_query(sql).await;
            drop(client);
            messages
        };
        let (messages, ended) = tokio::join!(answered, connection);
        ended?;
        let first = messages?.into_iter().find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        Ok(first.unwrap_or_default())
    })
}
