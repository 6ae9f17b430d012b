//! The only place that builds queries. Functions take a connection, return rows, and decide nothing.
//!
//! Every query is written in diesel's language with binds, so that it is prepared once a connection and never built
//! from text. Never names HTTP.

mod apart;
pub mod api_keys;
pub mod articles;
pub mod audit;
pub mod authors;
pub mod bounds;
pub mod bulk;
pub mod comment_bans;
pub mod comment_decisions;
pub mod comment_edits;
pub mod comment_facts;
pub mod comment_queue;
pub mod comment_reports;
pub mod comment_rule_sets;
pub mod comment_samples;
pub mod comment_threads;
pub mod commenters;
pub mod comments;
pub mod constraint;
pub mod corrections;
pub mod counts;
pub mod edit_locks;
pub mod fingerprint;
pub mod headlines;
pub mod idempotency;
pub mod json;
pub mod kept;
pub mod kills;
pub mod like;
pub mod markers;
pub mod migrate;
pub mod personal_data;
pub mod pool;
pub mod preview_tokens;
pub mod public_slugs;
pub mod publications;
pub mod published;
pub mod purge_positions;
pub mod reader_addresses;
pub mod reader_changes;
pub mod refresh_tokens;
pub mod refs;
pub mod replicas;
pub mod restoring;
pub mod retired_slugs;
pub mod revisions;
pub mod schedule;
pub mod schema;
pub mod sections;
pub mod sessions;
pub mod settings;
pub mod sign_ins;
mod silence;
pub mod site;
pub mod tags;
pub mod taxonomy_gate;
pub mod text_search;
pub mod time;
pub mod tls;
mod together;
mod union_all;
pub mod users;
pub mod uses;
mod with;

pub use diesel_async::AsyncPgConnection as Connection;
pub use fingerprint::{Change, Fingerprint};
pub use json::Json;
pub use pool::{Joined, Pool, Pooled};
pub use replicas::Replicas;
pub use together::{Write, in_parts, write_together};

/// What a query answers.
pub type Result<T> = std::result::Result<T, diesel::result::Error>;
