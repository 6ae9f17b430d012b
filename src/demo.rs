//! The demonstration newsroom: a small fictional paper for developers to try every call on, never for production.
//!
//! May use newsroom, db and domain. Its texts are data under `content/`, embedded into the binary.

pub mod content;

/// Who signs in to the demo newsroom to try everything that an editor may.
pub const EDITOR: &str = "editor@demo.local";

/// The password of every user of the demo newsroom.
pub const PASSWORD: &str = "masthead-demo";
