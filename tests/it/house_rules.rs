//! The rules of the house that no compiler holds: which room may use which, how long a file is, and what it never says.

use std::fs;
use std::path::{Path, PathBuf};

/// Each room, and the rooms that it may use, as the map in `lib.rs` draws them.
fn map() -> Vec<(String, Vec<String>)> {
    let row = |line: &str| {
        let (room, rest) = line.strip_prefix("//! | [`")?.split_once("`] |")?;
        let (_, may_use) = rest.split_once('|')?;
        let may_use = may_use.split([',', '|']).map(str::trim).filter(|used| !used.is_empty());
        Some((room.to_owned(), may_use.map(str::to_owned).collect()))
    };
    lib().lines().filter_map(row).collect()
}

fn lib() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap()
}

/// The rooms that know HTTP; no other names its framework.
const HTTP: [&str; 5] = ["server", "api", "app", "error", "auth"];

/// A source file of the project.
pub struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    /// The room that a file of `src` belongs to.
    fn room(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap_or(&self.path);
        inside.split(['/', '.']).next().unwrap_or_default()
    }

    /// The lines that are no comment.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self
            .text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line.trim()));
        numbered.filter(|(_, line)| !line.starts_with("//"))
    }
}

/// Every source file below a folder.
pub fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<PathBuf> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.push(Source { path, text });
            }
        }
    }
    assert!(!found.is_empty(), "{folder} is empty");
    found
}

#[test]
fn no_arrow_leads_off_the_map() {
    let map = map();
    // What begins the program and what draws the map are no rooms.
    let roots = ["src/main.rs", "src/lib.rs"];
    for source in sources("src")
        .iter()
        .filter(|source| !roots.contains(&source.path.as_str()))
    {
        let room = source.room();
        let drawn = map.iter().find(|(name, _)| name == room);
        let (_, may_use) = drawn.unwrap_or_else(|| panic!("{room} is not on the map"));
        for (number, line) in source.code() {
            for used in line.split("crate::").skip(1).filter(|_| !line.contains("pub(in ")) {
                let used = used
                    .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .next()
                    .unwrap_or_default();
                let fine = used == room || used.is_empty() || may_use.iter().any(|one| one == used);
                assert!(fine, "{}:{number}: {room} may not use {used}", source.path);
            }
        }
    }
}

#[test]
fn the_map_shows_every_room_from_the_top_down() {
    let map = map();
    for (index, (room, may_use)) in map.iter().enumerate() {
        for used in may_use {
            let at = map.iter().position(|(name, _)| name == used);
            assert!(
                at.is_some_and(|at| at > index),
                "{room} uses {used}, which does not stand below it"
            );
        }
    }
    let mut drawn: Vec<&str> = map.iter().map(|(room, _)| room.as_str()).collect();
    drawn.sort_unstable();
    let room = |line: &str| Some(line.strip_prefix("pub mod ")?.trim_end_matches(';').to_owned());
    assert_eq!(drawn, lib().lines().filter_map(room).collect::<Vec<_>>());
}

#[test]
fn only_the_rooms_of_http_name_its_framework() {
    for source in sources("src") {
        let knows = HTTP.contains(&source.room());
        for (number, line) in source.code() {
            let named = line.contains("actix_") || line.contains("utoipa_") || line.contains("StatusCode");
            assert!(knows || !named, "{}:{number}: {line}", source.path);
        }
    }
    let guards: Vec<String> = sources("src")
        .iter()
        .filter(|source| source.room() == "auth" && source.code().any(|(_, line)| line.contains("actix_")))
        .map(|source| source.path.clone())
        .collect();
    assert_eq!(guards, ["src/auth/guard.rs", "src/auth/guard/anyone.rs"]);
}

/// `newsroom` opens transactions; `demo` strings its verbs together in one, so that half a paper is never left behind.
const TRANSACTIONS: [&str; 2] = ["newsroom", "demo"];

#[test]
fn only_newsroom_opens_transactions() {
    let others = sources("src");
    for source in others.iter().filter(|source| !TRANSACTIONS.contains(&source.room())) {
        for (number, line) in source.code() {
            assert!(!line.contains(".transaction("), "{}:{number}: {line}", source.path);
        }
    }
}

#[test]
fn queries_are_built_in_db_alone() {
    for source in sources("src").iter().filter(|source| source.room() != "db") {
        for (number, line) in source.code() {
            let builds = line.contains("schema::") && line.contains("db::") || line.contains("sql_query");
            assert!(!builds, "{}:{number}: {line}", source.path);
        }
    }
}

#[test]
fn a_file_is_one_idea_and_says_which() {
    for source in sources("src").iter().chain(&sources("tests")) {
        let first = source.text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! "), "{} does not say what it is for", source.path);
        let lines = source.text.lines().count();
        assert!(
            lines <= 300 || source.path == "src/db/schema.rs",
            "{} has {lines} lines",
            source.path
        );
    }
}

#[test]
fn modules_are_files_with_their_own_name() {
    for source in sources("src").iter().chain(&sources("tests")) {
        assert!(!source.path.ends_with("/mod.rs"), "{}", source.path);
    }
}

#[test]
fn nothing_is_left_for_later_and_no_rule_is_switched_off() {
    // Put together here, so that this file does not say them itself.
    let never = [
        ["TO", "DO"],
        ["FIX", "ME"],
        ["XX", "X"],
        ["#[all", "ow("],
        ["#![all", "ow("],
        ["todo", "!("],
        ["dbg", "!("],
    ];
    let never = never.map(|parts| parts.concat());
    for source in sources("src").iter().chain(&sources("tests")) {
        for (index, line) in source.text.lines().enumerate() {
            let said = never.iter().find(|word| line.contains(word.as_str()));
            assert!(said.is_none(), "{}:{}: {line}", source.path, index + 1);
        }
    }
}

#[test]
fn no_test_sleeps_or_waits_for_the_wall_clock() {
    let never = [["sle", "ep("], ["Utc::n", "ow("], ["SystemTime::n", "ow("]].map(|parts| parts.concat());
    for source in sources("tests") {
        for (number, line) in source.code() {
            assert!(
                !never.iter().any(|word| line.contains(word.as_str())),
                "{}:{number}: {line}",
                source.path
            );
        }
    }
}
