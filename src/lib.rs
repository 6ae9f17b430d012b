//! Masthead: a headless CMS for newsrooms.
//!
//! The map. Arrows in use point only downwards; a test reads the `use crate::` lines and fails on one that points back.
//!
//! | room | what it is for | may use |
//! |---|---|---|
//! | [`cli`] | the commands of the binary | server, demo, newsroom, db, cluster, config |
//! | [`server`] | the HTTP server: middleware in order, drain | api, app, cache-less rooms below |
//! | [`api`] | HTTP only: requests in, responses out | auth, newsroom, db, error, app |
//! | [`app`] | what every request shares | auth, db, config, clock |
//! | [`error`] | the one table of error codes and the problem+json body | the errors of the rooms below |
//! | [`auth`] | who is asking, and may they | db, domain, config, clock |
//! | [`demo`] | the demonstration newsroom | newsroom, db, domain |
//! | [`newsroom`] | one function per change; the only place that opens a writing transaction | db, domain |
//! | [`db`] | the only place that builds queries | domain, clock |
//! | [`cluster`] | the private PostgreSQL | clock |
//! | [`domain`] | pure rules | nothing of ours |
#![forbid(unsafe_code)]

pub mod api;
pub mod app;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod cluster;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod error;
pub mod newsroom;
pub mod server;
pub mod telemetry;
