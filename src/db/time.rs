//! The database's own clock, for where nodes must agree.

use chrono::{DateTime, Utc};
use diesel_async::RunQueryDsl;

use super::{Connection, Result};

diesel::define_sql_function! {
    /// The instant at which PostgreSQL runs this.
    fn clock_timestamp() -> diesel::sql_types::Timestamptz;
}

/// What time the database has.
///
/// # Errors
/// When the database fails.
pub async fn now(conn: &mut Connection) -> Result<DateTime<Utc>> {
    diesel::select(clock_timestamp()).get_result(conn).await
}
