//! The demonstration newsroom: a small fictional paper for developers to try every call on, never for production.
//!
//! Its texts are data under `content/`, embedded into the binary; it is written by the same functions that editors' calls
//! end in, each at the hour it pretends to have happened. A big one, for measuring, is made up from word lists instead.

mod clear;
pub mod content;
mod convert;
mod load;
pub mod scale;

pub use clear::clear;
pub use load::load;
pub use scale::{Scale, load_scale};

use diesel_async::AsyncConnection;

use crate::db::{self, Connection};
use crate::domain::body::BodyRules;
use crate::newsroom::Refusal;
use content::ContentError;

/// Who signs in to the demo newsroom to try everything that an editor may.
pub const EDITOR: &str = "editor@demo.local";

/// The password of every user of the demo newsroom.
pub const PASSWORD: &str = "masthead-demo";

/// The row that says that the demo was loaded once, so that a start after `demo clear` leaves the database clear.
const MARKER: &str = "demo";

/// Why the demo was not loaded or cleared. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Content(#[from] ContentError),
    #[error("the demonstration newsroom cannot be written: {0}")]
    Refused(#[from] Refusal),
    #[error("the database already holds accounts; the demonstration newsroom is only loaded into an empty one")]
    NotEmpty,
}

impl From<diesel::result::Error> for DemoError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Refused(error.into())
    }
}

/// How many of each were written.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Loaded {
    pub sections: usize,
    pub tags: usize,
    pub authors: usize,
    pub articles: usize,
    pub comments: usize,
    pub users: usize,
}

/// What loading takes besides the database.
pub struct Tools<'a> {
    /// [`PASSWORD`], hashed.
    pub password_hash: String,
    pub rules: &'a BodyRules,
    /// What turns a commenter's e-mail into what is kept of it.
    pub hash_email: &'a (dyn Fn(&str) -> Vec<u8> + Sync),
    pub now: chrono::DateTime<chrono::Utc>,
}

/// Whether the database is one that the demo goes into by itself: empty, and never had it.
///
/// # Errors
/// When the database fails.
pub async fn is_due(conn: &mut Connection) -> Result<bool, DemoError> {
    Ok(!db::users::any(conn).await? && !db::markers::is_set(conn, MARKER).await?)
}

/// Loads the demo into a database that is empty and never had it. Answers whether it did.
///
/// # Errors
/// When the database fails; nothing is left behind.
pub async fn load_once(conn: &mut Connection, tools: &Tools<'_>) -> Result<bool, DemoError> {
    conn.transaction(async |conn| {
        // Of two servers that start together one writes the marker, and the other finds it, however long that takes.
        db::bounds::lift(conn).await?;
        if !is_due(conn).await? || !db::markers::set(conn, MARKER, tools.now).await? {
            return Ok(false);
        }
        load(conn, tools).await?;
        Ok(true)
    })
    .await
}
