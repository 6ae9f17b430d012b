//! Making the database files, once. They are made beside their place and moved there when they are whole, so that
//! whatever interrupts the making leaves nothing that looks finished.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, lchown};
use std::path::Path;
use std::process::{Output, Stdio};

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::account::as_account;
use super::error::ClusterError;
use super::job::Job;
use super::report::Report;

/// The superuser, and the database, of the private PostgreSQL.
pub(super) const NAME: &str = "masthead";

/// Makes the database files unless they are there. `lock` keeps every other keeper away.
pub(super) async fn initialise(job: &Job, lock: &File) -> Result<(), ClusterError> {
    let layout = job.layout();
    if layout.database().exists() {
        return Ok(());
    }
    Report::Note(format!(
        "making a new PostgreSQL {} database in {}",
        job.major,
        job.data_dir.display()
    ))
    .send();
    let unfinished = layout.unfinished();
    make_empty(&unfinished, job).map_err(ClusterError::io(format!("make the folder {}", unfinished.display())))?;
    run_initdb(job, &unfinished, lock).await?;
    create_database(job, &unfinished).await?;
    fs::rename(&unfinished, layout.database())
        .and_then(|()| File::open(&job.data_dir)?.sync_all())
        .map_err(ClusterError::io(format!(
            "put the new database in {}",
            layout.database().display()
        )))
}

fn make_empty(folder: &Path, job: &Job) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    DirBuilder::new().mode(0o700).create(folder)?;
    match job.account() {
        Some(account) => lchown(folder, Some(account.uid), Some(account.gid)),
        None => Ok(()),
    }
}

async fn run_initdb(job: &Job, folder: &Path, lock: &File) -> Result<(), ClusterError> {
    let mut command = program(job, "initdb");
    command
        .arg("--pgdata")
        .arg(folder)
        .arg("--username")
        .arg(NAME)
        .arg("--encoding=UTF8");
    command
        .args(locale(job.major))
        .args(["--auth-local=trust", "--auth-host=reject", "--no-instructions"]);
    command.arg(if job.ephemeral { "--no-sync" } else { "--data-checksums" });
    // With the lock as its standard input, initdb holds it even when it outlives its keeper.
    let lock = lock.try_clone().map_err(ClusterError::io("hand on the lock"))?;
    let output = command
        .stdin(lock)
        .output()
        .await
        .map_err(ClusterError::io("run initdb"))?;
    check("initdb", &output)
}

/// Single-user mode needs no socket and no waiting.
async fn create_database(job: &Job, folder: &Path) -> Result<(), ClusterError> {
    let mut command = program(job, "postgres");
    command
        .args(["--single", "-c", "exit_on_error=on", "-D"])
        .arg(folder)
        .arg("postgres");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let failed = || ClusterError::io(format!("create the database {NAME}"));
    let mut child = command.spawn().map_err(failed())?;
    if let Some(mut input) = child.stdin.take() {
        input
            .write_all(format!("CREATE DATABASE {NAME};\n").as_bytes())
            .await
            .map_err(failed())?;
    }
    let output = child.wait_with_output().await.map_err(failed())?;
    check("postgres --single", &output)
}

fn program(job: &Job, name: &str) -> Command {
    let mut command = std::process::Command::new(job.bin_dir.join(name));
    as_account(&mut command, job.account().as_ref());
    let mut command = Command::from(command);
    command.kill_on_drop(true);
    command
}

/// Characters of all languages, in an order that never changes with the system's libraries. Queries that want a
/// language's own order name a collation.
fn locale(major: u32) -> Vec<&'static str> {
    match (major, cfg!(target_os = "macos")) {
        (17.., _) => vec!["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
        (_, true) => vec!["--lc-collate=C", "--lc-ctype=UTF-8", "--lc-messages=C"],
        (_, false) => vec!["--locale=C.UTF-8"],
    }
}

fn check(program: &str, output: &Output) -> Result<(), ClusterError> {
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let output_text = String::from_utf8_lossy(&said).trim().to_owned();
    Err(ClusterError::Program {
        program: program.to_owned(),
        status: output.status.to_string(),
        output: output_text,
    })
}
