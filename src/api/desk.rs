//! The desk: what staff may do, under `/api/v1/desk`. Never cached.

pub mod api_keys;
pub mod articles;
pub mod audit;
pub mod authors;
pub mod comment_bans;
pub mod comment_rules;
pub mod comments;
pub mod inputs;
pub mod sections;
pub mod site;
pub mod tags;
pub mod user_ref;
pub mod users;
