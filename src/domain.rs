//! Pure rules: no database, no HTTP, no clock. Whatever can be decided from values alone is decided here.

pub mod link;
pub mod slug;
pub mod text;
