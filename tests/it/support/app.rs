//! A server of the test's own, on a port of its own.

use std::net::TcpListener;
use std::sync::{Arc, LazyLock};

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use masthead::api::cached::DeliveryCache;
use masthead::auth::access_token::AccessTokens;
use masthead::auth::password::Hasher;
use masthead::clock::{Clock, new_id};
use masthead::config::{Config, Secrets};
use masthead::db::pool::PoolOptions;
use masthead::db::sessions::SessionRow;
use masthead::db::users::UserRow;
use masthead::db::{self, Pool, Pooled, Replicas};
use masthead::domain::permission::Role;
use masthead::domain::preflight::FindingCode;
use masthead::metrics::Metrics;
use masthead::server::{self, Exposition, Parts};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use uuid::Uuid;

use super::client::Client;
use super::db::{fresh, pool_options};

/// Servers live here, not in a test's own runtime, so that they stop in order when the test ends.
static SERVERS: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
});

/// One is enough: making it hashes a password.
static HASHER: LazyLock<Hasher> = LazyLock::new(|| Hasher::new(33_792).unwrap());

/// The password of every user that a test makes.
pub const PASSWORD: &str = "correct horse battery";

/// What the tests' servers sign with.
pub const SECRET: &str = "a secret that only tests know and is long enough";

/// `PASSWORD`, hashed once.
static PASSWORD_HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();

/// A running server and what the test may do to it behind its back.
pub struct TestApp {
    pub base: String,
    pub clock: Clock,
    pub pool: Pool,
    pub exposition: Exposition,
    pub metrics: Arc<Metrics>,
    cache: Data<DeliveryCache>,
    tokens: AccessTokens,
    handle: ServerHandle,
}

