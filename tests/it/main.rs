//! The one test executable: behaviour through HTTP, on a real PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should say so at once"
)]

mod support;

mod api_keys;
mod articles;
mod audit;
mod auth;
mod authorization;
mod authors;
mod canary;
mod cli;
mod cluster;
mod comment_bans;
mod comment_hook;
mod comment_reports;
mod comment_rules;
mod comments;
mod conventions;
mod corrections;
mod database;
mod delivery;
mod desk_comments;
mod edit_lock;
mod guard;
mod history;
mod house_rules;
mod http;
mod idempotency;
mod interleavings;
mod kill;
mod limits;
mod metrics;
mod naughty;
mod openapi;
mod overload;
mod preflight;
mod previews;
mod purges;
mod references;
mod replicas;
mod retention;
mod scale;
mod schedule;
mod schema;
mod seams;
mod search;
mod sections;
mod sections_tree;
mod server_roles;
mod site;
mod system;
mod tags;
mod tags_lists;
mod tags_merge;
mod tls;
mod totals;
mod users;
mod workflow;
