//! Who is asking, and may they. May use db, domain, config and the clock.

pub mod access_token;
pub mod keyed_hash;
pub mod password;
pub mod refresh_token;