impl TestApp {
    /// A server with the settings of a development machine.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// A server with settings changed.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::on(fresh().await, change).await
    }

    /// A server on a database that is there.
    pub async fn on(url: String, change: impl FnOnce(&mut Config)) -> Self {
        Self::on_pool(url, &pool_options(), change).await
    }

    /// The same with a pool of another size or patience.
    pub async fn on_pool(url: String, options: &PoolOptions, change: impl FnOnce(&mut Config)) -> Self {
        Self::built(url, options, &[], change).await
    }

    /// The same, whose readers are answered by replicas.
    pub async fn reading_from(replicas: &[String], url: String, change: impl FnOnce(&mut Config)) -> Self {
        Self::built(url, &pool_options(), replicas, change).await
    }

    async fn built(url: String, options: &PoolOptions, replicas: &[String], change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        config.http.workers = Some(1);
        // All of a test's callers are one address.
        config.http.rate_limits = false;
        // The articles of most tests have no byline; those of preflight ask for one again.
        config.site.preflight_blockers = vec![FindingCode::NoBody, FindingCode::NoSection];
        change(&mut config);
        let clock = Clock::manual(start_of_tests());
        let pool = Pool::new(&url, options).unwrap();
        let secrets = Secrets::parse(SECRET).unwrap();
        let tokens = AccessTokens::new(
            &secrets,
            config.http.public_url.as_str(),
            config.tokens.access_token_ttl,
        );
        let replicas = replicas.iter().map(|url| Pool::new(url, &pool_options()).unwrap());
        let replicas = Replicas::new(replicas.collect());
        let parts = Parts::new(config, pool.clone(), replicas, clock.clone(), &secrets, HASHER.clone()).unwrap();
        let (cache, exposition) = (parts.cache.clone(), parts.exposition());
        let metrics = Arc::clone(&parts.app.metrics);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let handle = {
            let _inside = SERVERS.enter();
            let server = server::start(parts, listener).unwrap();
            let handle = server.handle();
            SERVERS.spawn(server);
            handle
        };
        Self {
            base,
            clock,
            pool,
            exposition,
            metrics,
            cache,
            tokens,
            handle,
        }
    }

    /// A connection to the test's database.
    pub async fn conn(&self) -> Pooled {
        self.pool.get().await.unwrap()
    }

    /// Waits until the server knows what was written behind its back, as it would by itself a little later.
    pub async fn told(&self) {
        self.cache.catch_up().await;
    }

    /// Bytes that the server keeps of its answers.
    pub fn kept_bytes(&self) -> u64 {
        self.cache.weight()
    }

    /// Shows what is counted, as `MASTHEAD_METRICS_ADDR` does; answers where.
    pub fn show_metrics(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let _inside = SERVERS.enter();
        SERVERS.spawn(server::expose(self.exposition.clone(), listener).unwrap());
        base
    }

    /// Somebody without a token.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.base, None, None)
    }

    /// Somebody with this token, whatever it is.
    pub fn bearer(&self, token: &str) -> Client {
        Client::new(&self.base, Some(token), None)
    }

    pub async fn admin(&self) -> Client {
        self.user(Role::Admin).await
    }

    pub async fn editor(&self) -> Client {
        self.user(Role::Editor).await
    }

    pub async fn reporter(&self) -> Client {
        self.user(Role::Reporter).await
    }

    pub async fn moderator(&self) -> Client {
        self.user(Role::Moderator).await
    }

    pub async fn reader(&self) -> Client {
        self.user(Role::Reader).await
    }

    /// A program with a new API key, which is what `with` says.
    pub async fn key(&self, with: Value) -> Client {
        let mut body = json!({"name": "A program"});
        for (name, value) in with.as_object().expect("an object") {
            body[name] = value.clone();
        }
        let made = self.admin().await.post("/api/v1/desk/api-keys", body).await.expect(201);
        self.bearer(&made.text_at("/key"))
    }

    /// A new account with this role, signed in. Each call makes another.
    pub async fn user(&self, role: Role) -> Client {
        self.user_signed_in_at(role, self.clock.now()).await
    }

    /// The same with a token that has run out, and a session that has not.
    pub async fn user_with_expired_token(&self, role: Role) -> Client {
        self.user_signed_in_at(role, self.clock.now() - TimeDelta::days(2))
            .await
    }

    /// A new token for an account whose old one may have run out meanwhile.
    pub async fn signed_in_again(&self, client: &Client) -> Client {
        let (user, now) = (client.account().clone(), self.clock.now());
        let session = new_id(now);
        let until = now + TimeDelta::days(30);
        db::sessions::insert(&mut *self.conn().await, &signed_in(session, user.id, now, until))
            .await
            .unwrap();
        let token = self.tokens.issue(user.id, session, now).unwrap();
        Client::new(
            &self.base,
            Some(secrecy::ExposeSecret::expose_secret(&token.token)),
            Some(user),
        )
    }

    async fn user_signed_in_at(&self, role: Role, now: DateTime<Utc>) -> Client {
        let hash = PASSWORD_HASH
            .get_or_init(|| async { HASHER.hash(&PASSWORD.into()).await.unwrap() })
            .await;
        let id = new_id(now);
        let user = UserRow {
            id,
            email: format!("{role}-{id}@paper.example"),
            name: format!("The {role}"),
            role,
            password_hash: hash.clone(),
            disabled_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let mut conn = self.conn().await;
        db::users::insert(&mut conn, &user).await.unwrap();
        let session = new_id(now);
        let until = now + TimeDelta::days(30);
        db::sessions::insert(&mut conn, &signed_in(session, id, now, until))
            .await
            .unwrap();
        let token = self.tokens.issue(id, session, now).unwrap();
        Client::new(
            &self.base,
            Some(secrecy::ExposeSecret::expose_secret(&token.token)),
            Some(user),
        )
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The command is sent at once; the servers' runtime carries it out.
        drop(self.handle.stop(false));
    }
}

/// The instant at which every test begins.
pub fn start_of_tests() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 6, 1, 9, 0, 0).unwrap()
}

fn signed_in(id: Uuid, user_id: Uuid, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> SessionRow {
    SessionRow {
        id,
        user_id,
        user_agent: None,
        created_at: now,
        last_used_at: now,
        expires_at,
        ended_at: None,
    }
}
