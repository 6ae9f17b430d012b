//! How long a statement may take and wait, lifted for what may take longer.

use diesel::sql_types::{Bool, Text};
use diesel_async::RunQueryDsl;

use super::{Connection, Result};

/// What bounds a statement on each of our connections.
pub const OURS: [&str; 2] = ["statement_timeout", "lock_timeout"];

diesel::define_sql_function! {
    /// Changes a setting: of this transaction when it is `local`, else of this connection.
    fn set_config(name: Text, value: Text, local: Bool) -> Text;
}

/// Lifts them until this transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn lift(conn: &mut Connection) -> Result<()> {
    for bound in OURS {
        diesel::select(set_config(bound, "0", true)).execute(conn).await?;
    }
    Ok(())
}
