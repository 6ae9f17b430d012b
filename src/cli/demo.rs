//! `masthead demo`: the demonstration newsroom, on development machines only.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use clap::Subcommand;
use serde_json::json;

use super::open::{Database, block_on, secrets};
use super::{Failure, Output, settings};
use crate::auth::keyed_hash::KeyedHash;
use crate::auth::password::Hasher;
use crate::clock::Clock;
use crate::config::{Config, Secrets};
use crate::db::{Connection, migrate};
use crate::demo::{self, DemoError, Scale, Tools};
use crate::domain::body::BodyRules;
use crate::server::COMMENT_EMAILS;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Write the demonstration newsroom into an empty database.
    Load {
        /// In its place a big one, made up of words drawn by lot: `S` (10,000 articles), `M` (1,000,000) or a number.
        #[arg(long)]
        scale: Option<Scale>,
    },
    /// Take the demonstration newsroom away, and nothing else. It does not come back by itself.
    Clear,
}

pub(super) fn run(command: &Command, output: Output) -> Result<(), Failure> {
    let config = settings()?;
    if !config.environment.is_development() {
        return Err(Failure::new(
            "the demonstration newsroom has a password that everybody knows: never in production",
        ));
    }
    let database = Database::open(&config.database)?;
    let hasher = Hasher::new(config.accounts.hash_memory_kib)?;
    let secrets = secrets(&config, &database)?;
    block_on(async {
        migrate::run(database.connect().await?).await?;
        let mut conn = database.connect().await?;
        let now = Clock::system().now();
        match command {
            Command::Load { scale } => {
                let work = Work::new(&hasher, &config, &secrets).await?;
                let loaded = match scale {
                    Some(scale) => demo::load_scale(&mut conn, &work.tools(now), *scale, &told(*scale)).await?,
                    None => demo::load(&mut conn, &work.tools(now)).await?,
                };
                let text = format!(
                    "Loaded {} articles, {} comments and {} users.",
                    loaded.articles, loaded.comments, loaded.users
                );
                output.say(text, &json!(loaded))
            }
            Command::Clear => {
                let gone = demo::clear(&mut conn, now).await?;
                output.say(
                    format!("Took away {gone} articles and what belongs to them."),
                    &json!({ "articles": gone }),
                )
            }
        }
    })
}

/// Tells on standard error how far it is, twenty times.
fn told(scale: Scale) -> impl Fn(usize) {
    let told = AtomicUsize::new(0);
    move |done| {
        let part = done * 20 / scale.articles;
        if part > told.swap(part, Ordering::Relaxed) {
            eprintln!("{done} of {} articles", scale.articles);
        }
    }
}

/// Loads the demo into a database that is empty and never had it, as `serve` does at its start.
pub(super) async fn load_once(
    conn: &mut Connection,
    hasher: &Hasher,
    config: &Config,
    secrets: &Secrets,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    if demo::is_due(conn).await? {
        let work = Work::new(hasher, config, secrets).await?;
        if demo::load_once(conn, &work.tools(now)).await? {
            tracing::info!("the demonstration newsroom was loaded; `masthead demo clear` takes it away");
        }
    }
    Ok(())
}

type HashEmail = dyn Fn(&str) -> Vec<u8> + Send + Sync;

/// What loading borrows.
struct Work {
    password_hash: String,
    rules: BodyRules,
    emails: Box<HashEmail>,
}

impl Work {
    async fn new(hasher: &Hasher, config: &Config, secrets: &Secrets) -> Result<Self, Failure> {
        let emails = KeyedHash::new(secrets, COMMENT_EMAILS);
        Ok(Self {
            password_hash: hasher.hash(&demo::PASSWORD.into()).await?,
            rules: config.site.body_rules(),
            emails: Box::new(move |email| emails.hash(email.as_bytes()).to_vec()),
        })
    }

    fn tools(&self, now: DateTime<Utc>) -> Tools<'_> {
        Tools {
            password_hash: self.password_hash.clone(),
            rules: &self.rules,
            hash_email: &*self.emails,
            now,
        }
    }
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        Self::new(error.to_string())
    }
}
