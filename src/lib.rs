//! Masthead: a headless CMS for newsrooms.
//!
//! The map. Arrows point only downwards; a test reads this table and the `use crate::` lines, and fails on an arrow that
//! is not drawn here.
//!
//! | room | what it is for | may use |
//! |---|---|---|
//! | [`cli`] | the commands of the binary | server, jobs, demo, newsroom, auth, db, domain, cluster, outbound, telemetry, config, clock |
//! | [`demo`] | the demonstration newsroom | newsroom, auth, db, domain, config, clock |
//! | [`jobs`] | what the server does by itself | newsroom, db, outbound, domain, metrics, clock |
//! | [`server`] | the HTTP server: middleware in order, drain | api, app, auth, cache, db, outbound, config, metrics, clock |
//! | [`api`] | HTTP only: requests in, responses out | app, error, auth, cache, newsroom, db, outbound, domain, config, metrics, clock |
//! | [`app`] | what every request shares | auth, newsroom, outbound, config, metrics, clock |
//! | [`error`] | the one table of error codes and the problem+json body | auth, newsroom, db, domain |
//! | [`auth`] | who is asking, and may they | db, domain, config, clock |
//! | [`cache`] | what delivery answered, kept until it changes | db, metrics, clock |
//! | [`newsroom`] | one function per change; the only place that opens a writing transaction | db, domain, clock |
//! | [`db`] | the only place that builds queries | domain, metrics, clock |
//! | [`cluster`] | the private PostgreSQL | clock |
//! | [`outbound`] | other people's servers, asked over HTTP | config, domain, clock |
//! | [`telemetry`] | where log lines go | config |
//! | [`config`] | the settings | domain, clock |
//! | [`domain`] | pure rules | |
//! | [`metrics`] | what is counted | |
//! | [`clock`] | the time, and ids that begin with it | |
#![forbid(unsafe_code)]

pub mod api;
pub mod app;
pub mod auth;
pub mod cache;
pub mod cli;
pub mod clock;
pub mod cluster;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod error;
pub mod jobs;
pub mod metrics;
pub mod newsroom;
pub mod outbound;
pub mod server;
pub mod telemetry;
