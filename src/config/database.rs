//! Where the data is.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::reader::Reader;
use super::value::Value;

/// Where the data is.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// `DATABASE_URL`: the PostgreSQL to use; without it a private one is kept in the data folder.
    pub url: Option<DatabaseUrl>,
    /// `DATABASE_REPLICA_URLS`: streaming replicas that answer readers' questions, with commas between.
    pub replica_urls: Vec<DatabaseUrl>,
    /// `MASTHEAD_DATA_DIR`: the folder of the private PostgreSQL and of the secret that development makes.
    pub data_dir: PathBuf,
    /// Whether `MASTHEAD_DATA_DIR` is set. Only a default folder may be exchanged for one that PostgreSQL can reach.
    pub data_dir_is_explicit: bool,
    /// `MASTHEAD_PG_BIN`: the folder of `initdb` and `pg_ctl`; looked for when not set.
    pub pg_bin: Option<PathBuf>,
    /// `MASTHEAD_DB_POOL_SIZE`: how many connections are held at most.
    pub pool_size: u32,
    /// `MASTHEAD_DB_POOL_WAIT`: the longest that a request waits for a connection before it is answered 503.
    pub pool_wait: Duration,
    /// `MASTHEAD_DB_STATEMENT_TIMEOUT`: the longest that one statement may run.
    pub statement_timeout: Duration,
    /// `MASTHEAD_DB_CONNECT_TIMEOUT`: the longest that making a connection may take, and that PostgreSQL may say nothing at
    /// all before its connections are given up.
    pub connect_timeout: Duration,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: None,
            replica_urls: Vec::new(),
            data_dir: PathBuf::from("./data"),
            data_dir_is_explicit: false,
            pg_bin: None,
            pool_size: 16,
            pool_wait: Duration::from_secs(1),
            statement_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(4),
        }
    }
}

impl DatabaseConfig {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let default = Self::default();
        let waits = Duration::from_millis(10)..=Duration::from_secs(3600);
        Self {
            url: reader.optional("DATABASE_URL", "postgres://masthead:password@localhost/masthead"),
            replica_urls: reader
                .optional::<Replicas>("DATABASE_REPLICA_URLS", "postgres://masthead:password@replica/masthead")
                .map_or_else(Vec::new, |replicas| replicas.0),
            data_dir: reader.get("MASTHEAD_DATA_DIR", default.data_dir),
            data_dir_is_explicit: reader.is_set("MASTHEAD_DATA_DIR"),
            pg_bin: reader.optional("MASTHEAD_PG_BIN", "/usr/lib/postgresql/17/bin"),
            pool_size: reader.within("MASTHEAD_DB_POOL_SIZE", default.pool_size, &(2..=1000)),
            pool_wait: reader.within("MASTHEAD_DB_POOL_WAIT", default.pool_wait, &waits),
            statement_timeout: reader.within("MASTHEAD_DB_STATEMENT_TIMEOUT", default.statement_timeout, &waits),
            connect_timeout: reader.within("MASTHEAD_DB_CONNECT_TIMEOUT", default.connect_timeout, &waits),
        }
    }
}

/// The address of a database. It shows itself without its password.
#[derive(Clone)]
pub struct DatabaseUrl(SecretString);

impl DatabaseUrl {
    /// Reads an address, for tests and tools.
    ///
    /// # Errors
    /// Says what it must be, without repeating it.
    pub fn parse(text: &str) -> Result<Self, String> {
        <Self as Value>::parse(text)
    }

    /// The address with its password, to connect with.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Masked.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(self.expose()))
    }
}

/// Masked.
impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

const SSL_MODES: [&str; 4] = ["disable", "prefer", "require", "verify-full"];

impl Value for DatabaseUrl {
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text)
            .ok()
            .filter(|url| matches!(url.scheme(), "postgres" | "postgresql"));
        let url = url.ok_or("must be an address that starts with postgres://")?;
        match url.query_pairs().find(|(key, _)| key == "sslmode") {
            Some((_, mode)) if !SSL_MODES.contains(&mode.as_ref()) => {
                Err(format!("has an unknown sslmode; it can be {}", SSL_MODES.join(", ")))
            }
            _ => Ok(Self(text.into())),
        }
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// Addresses with commas between.
struct Replicas(Vec<DatabaseUrl>);

impl Value for Replicas {
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        text.split(',')
            .map(|url| <DatabaseUrl as Value>::parse(url.trim()))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn show(&self) -> String {
        self.0.iter().map(DatabaseUrl::to_string).collect::<Vec<_>>().join(",")
    }
}

/// An address with each password in it replaced. What cannot be read is not shown at all.
fn masked(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else {
        return "(hidden)".to_owned();
    };
    if url.password().is_some() && url.set_password(Some("***")).is_err() {
        return "(hidden)".to_owned();
    }
    if url.query().is_some() {
        let pairs: Vec<(String, String)> = url
            .query_pairs()
            .map(|(k, v)| (k.into_owned(), v.into_owned()))
            .collect();
        url.query_pairs_mut()
            .clear()
            .extend_pairs(pairs.iter().map(|(key, value)| {
                (
                    key,
                    if key.contains("password") {
                        "***"
                    } else {
                        value.as_str()
                    },
                )
            }));
    }
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_ever_shown() {
        for (text, shown) in [
            ("postgres://u:hunter2@db/x", "postgres://u:***@db/x"),
            (
                "postgresql://db/x?user=u&password=hunter2",
                "postgresql://db/x?user=u&password=***",
            ),
            ("postgres:///x?host=/run/pg", "postgres:///x?host=%2Frun%2Fpg"),
            (
                "postgres://u@db/x?sslmode=verify-full",
                "postgres://u@db/x?sslmode=verify-full",
            ),
        ] {
            let url = DatabaseUrl::parse(text).expect(text);
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), shown);
            assert_eq!(url.expose(), text);
        }
    }

    #[test]
    fn other_databases_and_unknown_modes_are_refused_without_repeating_them() {
        for wrong in [
            "mysql://u:hunter2@db/x",
            "host=db password=hunter2",
            "postgres://u:hunter2@db/x?sslmode=maybe",
        ] {
            let message = DatabaseUrl::parse(wrong).expect_err(wrong);
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
