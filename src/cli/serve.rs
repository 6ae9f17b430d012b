//! `masthead serve`: everything from nothing: the database, its tables, the demo, the listener, the banner.

use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::open::{Source, pool_options, replicas};
use super::{Failure, Output, demo};
use crate::auth::password::Hasher;
use crate::clock::Clock;
use crate::config::{Config, ServerRole};
use crate::db::pool::{PoolOptions, connect};
use crate::db::{self, Connection, Pool, migrate};
use crate::demo::{EDITOR, PASSWORD};
use crate::domain::permission::Role;
use crate::jobs::{self, Night, SharedCache, Timetable};
use crate::outbound::Outbound;
use crate::server::{self, End, Parts};
use crate::telemetry;

#[derive(Args)]
pub(super) struct Arguments {
    /// Which part of the API to answer: all, delivery (readers) or desk (staff).
    #[arg(long, value_name = "ROLE", default_value = "all")]
    role: ServerRole,
}

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let mut config = Config::from_process()?;
    // Held to the end: what is left is sent when it is dropped.
    let _traces = telemetry::init_with_traces(&config.log, &config.traces)?;
    server::descriptors::raise();
    config.role = arguments.role;
    if config.role != ServerRole::All && config.database.url.is_none() {
        return Err(Failure::new(
            "a server of one role shares its database with servers of the other: set DATABASE_URL",
        ));
    }
    // First, because it is quick to fail and everything else takes time.
    let listener = server::listen(config.http.addr)
        .map_err(|error| Failure::new(format!("cannot listen on {}: {error}", config.http.addr)))?;
    config.bound_to(listener.local_addr()?);
    let metrics_listener = match config.metrics.addr {
        Some(addr) => Some(
            server::listen(addr).map_err(|error| Failure::new(format!("cannot show metrics on {addr}: {error}")))?,
        ),
        None => None,
    };
    let source = Source::own(&config.database)?;
    let url = source.url();
    let secrets = config.tokens.secrets_or_kept(source.data_dir(&config.database))?;
    let hasher = Hasher::new(config.accounts.hash_memory_kib)?;
    let served = server::run_until_done(async {
        let options = PoolOptions {
            shares: config.http.threads() + 1,
            ..pool_options(&config.database)
        };
        let clock = Clock::system();
        let pool = Pool::new(&url, &options)?;
        refuse_unfinished(connect(&url, &options).await.ok()).await?;
        let first = if config.role.serves_staff() {
            let ran = migrate::run(connect(&url, &options).await?).await?;
            if !ran.is_empty() {
                tracing::info!(versions = ran.join(", "), "the database was migrated");
            }
            if config.demo.enabled {
                demo::load_once(&mut *pool.get().await?, &hasher, &config, &secrets, clock.now()).await?;
            }
            first_steps(&pool, &config).await?
        } else {
            "Staff    sign in at a server with another role".to_owned()
        };
        let shared = shared_caches(&config)?;
        let replicas = replicas(&config.database, &options)?;
        let parts = Parts::new(config.clone(), pool.clone(), replicas, clock.clone(), &secrets, hasher)?;
        let timetable = (config.scheduler && config.role.serves_staff()).then(|| Timetable {
            rules: config.site.body_rules(),
            night: Night {
                timezone: config.site.timezone,
                addresses: config.comments.kept_addresses(),
            },
        });
        let jobs = jobs::start(&pool, &clock, &parts.app.metrics, timetable, shared);
        if let Some(listener) = metrics_listener {
            let exposed = server::expose(parts.exposition(), listener)?;
            tokio::spawn(async move {
                if let Err(error) = exposed.await {
                    tracing::error!(%error, "metrics are not shown any more");
                }
            });
        }
        let end = End {
            closing: Arc::clone(&parts.app.closing),
            expected: Arc::clone(&parts.app.expected),
            delay: config.http.shutdown_delay,
            listener: listener.try_clone()?,
            base: config.http.public_url.as_str().to_owned(),
        };
        let server = server::start(parts, listener)?;
        server::end_when_told(&server, end)?;
        say_hello(&config, &source, &first, output)?;
        server.await?;
        jobs.stop().await;
        tracing::info!("stopped");
        Ok(())
    });
    source.stop();
    served
}

/// The shared caches that are told what changed.
fn shared_caches(config: &Config) -> Result<Vec<SharedCache>, Failure> {
    let Some(purge) = &config.purge else {
        return Ok(Vec::new());
    };
    let outbound = Outbound::new()?;
    let caches = purge.urls.iter().map(|url| SharedCache {
        outbound: outbound.clone(),
        kind: purge.kind,
        url: url.as_str().trim_end_matches('/').to_owned(),
        token: purge.token.clone(),
    });
    Ok(caches.collect())
}

/// Serves no database in which sign-ins and keys of another day may live. (A server for readers alone may start before there is
/// a database.)
async fn refuse_unfinished(conn: Option<Connection>) -> Result<(), Failure> {
    let unfinished = match conn {
        Some(mut conn) => db::restoring::is_unfinished(&mut conn).await?,
        None => false,
    };
    if unfinished {
        return Err(Failure::new(
            "a backup was being restored into this database, and that was not finished: restore it again, or run `masthead restore --after`",
        ));
    }
    Ok(())
}

/// How somebody signs in here for the first time.
async fn first_steps(pool: &Pool, config: &Config) -> Result<String, Failure> {
    let mut conn = pool.get().await?;
    if config.demo.enabled && db::users::find_by_email(&conn, EDITOR).await?.is_some() {
        return Ok(format!("Sign in  {EDITOR}, password {PASSWORD}"));
    }
    if db::users::count_enabled(&mut conn, Role::Admin).await? == 0 {
        return Ok("Nobody can sign in yet. Make the first administrator:\n           \
             masthead user create --role admin --email you@example.org --name \"Your Name\""
            .to_owned());
    }
    Ok("Sign in  with your account".to_owned())
}

fn say_hello(config: &Config, source: &Source, first: &str, output: Output) -> Result<(), Failure> {
    let base = config.http.public_url.as_str();
    let database = match source {
        Source::Given(url) => url.to_string(),
        Source::Private(_) => format!("private PostgreSQL in {}", source.data_dir(&config.database).display()),
    };
    let docs = if config.http.docs {
        format!("{base}/docs")
    } else {
        "off".to_owned()
    };
    let text = format!(
        "\n  Masthead is ready.\n\n  Front page  {base}/\n  API         {base}/api/v1/articles\n  Docs        {docs}\n  \
         Database    {database}\n\n  Try      curl '{base}/api/v1/articles?limit=1'\n  {first}\n"
    );
    output.say(text, &json!({ "url": base, "docs": docs, "database": database }))
}
