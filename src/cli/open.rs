//! The database that a command works on: the one the settings name, or the private one, started when it does not run.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Failure;
use crate::cluster::{Access, Cluster, Options, programs_dir};
use crate::config::{Config, DatabaseConfig, DatabaseUrl, Secrets};
use crate::db::pool::{PoolOptions, connect};
use crate::db::{Connection, Pool, Replicas};

/// The database everything is kept in.
pub(super) const NAME: &str = "masthead";

/// Where the database is. It can be connected to for as long as this is held.
pub(super) enum Source {
    /// At the address that the settings name.
    Given(DatabaseUrl),
    Private(Access),
}

impl Source {
    /// For a command: beside a server that runs, or alone. Blocks while the private PostgreSQL starts.
    fn open(settings: &DatabaseConfig) -> Result<Self, Failure> {
        Ok(match &settings.url {
            Some(url) => Self::Given(url.clone()),
            None => Self::Private(Access::open(private(settings)?)?),
        })
    }

    /// For a server: its private PostgreSQL nobody else may have. Blocks as well.
    pub fn own(settings: &DatabaseConfig) -> Result<Self, Failure> {
        Ok(match &settings.url {
            Some(url) => Self::Given(url.clone()),
            None => Self::Private(Access::Started(Cluster::start(private(settings)?)?)),
        })
    }

    /// The address, its password included.
    pub fn url(&self) -> String {
        match self {
            Self::Given(url) => url.expose().to_owned(),
            Self::Private(access) => access.url(NAME),
        }
    }

    /// The data folder, where the secret of a development machine is kept too.
    pub fn data_dir<'a>(&'a self, settings: &'a DatabaseConfig) -> &'a Path {
        match self {
            Self::Private(Access::Started(cluster)) => cluster.data_dir(),
            _ => &settings.data_dir,
        }
    }

    /// Stops what was started for this, and waits until it has ended.
    pub fn stop(self) {
        if let Self::Private(Access::Started(cluster)) = self {
            cluster.stop();
        }
    }
}

/// A command's database.
pub(super) struct Database {
    pub url: String,
    source: Source,
    pg_bin: Option<PathBuf>,
    options: PoolOptions,
}

impl Database {
    /// Blocks while the private PostgreSQL starts, where there is one.
    pub fn open(settings: &DatabaseConfig) -> Result<Self, Failure> {
        let source = Source::open(settings)?;
        Ok(Self {
            url: source.url(),
            source,
            pg_bin: settings.pg_bin.clone(),
            options: pool_options(settings),
        })
    }

    /// A connection of the command's own.
    pub async fn connect(&self) -> Result<Connection, Failure> {
        Ok(connect(&self.url, &self.options).await?)
    }

    /// The folder of `pg_dump` and `pg_restore`.
    pub fn programs(&self) -> Result<PathBuf, Failure> {
        match &self.source {
            Source::Given(_) => Ok(programs_dir(self.pg_bin.as_deref())?),
            Source::Private(access) => Ok(access.bin_dir().to_path_buf()),
        }
    }
}

/// The secrets of a command: those given, or those kept in the data folder of `database`.
pub(super) fn secrets(config: &Config, database: &Database) -> Result<Secrets, Failure> {
    let folder = database.source.data_dir(&config.database);
    Ok(config.tokens.secrets_or_kept(folder)?)
}

/// How the private PostgreSQL is started for these settings.
pub(super) fn private(settings: &DatabaseConfig) -> std::io::Result<Options> {
    Ok(Options {
        data_dir: settings.data_dir.clone(),
        data_dir_is_explicit: settings.data_dir_is_explicit,
        pg_bin: settings.pg_bin.clone(),
        keeper: std::env::current_exe()?,
        settings: Vec::new(),
        ephemeral: false,
    })
}

/// How the pool behaves under these settings.
pub(super) fn pool_options(settings: &DatabaseConfig) -> PoolOptions {
    PoolOptions {
        size: usize::try_from(settings.pool_size).unwrap_or(usize::MAX),
        shares: 1,
        wait: settings.pool_wait,
        connect_timeout: settings.connect_timeout,
        statement_timeout: settings.statement_timeout,
    }
}

/// The replicas that readers' questions go to. One that is busy or away costs a reader no time worth mentioning.
pub(super) fn replicas(settings: &DatabaseConfig, primary: &PoolOptions) -> Result<Replicas, Failure> {
    let options = PoolOptions {
        wait: Duration::from_millis(100),
        connect_timeout: Duration::from_secs(1),
        ..primary.clone()
    };
    let pools = settings
        .replica_urls
        .iter()
        .map(|url| Pool::new(url.expose(), &options));
    Ok(Replicas::new(pools.collect::<Result<_, _>>()?))
}

/// Runs a command's asynchronous part.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}
