//! Finding PostgreSQL's programs on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::ClusterError;

/// Older versions lack what the schema and the tests use.
const MINIMUM_MAJOR: u32 = 15;
/// Folders that hold one folder of programs for each major version: where, how the name begins, what follows.
const VERSIONED: [(&str, &str, &str); 4] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
];

/// A folder of PostgreSQL's programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Programs {
    pub(super) bin_dir: PathBuf,
    pub(super) major: u32,
}

/// The programs to use: the folder asked for and no other, else the first that can open data of major version
/// `holds`, else (without data) the first that is new enough.
pub(super) fn programs(asked: Option<&Path>, holds: Option<u32>, data_dir: &Path) -> Result<Programs, ClusterError> {
    let places: Box<dyn Iterator<Item = PathBuf>> = match asked {
        Some(folder) => Box::new(std::iter::once(folder.to_path_buf())),
        None => Box::new(usual_places()),
    };
    let mut searched = Vec::new();
    let mut other_version = None;
    for place in places {
        let found = match look_into(&place) {
            Ok(found) => found,
            Err(why_not) => {
                searched.push(format!("{}: {why_not}", place.display()));
                continue;
            }
        };
        match holds {
            Some(major) if major == found.major => return Ok(found),
            // A version that is named on purpose, or that the data needs, may be an old one.
            None if found.major >= MINIMUM_MAJOR => return Ok(found),
            Some(_) => other_version = other_version.or(Some(found)),
            None => searched.push(format!("{}: version {}", place.display(), found.major)),
        }
    }
    match (holds, other_version) {
        (Some(holds), Some(Programs { bin_dir, major })) => Err(ClusterError::OtherVersion {
            data_dir: data_dir.to_path_buf(),
            holds,
            found: major,
            bin_dir,
        }),
        _ => Err(ClusterError::NoPrograms {
            minimum: MINIMUM_MAJOR,
            searched,
        }),
    }
}

/// Lazily, because asking a program costs milliseconds of every start.
fn usual_places() -> impl Iterator<Item = PathBuf> {
    let asked = || ask("pg_config", &["--bindir"]).map(PathBuf::from);
    // The shell knows PATH; a link there leads to the folder where the other programs lie.
    let on_path = || {
        Path::new(&ask("sh", &["-c", "command -v postgres"])?)
            .canonicalize()
            .ok()?
            .parent()
            .map(Path::to_path_buf)
    };
    std::iter::once_with(asked)
        .flatten()
        .chain(VERSIONED.into_iter().flat_map(versions))
        .chain(std::iter::once_with(on_path).flatten())
}

/// The folders of one family, newest version first.
fn versions((parent, prefix, rest): (&str, &str, &str)) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    let version = |name: &str| name.strip_prefix(prefix)?.parse::<u32>().ok();
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| Some((version(entry.file_name().to_str()?)?, entry.path().join(rest))))
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, path)| path).collect()
}

fn look_into(folder: &Path) -> Result<Programs, String> {
    let bin_dir = folder.canonicalize().map_err(|error| error.to_string())?;
    for program in ["initdb", "postgres"] {
        if !bin_dir.join(program).is_file() {
            return Err(format!("no {program}"));
        }
    }
    let postgres = bin_dir.join("postgres");
    let answer = ask(&postgres, &["--version"]).ok_or("postgres --version fails")?;
    let major = major_of(&answer).ok_or_else(|| format!("not a version: {answer}"))?;
    Ok(Programs { bin_dir, major })
}

/// What a program prints, when it succeeds.
fn ask(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir("/").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// `postgres (PostgreSQL) 15.18 (Debian ...)` is 15; `17beta1` is 17.
fn major_of(version: &str) -> Option<u32> {
    let number = version
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_postgres_prints() {
        assert_eq!(
            major_of("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"),
            Some(15)
        );
        assert_eq!(major_of("postgres (PostgreSQL) 18beta2"), Some(18));
        assert_eq!(major_of("postgres"), None);
    }

    #[test]
    fn a_folder_without_the_programs_says_what_is_missing() {
        let folder = std::env::temp_dir();
        let error = programs(Some(&folder), None, Path::new("/data")).expect_err("no programs in the temporary folder");
        assert!(error.to_string().contains("no initdb"), "{error}");
    }
}
