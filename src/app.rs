//! What every request shares: built once at the start, handed to handlers as [`Shared`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use actix_web::web;

use crate::auth::keyed_hash::KeyedHash;
use crate::auth::password::Hasher;
use crate::auth::preview_token::PreviewTokens;
use crate::auth::sign_ins::SignIns;
use crate::clock::Clock;
use crate::config::Config;
use crate::metrics::Metrics;
use crate::newsroom::{CommentIntake, RuleBook};
use crate::outbound::comment_hook::CommentHook;

/// The parts that handlers use besides their guard. (There is no pool here: a connection comes from a guard.)
pub struct App {
    pub config: Config,
    pub clock: Clock,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Whether the server is about to end.
    pub closing: Arc<AtomicBool>,
    /// How many connections have sent no whole head yet.
    pub expected: Arc<AtomicUsize>,
    pub hasher: Hasher,
    /// Counts wrong passwords.
    pub sign_ins: SignIns,
    /// Signs the links to what is not published.
    pub previews: PreviewTokens,
    /// Readers' e-mail addresses are kept as hashes under this key alone.
    pub comment_emails: KeyedHash,
    /// Readers' addresses likewise.
    pub addresses: KeyedHash,
    /// Hashes of the bodies of requests with an idempotency key.
    pub requests: KeyedHash,
    /// The rules that comments are judged by.
    pub rule_book: RuleBook,
    /// Where readers' comments arrive.
    pub comment_intake: CommentIntake,
    /// The service that is asked about comments, if there is one.
    pub comment_hook: Option<CommentHook>,
}

/// The app, as a handler's argument.
pub type Shared = web::Data<App>;
