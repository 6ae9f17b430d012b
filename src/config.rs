//! The settings: one struct a topic, read once at the start, handed on, never read again.
//!
//! Every field documents its variable; its default stands in the topic's `defaults`. `.env.example` lists all of them,
//! and a test holds the two together. The binary reads its environment only: `bin/serve` loads a `.env` file into it.

mod accounts;
mod cache;
mod comments;
mod database;
mod demo;
mod http;
mod limits;
mod log;
mod metrics;
mod purge;
mod reader;
mod secrets;
mod server_role;
mod site;
mod tokens;
mod traces;
mod url;
mod value;

use std::net::SocketAddr;

pub use accounts::AccountsConfig;
pub use cache::CacheConfig;
pub use comments::{CommentHookConfig, CommentsConfig};
pub use database::{DatabaseConfig, DatabaseUrl};
pub use demo::DemoConfig;
pub use http::{CorsOrigins, HttpConfig};
pub use limits::LimitsConfig;
pub use log::{LogConfig, LogFormat};
pub use metrics::MetricsConfig;
pub use purge::PurgeConfig;
pub use reader::{ConfigError, Problem};
pub use secrets::{SecretFileError, Secrets, load_or_create_secret};
pub use server_role::ServerRole;
pub use site::SiteConfig;
pub use tokens::TokensConfig;
pub use traces::TracesConfig;
pub use url::{BaseUrl, Endpoint};

use reader::Reader;
use value::{Value, keyword};

/// Everything an operator can set. `Config::default()` is a development machine with nothing set.
#[derive(Clone, Debug)]
pub struct Config {
    /// `MASTHEAD_ENV`
    pub environment: Environment,
    /// Which part of the API this server answers.
    pub role: ServerRole,
    /// How we listen and answer.
    pub http: HttpConfig,
    /// How often callers may ask.
    pub limits: LimitsConfig,
    /// Where the data is.
    pub database: DatabaseConfig,
    /// What is kept of delivery's answers.
    pub cache: CacheConfig,
    /// The publication and its front end.
    pub site: SiteConfig,
    /// Access and refresh tokens.
    pub tokens: TokensConfig,
    /// Registration and passwords.
    pub accounts: AccountsConfig,
    /// Readers' comments.
    pub comments: CommentsConfig,
    /// What is logged.
    pub log: LogConfig,
    /// Where what is counted is shown.
    pub metrics: MetricsConfig,
    /// Where traces go.
    pub traces: TracesConfig,
    /// Whether shared caches in front of us are told what changed, and which.
    pub purge: Option<PurgeConfig>,
    /// The demonstration newsroom.
    pub demo: DemoConfig,
    /// `MASTHEAD_SCHEDULER`: whether this node publishes and unpublishes what is due, and tidies up at night.
    pub scheduler: bool,
}

/// `MASTHEAD_ENV`: `development` (the default) or `production`. It must be stated when `MASTHEAD_ADDR` is not a
/// loopback address or `DATABASE_URL` is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Comfortable: a secret is made, the demo is loaded, any origin may call.
    Development,
    /// Strict: what matters must be set.
    Production,
}

impl Environment {
    /// Whether this is `development`.
    #[must_use]
    pub fn is_development(self) -> bool {
        self == Self::Development
    }
}

impl Value for Environment {
    fn parse(text: &str) -> Result<Self, String> {
        keyword(
            text,
            &[("development", Self::Development), ("production", Self::Production)],
        )
    }

    fn show(&self) -> String {
        if self.is_development() {
            "development"
        } else {
            "production"
        }
        .to_owned()
    }
}

impl Default for Config {
    fn default() -> Self {
        let environment = Environment::Development;
        let http = HttpConfig::defaults(environment);
        Self {
            environment,
            role: ServerRole::default(),
            limits: LimitsConfig::default(),
            database: DatabaseConfig::default(),
            cache: CacheConfig::default(),
            site: SiteConfig::defaults(&http.public_url),
            tokens: TokensConfig::defaults(environment),
            accounts: AccountsConfig::default(),
            comments: CommentsConfig::default(),
            log: LogConfig::defaults(environment),
            metrics: MetricsConfig::default(),
            traces: TracesConfig::default(),
            purge: None,
            demo: DemoConfig::defaults(environment),
            scheduler: true,
            http,
        }
    }
}

impl Config {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// When any setting is wrong: all of them at once.
    pub fn from_process() -> Result<Self, ConfigError> {
        // What is not UTF-8 becomes replacement characters here, which the reader refuses in a setting of ours.
        Self::from_variables(
            std::env::vars_os().map(|(k, v)| (k.to_string_lossy().into_owned(), v.to_string_lossy().into_owned())),
        )
    }

    /// Reads settings from pairs of name and value. Empty values count as not set; other programs' names are ignored.
    ///
    /// # Errors
    /// When any setting is wrong: all of them at once.
    pub fn from_variables(variables: impl IntoIterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(variables);
        let config = Self::read(&mut reader);
        reader.finish()?;
        Ok(config)
    }

    /// Notes the port that the system chose when none was named; addresses that follow it by default follow.
    pub fn bound_to(&mut self, addr: SocketAddr) {
        let (before, now) = (BaseUrl::of_listener(self.http.addr), BaseUrl::of_listener(addr));
        for url in [&mut self.http.public_url, &mut self.site.url] {
            if *url == before {
                url.clone_from(&now);
            }
        }
        self.http.addr = addr;
    }

    fn read(reader: &mut Reader) -> Self {
        let stated = reader.is_set(ENV);
        let environment = reader.get(ENV, Environment::Development);
        let http = HttpConfig::read(reader, environment);
        let database = DatabaseConfig::read(reader);
        let cache = CacheConfig::read(reader);
        if cache.size == 0 && !database.replica_urls.is_empty() {
            let reason = "needs MASTHEAD_CACHE_SIZE above 0B: without it nobody hears of changes that a replica lacks";
            reader.problem("DATABASE_REPLICA_URLS", reason.to_owned(), "");
        }
        if !stated && let Some(reason) = must_state_environment(http.addr, reader) {
            reader.problem(
                ENV,
                format!("must be development or production, because {reason}"),
                "production",
            );
        }
        Self {
            environment,
            role: ServerRole::default(),
            site: SiteConfig::read(reader, &http.public_url),
            tokens: TokensConfig::read(reader, environment),
            accounts: AccountsConfig::read(reader),
            comments: CommentsConfig::read(reader),
            cache,
            limits: LimitsConfig::read(reader),
            log: LogConfig::read(reader, environment),
            metrics: MetricsConfig::read(reader),
            traces: TracesConfig::read(reader),
            purge: PurgeConfig::read(reader),
            demo: DemoConfig::read(reader, environment),
            scheduler: reader.get("MASTHEAD_SCHEDULER", true),
            http,
            database,
        }
    }
}

const ENV: &str = "MASTHEAD_ENV";

/// Development is comfortable because only this machine can call it; anything wider has to be meant.
fn must_state_environment(addr: SocketAddr, reader: &Reader) -> Option<&'static str> {
    if !addr.ip().is_loopback() {
        Some("MASTHEAD_ADDR can be reached from other machines")
    } else if reader.is_set("DATABASE_URL") {
        Some("DATABASE_URL is set")
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
