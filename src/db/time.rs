//! The database's own clock, for where nodes must agree.

use chrono::{DateTime, Utc};
use diesel_async::RunQueryDsl;

use super::{Connection, Result};
use crate::clock::Clock;

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

/// What time all nodes agree on: the database's. (A clock that is moved by hand is shared by those who look at it.)
///
/// # Errors
/// When the database fails.
pub async fn agreed(conn: &mut Connection, clock: &Clock) -> Result<DateTime<Utc>> {
    if clock.is_own() {
        now(conn).await
    } else {
        Ok(clock.now())
    }
}
