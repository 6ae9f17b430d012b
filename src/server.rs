//! The HTTP server: its limits, its middleware in order, and its end.

pub mod descriptors;
mod ending;
mod exposition;
mod late;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App as ActixApp, HttpServer, web};
use utoipa_actix_web::AppExt;

pub use ending::{End, end_when_told};
pub use exposition::{Exposition, expose};

use crate::api::cached::DeliveryCache;
use crate::api::page::Cursors;
use crate::api::routes::RouteTable;
use crate::api::system::health::Readiness;
use crate::api::{self, connection, edge, openapi, routes, system};
use crate::app::App;
use crate::auth::Authenticator;
use crate::auth::access_token::AccessTokens;
use crate::auth::keyed_hash::KeyedHash;
use crate::auth::password::Hasher;
use crate::auth::preview_token::PreviewTokens;
use crate::auth::rate_limit::Limits;
use crate::auth::refresh_token::Succession;
use crate::auth::sign_ins::SignIns;
use crate::cache::Cache;
use crate::clock::Clock;
use crate::config::{Config, Secrets};
use crate::db::{Pool, Replicas};
use crate::metrics::Metrics;
use crate::outbound::comment_hook::CommentHook;
use crate::outbound::{ClientError, Outbound};

/// What the hashes of commenters' e-mail addresses are derived for: another purpose gives other hashes.
pub const COMMENT_EMAILS: &str = "comment-email";

/// The same for where callers are, and for the accounts that report comments.
pub const ADDRESSES: &str = "address";

/// What a server is made of.
pub struct Parts {
    pub app: App,
    pub authenticator: Authenticator,
    pub cursors: Cursors,
    pub cache: web::Data<DeliveryCache>,
    table: web::Data<RouteTable>,
    document: web::Data<openapi::Document>,
    /// None where callers are not limited.
    pub limits: Option<web::Data<Limits>>,
}

/// Why a server cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PartsError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("there is no thread to hear of changes: {0}")]
    Thread(#[from] std::io::Error),
}

impl Parts {
    /// The parts of a server with these settings. Every key is derived from `secrets`, each for one purpose.
    ///
    /// # Errors
    /// When a service is to be asked, and the system's certificates cannot be read; or when it gives no thread to hear of
    /// changes.
    pub fn new(
        config: Config,
        pool: Pool,
        replicas: Replicas,
        clock: Clock,
        secrets: &Secrets,
        hasher: Hasher,
    ) -> Result<Self, PartsError> {
        let issuer = config.http.public_url.as_str();
        let comment_hook = match &config.comments.hook {
            Some(hook) => Some(CommentHook::new(Outbound::new()?, hook)),
            None => None,
        };
        let replicas = Arc::new(replicas);
        let room = if config.role.serves_readers() {
            config.cache.size
        } else {
            0
        };
        let cache = Cache::start(room, pool.clone(), Arc::clone(&replicas), clock.clone())?;
        let document = openapi::document(&config);
        let table = RouteTable::of(&document, system::beside_the_document(&config.http));
        Ok(Self {
            table: web::Data::new(table),
            document: web::Data::new(openapi::Document::new(&document)),
            cache: web::Data::new(DeliveryCache::new(cache)),
            authenticator: Authenticator {
                pool,
                replicas,
                clock: clock.clone(),
                tokens: AccessTokens::new(secrets, issuer, config.tokens.access_token_ttl),
                succession: Succession::new(secrets),
                refresh_token_ttl: config.tokens.refresh_token_ttl,
            },
            limits: config
                .http
                .rate_limits
                .then(|| web::Data::new(Limits::new(&config.limits, &clock))),
            cursors: Cursors::new(KeyedHash::new(secrets, "cursors").hash(b"").to_vec()),
            app: App {
                rule_book: Default::default(),
                comment_intake: Default::default(),
                addresses: KeyedHash::new(secrets, ADDRESSES),
                requests: KeyedHash::new(secrets, "requests"),
                comment_emails: KeyedHash::new(secrets, COMMENT_EMAILS),
                hasher,
                sign_ins: SignIns::new(secrets, clock.clone(), config.http.rate_limits),
                previews: PreviewTokens::new(secrets),
                comment_hook,
                clock,
                metrics: Arc::new(Metrics::default()),
                closing: Arc::default(),
                expected: Arc::default(),
                config,
            },
        })
    }

    /// What the server counts, to be shown.
    #[must_use]
    pub fn exposition(&self) -> Exposition {
        Exposition {
            pool: self.authenticator.pool.clone(),
            cache: self.cache.clone(),
            table: self.table.clone(),
            metrics: Arc::clone(&self.app.metrics),
        }
    }
}

/// A server that listens on `listener` from now on. Await it to serve; [`end_when_told`] ends it.
///
/// # Errors
/// When the listener cannot be used.
pub fn start(parts: Parts, listener: TcpListener) -> std::io::Result<Server> {
    let role = parts.app.config.role;
    let settings = parts.app.config.http.clone();
    let database = &parts.app.config.database;
    let pools = 1 + database.replica_urls.len();
    let to_database = usize::try_from(database.pool_size)
        .unwrap_or(usize::MAX)
        .saturating_mul(pools);
    let expected = Arc::clone(&parts.app.expected);
    let (document, table) = (parts.document, parts.table);
    let app = web::Data::new(parts.app);
    let authenticator = web::Data::new(parts.authenticator);
    let cursors = web::Data::new(parts.cursors);
    let cache = parts.cache;
    let limits = parts.limits;
    let readiness = web::Data::new(Readiness::default());
    let threads = settings.threads();
    let http = settings.clone();
    let server = HttpServer::new(move || {
        let app_with_limits = match &limits {
            Some(limits) => ActixApp::new().app_data(limits.clone()),
            None => ActixApp::new(),
        };
        app_with_limits
            // Outermost: everything that leaves passes here once.
            .wrap(from_fn(edge::edge))
            .app_data(app.clone())
            .app_data(authenticator.clone())
            .app_data(cursors.clone())
            .app_data(cache.clone())
            .app_data(table.clone())
            .app_data(document.clone())
            .app_data(readiness.clone())
            .into_utoipa_app()
            .configure(|config| api::configure(config, &http, role))
            .into_app()
            .default_service(routes::unmatched())
    })
    // Else the end of a large answer waits forty milliseconds for its reader's acknowledgement.
    .tcp_nodelay(true)
    .client_request_timeout(settings.head_timeout)
    .on_connect(connection::watch(
        connection::Limits {
            rest: settings.head_timeout,
            sending: settings.request_timeout + settings.head_timeout,
        },
        expected,
    ))
    .workers(threads)
    .max_connections(descriptors::connections(threads, to_database))
    .disable_signals()
    .shutdown_timeout(settings.shutdown_timeout.as_secs().max(1));
    Ok(server.listen(listener)?.run())
}

/// Runs `work` on the threads that a server wants, until it is done.
pub fn run_until_done<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

/// Opens the address that the settings name.
///
/// # Errors
/// When it is in use or not ours.
pub fn listen(addr: SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(addr)
}

/// The API document of a server with default settings: the same on every machine.
#[must_use]
pub fn document() -> String {
    openapi::to_json(&openapi::document(&Config::default()))
}
