//! How we listen and answer.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use ipnet::IpNet;

use super::Environment;
use super::reader::Reader;
use super::url::{self, BaseUrl};
use super::value::{ByteSize, Value};

/// How we listen and answer.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// `MASTHEAD_ADDR`: the address and port to listen on.
    pub addr: SocketAddr,
    /// `MASTHEAD_PUBLIC_URL`: where callers reach us, also the issuer of our tokens; by default `http://<addr>`.
    pub public_url: BaseUrl,
    /// `MASTHEAD_CORS_ORIGINS`: the origins whose pages may call the desk and auth; `*` (any) only in development.
    pub cors_origins: CorsOrigins,
    /// `MASTHEAD_TRUSTED_PROXIES`: the networks of the proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// `MASTHEAD_DOCS`: whether `/docs` is served.
    pub docs: bool,
    /// `MASTHEAD_RATE_LIMITS`: whether callers are limited.
    pub rate_limits: bool,
    /// `MASTHEAD_HTTP_WORKERS`: how many worker threads; one per core when not set.
    pub workers: Option<u32>,
    /// `MASTHEAD_REQUEST_TIMEOUT`: the longest that handling one request may take.
    pub request_timeout: Duration,
    /// `MASTHEAD_HEAD_TIMEOUT`: the longest that a request's head may take to arrive; of a later one of the
    /// same connection, since the answer before it.
    pub head_timeout: Duration,
    /// `MASTHEAD_BODY_TIMEOUT`: the longest that a request's body may take to arrive.
    pub body_timeout: Duration,
    /// `MASTHEAD_BODY_LIMIT`: the largest request body, in bytes.
    pub body_limit: usize,
    /// `MASTHEAD_SHUTDOWN_DELAY`: how long requests are still taken after SIGTERM, while `/readyz` answers 503.
    pub shutdown_delay: Duration,
    /// `MASTHEAD_SHUTDOWN_TIMEOUT`: how long running requests may take to end after SIGTERM.
    pub shutdown_timeout: Duration,
}

impl HttpConfig {
    /// How many threads answer requests.
    #[must_use]
    pub fn threads(&self) -> usize {
        let given = self.workers.and_then(|workers| usize::try_from(workers).ok());
        given.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, Into::into))
    }

    /// The defaults of an environment.
    #[must_use]
    pub fn defaults(environment: Environment) -> Self {
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
        Self {
            addr,
            public_url: BaseUrl::of_listener(addr),
            cors_origins: match environment {
                Environment::Development => CorsOrigins::Any,
                Environment::Production => CorsOrigins::These(Vec::new()),
            },
            trusted_proxies: Vec::new(),
            docs: true,
            rate_limits: true,
            workers: None,
            request_timeout: Duration::from_secs(30),
            head_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(15),
            body_limit: 1 << 20,
            shutdown_delay: match environment {
                Environment::Development => Duration::ZERO,
                Environment::Production => Duration::from_secs(5),
            },
            shutdown_timeout: Duration::from_secs(20),
        }
    }

    pub(super) fn read(reader: &mut Reader, environment: Environment) -> Self {
        let default = Self::defaults(environment);
        let timeouts = Duration::from_millis(100)..=Duration::from_secs(3600);
        let sizes = ByteSize(1 << 10)..=ByteSize(64 << 20);
        let addr = reader.get("MASTHEAD_ADDR", default.addr);
        let body_limit = reader.within("MASTHEAD_BODY_LIMIT", ByteSize(1 << 20), &sizes);
        Self {
            addr,
            public_url: reader.get("MASTHEAD_PUBLIC_URL", BaseUrl::of_listener(addr)),
            cors_origins: read_cors_origins(reader, environment, default.cors_origins),
            trusted_proxies: reader.get("MASTHEAD_TRUSTED_PROXIES", default.trusted_proxies),
            docs: reader.get("MASTHEAD_DOCS", default.docs),
            rate_limits: reader.get("MASTHEAD_RATE_LIMITS", default.rate_limits),
            workers: reader.optional_within("MASTHEAD_HTTP_WORKERS", "4", &(1..=1024)),
            request_timeout: reader.within("MASTHEAD_REQUEST_TIMEOUT", default.request_timeout, &timeouts),
            head_timeout: reader.within("MASTHEAD_HEAD_TIMEOUT", default.head_timeout, &timeouts),
            body_timeout: reader.within("MASTHEAD_BODY_TIMEOUT", default.body_timeout, &timeouts),
            body_limit: usize::try_from(body_limit.0).unwrap_or(default.body_limit),
            shutdown_delay: reader.within(
                "MASTHEAD_SHUTDOWN_DELAY",
                default.shutdown_delay,
                &(Duration::ZERO..=Duration::from_secs(300)),
            ),
            shutdown_timeout: reader.within("MASTHEAD_SHUTDOWN_TIMEOUT", default.shutdown_timeout, &timeouts),
        }
    }
}

fn read_cors_origins(reader: &mut Reader, environment: Environment, default: CorsOrigins) -> CorsOrigins {
    const NAME: &str = "MASTHEAD_CORS_ORIGINS";
    let origins = reader.get(NAME, default);
    if origins == CorsOrigins::Any && !environment.is_development() {
        reader.problem(
            NAME,
            "must name its origins in production".to_owned(),
            "https://desk.news.example",
        );
    }
    origins
}

/// The origins whose pages may call the desk and auth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CorsOrigins {
    /// Every one.
    Any,
    /// These, as a browser sends them; none when empty.
    These(Vec<String>),
}

impl Value for CorsOrigins {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "*" => return Ok(Self::Any),
            "none" => return Ok(Self::These(Vec::new())),
            _ => {}
        }
        let origins: Option<Vec<String>> = text.split(',').map(|part| url::origin(part.trim())).collect();
        origins.map(Self::These).ok_or_else(|| {
            "must be origins with commas between, like https://desk.news.example,http://localhost:3000, or *, or none"
                .to_owned()
        })
    }

    fn show(&self) -> String {
        match self {
            Self::Any => "*".to_owned(),
            Self::These(origins) if origins.is_empty() => "none".to_owned(),
            Self::These(origins) => origins.join(","),
        }
    }
}
