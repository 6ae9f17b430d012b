//! Other people's servers, asked over HTTP: the one client, its limits, and how what it sends is signed.
//!
//! Whoever is asked may be slow, gone, or not who they seem: nothing is followed elsewhere, nothing is waited for longer
//! than it was said, and no more of an answer is read than was asked for. Never called while a connection of the pool is
//! held.

pub mod comment_hook;
mod signature;

use std::time::Duration;

pub use signature::SigningKeys;

/// What every request calls us.
const USER_AGENT: &str = concat!("masthead/", env!("CARGO_PKG_VERSION"));
/// An idle connection is kept no longer than usual servers keep theirs.
const IDLE: Duration = Duration::from_secs(30);

/// The client. Cheap to clone; all clones share its connections.
#[derive(Clone, Debug)]
pub struct Outbound(reqwest::Client);

/// A request to somebody else's server.
#[derive(Clone, Debug)]
pub struct Letter<'a> {
    pub url: &'a str,
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: Vec<u8>,
    /// For everything together, the answer's body included.
    pub timeout: Duration,
    /// The longest answer that is read, in bytes.
    pub most_answer: usize,
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// Why there is no answer. Says nothing of what was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// It took too long.
    #[error("no answer in time")]
    TimedOut,
    /// Longer than was asked for.
    #[error("the answer is too long")]
    TooLong,
    /// Nobody there, or nobody who speaks HTTP.
    #[error("no connection, or one that broke off")]
    Unreachable,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
#[error("other servers cannot be asked: {0}")]
pub struct ClientError(#[from] reqwest::Error);

impl Outbound {
    /// A client that trusts the certificates that the system trusts.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub fn new() -> Result<Self, ClientError> {
        #[expect(clippy::disallowed_methods, reason = "this is the one client")]
        let builder = reqwest::Client::builder();
        let client = builder
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .pool_idle_timeout(IDLE)
            .build()?;
        Ok(Self(client))
    }

    /// Posts it.
    ///
    /// # Errors
    /// When nothing that can be used came back in time.
    pub async fn post(&self, letter: Letter<'_>) -> Result<Answer, OutboundError> {
        let mut request = self
            .0
            .post(letter.url)
            .timeout(letter.timeout)
            .header("Content-Type", "application/json");
        for (name, value) in letter.headers {
            request = request.header(name, value);
        }
        let mut response = request.body(letter.body).send().await.map_err(|error| why(&error))?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| why(&error))? {
            if body.len() + chunk.len() > letter.most_answer {
                return Err(OutboundError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status: response.status().as_u16(),
            body,
        })
    }
}

fn why(error: &reqwest::Error) -> OutboundError {
    if error.is_timeout() {
        OutboundError::TimedOut
    } else {
        OutboundError::Unreachable
    }
}
