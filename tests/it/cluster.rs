//! The private PostgreSQL, seen from outside: real processes, killed in every order.

pub mod owner;

use std::fs;
use std::os::unix::fs::MetadataExt;

use masthead::cluster::{Access, Cluster, ClusterError, Options, find_running};

use owner::{Owner, Room, ask, freeze, kill, parent_of};

const READY: &str = "PostgreSQL is ready";

#[test]
fn postgres_ends_with_its_owner_and_keeps_what_was_written() {
    let room = Room::new();
    let mut owner = Owner::start(&room);
    owner.wait_for(READY);
    let url = owner.url();
    ask(&url, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('kept')").expect("to write");
    owner.kill();
    room.wait_until_nothing_runs();
    assert!(ask(&url, "SELECT 1").is_err(), "PostgreSQL still answers");

    let mut owner = Owner::start(&room);
    owner.wait_for(READY);
    assert_eq!(ask(&owner.url(), "SELECT word FROM kept").expect("to read"), "kept");
}

#[test]
fn a_new_owner_takes_over_when_only_postgres_is_left() {
    let room = Room::new();
    let mut owner = Owner::start(&room);
    let postgres = owner.wait_for_postgres();
    let keeper = parent_of(postgres);
    freeze(owner.pid());
    kill(keeper);
    owner.kill();

    let mut owner = Owner::start(&room);
    assert_ne!(owner.wait_for_postgres(), postgres);
    assert_eq!(ask(&owner.url(), "SELECT 'fine'").expect("to read"), "fine");
}

#[test]
fn what_a_kill_of_everything_leaves_behind_is_cleared_away() {
    let room = Room::new();
    let mut owner = Owner::start(&room);
    let postgres = owner.wait_for_postgres();
    let keeper = parent_of(postgres);
    freeze(owner.pid());
    kill(keeper);
    kill(postgres);
    owner.kill();
    room.wait_until_nothing_runs();
    // The file now names a process that lives and is not PostgreSQL: this one.
    let pid_file = room.path().join("postgres/postmaster.pid");
    let stale = fs::read_to_string(&pid_file).expect("a file left behind");
    let reused = stale.replacen(&postgres.to_string(), &std::process::id().to_string(), 1);
    fs::write(&pid_file, reused).expect("to change the file");

    let mut owner = Owner::start(&room);
    owner.wait_for(READY);
    assert_eq!(ask(&owner.url(), "SELECT 'fine'").expect("to read"), "fine");
}

#[test]
fn postgres_and_its_keeper_are_replaced_when_they_die() {
    let room = Room::new();
    let mut owner = Owner::start(&room);
    let first = owner.wait_for_postgres();
    let keeper = parent_of(first);
    kill(first);
    owner.wait_for("ended by itself");
    let second = owner.wait_for_postgres();
    assert_ne!(first, second);
    assert_eq!(parent_of(second), keeper);

    kill(keeper);
    let third = owner.wait_for_postgres();
    assert_ne!(parent_of(third), keeper);
    assert_eq!(ask(&owner.url(), "SELECT 'fine'").expect("to read"), "fine");
    owner.interrupt();
    room.wait_until_nothing_runs();
}

#[test]
fn a_second_owner_is_told_who_holds_the_folder() {
    let room = Room::new();
    let mut owner = Owner::start(&room);
    owner.wait_for(READY);
    let error = Cluster::start(room.options()).expect_err("the folder is held");
    let held_by_owner = matches!(&error, ClusterError::InUse { pid, .. } if *pid == Some(owner.pid()));
    assert!(held_by_owner, "{error}");
    assert!(
        error.to_string().contains(&room.path().display().to_string()),
        "{error}"
    );

    let (status, output) = room.run(&["--json", "database", "run"]);
    assert_eq!(status, Some(1));
    assert!(output.contains(&format!("process {}", owner.pid())), "{output}");
}

#[test]
fn the_address_is_printed_only_while_postgres_runs() {
    let room = Room::new();
    let (status, output) = room.run(&["database", "url"]);
    assert_eq!(status, Some(1));
    assert!(output.contains("is not running"), "{output}");

    let mut owner = Owner::start(&room);
    let postgres = owner.wait_for_postgres();
    let (status, output) = room.run(&["database", "url"]);
    assert_eq!((status, output.trim()), (Some(0), owner.url().as_str()));
    let running = find_running(room.path(), true)
        .expect("to look")
        .expect("one that runs");
    assert_eq!((running.pid, running.url("masthead")), (postgres, owner.url()));
    assert!(
        running.bin_dir.join("pg_dump").is_file(),
        "{}",
        running.bin_dir.display()
    );

    owner.interrupt();
    room.wait_until_nothing_runs();
    assert!(find_running(room.path(), true).expect("to look").is_none());
}

#[test]
fn a_command_uses_the_one_that_runs_or_starts_one() {
    let room = Room::new();
    let started = Access::open(room.options()).expect("to start one");
    assert!(matches!(started, Access::Started(_)));
    let joined = Access::open(room.options()).expect("to find it");
    assert!(matches!(joined, Access::Running(_)));
    assert_eq!(ask(&joined.url("masthead"), "SELECT 'fine'").expect("to read"), "fine");
    assert_eq!(
        (joined.url("masthead"), joined.bin_dir()),
        (started.url("masthead"), started.bin_dir())
    );
}

#[test]
fn a_start_that_is_cut_off_while_making_the_database_is_begun_again() {
    let room = Room::new();
    let mut owner = Owner::start(&room);
    owner.wait_for("making a new PostgreSQL");
    owner.kill();
    room.wait_until_nothing_runs();
    assert!(
        !room.path().join("postgres").exists(),
        "a half-made database is in place"
    );

    let mut owner = Owner::start(&room);
    owner.wait_for(READY);
    assert_eq!(
        ask(&owner.url(), "SELECT current_database()").expect("to read"),
        "masthead"
    );
}

#[test]
fn data_of_another_major_version_is_refused_with_the_way_to_move_it() {
    let room = Room::new();
    Cluster::start(room.options()).expect("to make a database").stop();
    fs::write(room.path().join("postgres/PG_VERSION"), "12\n").expect("to change the version");
    let error = Cluster::start(room.options()).expect_err("another version");
    assert!(matches!(error, ClusterError::OtherVersion { holds: 12, .. }), "{error}");
    assert!(error.to_string().contains("pg_restore"), "{error}");
}

#[test]
fn an_ephemeral_one_takes_its_settings_and_leaves_nothing() {
    let room = Room::new();
    let settings = [("fsync", "off"), ("max_connections", "7")];
    let settings = settings
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    let options = Options {
        settings,
        ephemeral: true,
        ..room.options()
    };
    let cluster = Cluster::start(options).expect("to start");
    let asked = "SELECT current_setting('fsync') || current_setting('max_connections')";
    assert_eq!(ask(&cluster.url("postgres"), asked).expect("to read"), "off7");
    cluster.stop();
    assert!(!room.path().exists(), "the data folder is still there");
}

#[test]
fn postgres_never_runs_as_root_and_its_files_are_closed() {
    let room = Room::new();
    let cluster = Cluster::start(room.options()).expect("to start");
    let asked = "SELECT current_setting('unix_socket_directories')";
    let socket_dir = ask(&cluster.url("masthead"), asked).expect("to read");
    for folder in [room.path().join("postgres"), socket_dir.into()] {
        let found = fs::metadata(&folder).expect("a folder");
        assert_ne!(found.uid(), 0, "{} belongs to root", folder.display());
        assert_eq!(found.mode() & 0o777, 0o700, "{} is open", folder.display());
    }
    let listening = ask(&cluster.url("masthead"), "SELECT current_setting('listen_addresses')").expect("to read");
    assert_eq!(listening, "");
}
