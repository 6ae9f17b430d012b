//! The command line, as an operator runs it: real processes on a real database.

mod backups;
mod demo;
mod drill;
mod ending;
mod first_click;
mod freshness;
mod kills;
mod logs;
mod nodes;
mod privacy;
mod prune;
mod secrets;
mod slow;
mod traces;
mod users;
mod wire;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::support::client::http;
use crate::support::db::{empty, fresh};

/// The binary, with these settings and no others.
fn masthead(settings: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_masthead"));
    command.env_clear().envs(settings.iter().copied()).args(arguments);
    command
}

/// The same, begun by a shell that limits its descriptors.
fn limited(limit: &str, settings: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    let script = format!("ulimit {limit} && exec \"$0\" \"$@\"");
    command.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_masthead"));
    command.env_clear().envs(settings.iter().copied()).args(arguments);
    command
}

/// Runs a command on a database to its end.
pub fn run(url: &str, arguments: &[&str]) -> Output {
    let settings = [
        ("DATABASE_URL", url),
        ("MASTHEAD_ENV", "development"),
        ("MASTHEAD_LOG", "warn"),
        ("PATH", "/usr/bin:/bin"),
    ];
    masthead(&settings, arguments).output().unwrap()
}

#[track_caller]
fn json_of(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)))
}

/// A server in a process of its own.
struct Served {
    child: Child,
    base: String,
}

impl Served {
    fn start(settings: &[(&str, &str)]) -> Self {
        Self::logging(settings, Stdio::inherit())
    }

    /// The same with its log elsewhere.
    fn logging(settings: &[(&str, &str)], log: Stdio) -> Self {
        // All of a test's callers are one address.
        let usual = [
            ("MASTHEAD_ADDR", "127.0.0.1:0"),
            ("MASTHEAD_LOG", "warn"),
            ("MASTHEAD_RATE_LIMITS", "off"),
        ];
        let settings = [&usual, settings].concat();
        Self::spawned(masthead(&settings, &["serve", "--json"]).stderr(log))
    }

    fn spawned(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let hello: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no banner: {line}"));
        let base = hello["url"].as_str().unwrap().to_owned();
        Self { child, base }
    }

    fn tell(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    fn end(mut self, signal: Signal) -> Option<i32> {
        self.tell(signal);
        self.child.wait().unwrap().code()
    }

    /// A file of its process in /proc.
    fn proc(&self, name: &str) -> std::path::PathBuf {
        format!("/proc/{}/{name}", self.child.id()).into()
    }

    /// The access token of one of the demonstration's people.
    async fn sign_in(&self, email: &str) -> String {
        let body = json!({"email": email, "password": "masthead-demo"});
        let login = http().post(format!("{}/api/v1/auth/login", self.base)).json(&body);
        let answer: Value = login.send().await.unwrap().json().await.unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Already ended, unless the test failed.
        drop(self.child.kill());
    }
}

#[test]
fn every_wrong_setting_is_named_at_once() {
    let settings = [
        ("MASTHEAD_ADDR", "nowhere"),
        ("MASTHEAD_ENV", "staging"),
        ("MASTHEAD_ADRR", "x"),
    ];
    let ended = masthead(&settings, &["serve"]).output().unwrap();
    assert_eq!(ended.status.code(), Some(3));
    let said = String::from_utf8_lossy(&ended.stderr);
    for name in ["MASTHEAD_ADDR", "MASTHEAD_ENV", "MASTHEAD_ADRR"] {
        assert!(said.contains(name), "{name} is not in: {said}");
    }
}

#[tokio::test]
async fn serving_migrates_an_empty_database_and_ends_well_when_told_to() {
    let url = empty().await;
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("MASTHEAD_ENV", "development"),
        ("MASTHEAD_DEMO", "off"),
    ];
    let server = Served::start(&settings);
    let answer = http()
        .get(format!("{}/api/v1/sections", server.base))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(server.end(Signal::TERM), Some(0));
}

#[tokio::test]
async fn production_starts_empty_and_says_how_to_begin() {
    let url = empty().await;
    let secret = "5JmHk8vQpX2rT9wYbN4cLs7dFgZaEu3i".repeat(2);
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("MASTHEAD_ENV", "production"),
        ("MASTHEAD_JWT_SECRET", secret.as_str()),
        ("MASTHEAD_ADDR", "127.0.0.1:0"),
        ("MASTHEAD_LOG", "warn"),
    ];
    let mut child = masthead(&settings, &["serve"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut banner = String::new();
    while !banner.contains("masthead user create --role admin") {
        assert!(reader.read_line(&mut banner).unwrap() > 0, "the banner ended: {banner}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!banner.contains("masthead-demo"));
    assert!(!banner.contains(&secret));
}

#[tokio::test]
async fn migrations_run_once_are_listed_and_can_be_taken_back() {
    let url = empty().await;
    let ran = json_of(&run(&url, &["migrate", "--json"]));
    assert!(!ran["ran"].as_array().unwrap().is_empty());
    assert_eq!(json_of(&run(&url, &["migrate", "run", "--json"])), json!({"ran": []}));
    let states = json_of(&run(&url, &["migrate", "status", "--json"]));
    assert!(
        states["migrations"]
            .as_array()
            .unwrap()
            .iter()
            .all(|state| state["applied"] == true)
    );
    let asked_back = run(&url, &["migrate", "revert"]);
    assert!(!asked_back.status.success(), "what the tables hold would be lost");
    assert!(String::from_utf8_lossy(&asked_back.stderr).contains("--yes"));
    assert_eq!(json_of(&run(&url, &["migrate", "status", "--json"])), states);
    assert!(run(&url, &["migrate", "revert", "--yes"]).status.success());
    let states = json_of(&run(&url, &["migrate", "status", "--json"]));
    assert!(
        states["migrations"]
            .as_array()
            .unwrap()
            .iter()
            .any(|state| state["applied"] == false)
    );
}

#[tokio::test]
async fn doctor_names_what_is_wrong_and_how_to_mend_it() {
    let url = empty().await;
    let ended = run(&url, &["doctor", "--json"]);
    assert_eq!(ended.status.code(), Some(1));
    let findings = json_of(&ended)["findings"].as_array().unwrap().clone();
    let of = |check: &str| {
        findings
            .iter()
            .find(|finding| finding["check"] == check)
            .unwrap()
            .clone()
    };
    assert_eq!(of("database")["ok"], true);
    assert_eq!(of("clock")["ok"], true);
    assert_eq!(of("migrations")["ok"], false);
    assert!(of("migrations")["mend"].as_str().unwrap().contains("masthead migrate"));

    let mut few = limited(
        "-n 1024",
        &[("DATABASE_URL", url.as_str()), ("MASTHEAD_ENV", "development")],
        &["doctor"],
    );
    let said = String::from_utf8(few.output().unwrap().stdout).unwrap();
    assert!(said.contains("BAD open files: at most 1024"), "{said}");

    let nobody = run(&fresh().await, &["doctor"]);
    assert!(String::from_utf8_lossy(&nobody.stdout).contains("nobody can administer"));
    let said = String::from_utf8_lossy(&nobody.stderr);
    assert!(said.contains("1 thing needs mending"), "{said}");

    let nowhere = run("postgres://nobody:hunter2@127.0.0.1:1/none", &["doctor", "--json"]);
    assert_eq!(nowhere.status.code(), Some(1));
    let said = String::from_utf8_lossy(&nowhere.stdout).into_owned() + &String::from_utf8_lossy(&nowhere.stderr);
    assert!(said.contains("cannot be reached"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}
