//! `masthead backup` and `masthead restore`: the whole database to one file and back, by `pg_dump` and `pg_restore`, and what a
//! restored one needs before it is served.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::json;
use url::Url;

use super::open::{Database, block_on};
use super::{Failure, Output, settings};
use crate::clock::Clock;
use crate::db;
use crate::domain::actor::Act;
use crate::newsroom::{self, Parked, Settled};

#[derive(clap::Args)]
pub(super) struct BackupArguments {
    /// The file to write; it must not exist.
    file: PathBuf,
}

#[derive(clap::Args)]
pub(super) struct RestoreArguments {
    /// A file that `masthead backup` wrote.
    #[arg(required_unless_present = "after")]
    file: Option<PathBuf>,
    /// Replace what the database holds.
    #[arg(long)]
    replace: bool,
    /// The database was restored by other means, like pg_restore: only do what has to be done after that.
    #[arg(long, conflicts_with_all = ["file", "replace"])]
    after: bool,
}

/// What of the database is of no use in another one: changes are numbered by its transactions.
const LEFT_OUT: &str = "--exclude-table-data=reader_changes";

pub(super) fn backup(arguments: &BackupArguments, output: Output) -> Result<(), Failure> {
    let file = &arguments.file;
    let config = settings()?;
    let database = Database::open(&config.database)?;
    let mut dump = program(&database, "pg_dump")?;
    make(file)?;
    dump.args(["--format=custom", LEFT_OUT, "--file"]).arg(file);
    if let Err(failure) = succeeded("pg_dump", dump.status()) {
        // Half a backup is none.
        drop(std::fs::remove_file(file));
        return Err(failure);
    }
    let bytes = std::fs::metadata(file)?.len();
    let text = format!("Wrote {bytes} bytes to {}.", file.display());
    output.say(text, &json!({ "file": file, "bytes": bytes }))
}

/// Makes the file, for nobody else to read, before anything is in it.
fn make(file: &Path) -> Result<(), Failure> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    match made {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(Failure::new(format!("{} exists; name a new file", file.display())))
        }
        Err(error) => Err(Failure::new(format!("{} cannot be made: {error}", file.display()))),
    }
}

pub(super) fn restore(arguments: &RestoreArguments, output: Output) -> Result<(), Failure> {
    let config = settings()?;
    let database = Database::open(&config.database)?;
    if let Some(file) = &arguments.file {
        read(file, &database, arguments.replace)?;
    }
    let settled = block_on(async {
        db::migrate::run(database.connect().await?).await?;
        let act = Act::system(Clock::system().now());
        Ok(newsroom::after_restore(&mut database.connect().await?, &act).await?)
    })?;
    let result = json!({ "restored": arguments.file, "settled": &settled });
    output.say(told(arguments.file.as_deref(), &settled), &result)
}

fn read(file: &Path, database: &Database, replace: bool) -> Result<(), Failure> {
    if !file.is_file() {
        return Err(Failure::new(format!("there is no file {}", file.display())));
    }
    if !replace && block_on(async { holds_something(database).await })? {
        return Err(Failure::new(
            "the database is not empty; `--replace` replaces what it holds",
        ));
    }
    // To nowhere first: what cannot be read to its end must not take the place of anything.
    let whole = Command::new(database.programs()?.join("pg_restore"))
        .arg("--file=-")
        .arg(file)
        .stdout(Stdio::null())
        .status();
    succeeded("pg_restore", whole)?;
    block_on(async { Ok(db::restoring::begin(&mut database.connect().await?).await?) })?;
    let restored = program(database, "pg_restore")?
        .args(["--no-owner", "--single-transaction", "--exit-on-error"])
        .arg(file)
        .status();
    succeeded("pg_restore", restored)
}

fn told(file: Option<&Path>, settled: &Settled) -> String {
    let Settled {
        sessions,
        api_keys,
        preview_links,
        parked,
        planned,
        shared_caches,
    } = settled;
    let mut text = file.map_or_else(String::new, |file| format!("Restored {}.\n", file.display()));
    text += &format!(
        "Ended {sessions} sign-ins, {api_keys} API keys and {preview_links} preview links; {shared_caches} shared caches will be told to forget \
         everything.\nAccounts, roles and passwords are as they were on the day of the backup: see `masthead user list`, and \
         disable again whoever was disabled since.\nPlanned for later, and still so: {planned}."
    );
    if !parked.is_empty() {
        text += "\nDue since the backup, and taken off the schedule because it may have been done by then; publish it by hand:";
    }
    for Parked {
        slug, action, due_at, ..
    } in parked
    {
        text += &format!("\n  {action} {slug}, due {due_at}");
    }
    text
}

/// Whether anything would be lost: tables of somebody else, or accounts. Our own tables without an account are as good as
/// none.
async fn holds_something(database: &Database) -> Result<bool, Failure> {
    let mut conn = database.connect().await?;
    if !db::restoring::has_tables(&mut conn).await? {
        return Ok(false);
    }
    let states = db::migrate::status(database.connect().await?).await?;
    let ours = states.iter().any(|state| state.applied);
    Ok(!ours || db::users::any(&mut conn).await?)
}

/// One of PostgreSQL's programs, connected. The password goes by the environment: arguments are for all to see.
fn program(database: &Database, name: &str) -> Result<Command, Failure> {
    let mut command = Command::new(database.programs()?.join(name));
    let mut url = Url::parse(&database.url).map_err(|error| Failure::new(format!("the database URL: {error}")))?;
    let in_query = url
        .query_pairs()
        .find(|(key, _)| key == "password")
        .map(|(_, value)| value.into_owned());
    let password = url.password().map(str::to_owned).or(in_query);
    if let Some(password) = password {
        let pairs: Vec<(String, String)> = url
            .query_pairs()
            .into_owned()
            .filter(|(key, _)| key != "password")
            .collect();
        url.set_query(None);
        if !pairs.is_empty() {
            url.query_pairs_mut().extend_pairs(pairs);
        }
        url.set_password(None)
            .map_err(|()| Failure::new("the database URL cannot be used"))?;
        command.env("PGPASSWORD", password);
    }
    command.arg("--dbname").arg(url.as_str()).arg("--no-password");
    Ok(command)
}

fn succeeded(name: &str, ended: std::io::Result<std::process::ExitStatus>) -> Result<(), Failure> {
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!(
            "{name} failed ({status}); what it said stands above"
        ))),
        Err(error) => Err(Failure::new(format!("{name} cannot be run: {error}"))),
    }
}
