//! Pure rules: no database, no HTTP, no clock. Whatever can be decided from values alone is decided here.

mod text_enum;

pub mod actor;
pub mod article_path;
pub mod body;
pub mod byline;
pub mod check;
pub mod comment;
pub mod comment_rules;
pub mod comments_policy;
pub mod content;
pub mod correction;
pub mod diff;
pub mod email;
pub mod hex;
pub mod id_or_slug;
pub mod instant;
pub mod json_ld;
pub mod language;
pub mod link;
pub mod nearest;
pub mod network;
pub mod ownership;
pub mod patch;
pub mod permission;
pub mod plan;
pub mod preflight;
pub mod purge;
pub mod retention;
pub mod search;
pub mod section_tree;
pub mod sign_in_limit;
pub mod site;
pub mod slug;
pub mod taxonomy;
pub mod text;
pub mod version;
pub mod workflow;

pub(crate) use text_enum::text_enum;
