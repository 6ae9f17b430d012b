//! The demonstration newsroom: a small fictional paper for developers to try every call on, never for production.
//!
//! May use newsroom, db and domain. Its texts are data under `content/`, embedded into the binary.

pub mod content;
