//! How PostgreSQL is set for the connection that asks.

use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::{Double, Text};
use diesel_async::RunQueryDsl;

use super::{Connection, Result};

diesel::define_sql_function! {
    fn current_setting(name: Text) -> Text;
}
diesel::define_sql_function! {
    fn ln(of: Double) -> Double;
}

/// Whether no changes are taken: PostgreSQL is a standby, or was told so.
///
/// # Errors
/// When the database fails.
pub async fn is_read_only(conn: &mut Connection) -> Result<bool> {
    Ok(setting(conn, "transaction_read_only").await? == "on")
}

/// Whether PostgreSQL speaks English to us, whatever its settings are called. (It is asked for what is not there.)
///
/// # Errors
/// When the database fails otherwise.
pub async fn speaks_english(conn: &mut Connection) -> Result<bool> {
    match diesel::select(ln(0.0)).get_result::<f64>(conn).await {
        Err(Error::DatabaseError(DatabaseErrorKind::Unknown, info)) => {
            Ok(info.message() == "cannot take logarithm of zero")
        }
        other => other.map(|_| false),
    }
}

async fn setting(conn: &mut Connection, name: &str) -> Result<String> {
    diesel::select(current_setting(name)).get_result(conn).await
}
