//! A database into which another one's contents are restored: it is emptied first, and marked until what came with them and
//! must not live has been ended.
//!
//! The mark is a schema of its own: what is restored brings none, and takes none away.

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

use super::bounds::set_config;
use super::{Connection, Result};

/// How the mark is called.
const MARK: &str = "masthead_restore";

/// Everything goes, extensions included: `pg_restore --clean` would leave what the backup does not know. The new schema belongs
/// to the same as the one that `CREATE DATABASE` makes.
const EMPTY: &str = "CREATE SCHEMA IF NOT EXISTS masthead_restore; DROP SCHEMA IF EXISTS public CASCADE; \
                     CREATE SCHEMA public AUTHORIZATION pg_database_owner; GRANT USAGE ON SCHEMA public TO PUBLIC";

diesel::table! {
    information_schema.tables (table_schema, table_name) {
        table_schema -> Text,
        table_name -> Text,
    }
}

diesel::define_sql_function! {
    /// The schema of this name, if there is one.
    fn to_regnamespace(name: Text) -> Nullable<Oid>;
}

/// Whether there is a table, whoever's it is. That it was looked at by us before makes none.
///
/// # Errors
/// When the database fails.
pub async fn has_tables(conn: &mut Connection) -> Result<bool> {
    let found = tables::table
        .filter(tables::table_schema.eq("public"))
        .filter(tables::table_name.ne("__diesel_schema_migrations"));
    diesel::select(diesel::dsl::exists(found)).get_result(conn).await
}

/// Marks the database and takes away everything in it, at once or not at all. The connection is of no use for anything else.
///
/// # Errors
/// When somebody uses it, or it is not ours to empty.
pub async fn begin(conn: &mut Connection) -> Result<()> {
    diesel::select(set_config("statement_timeout", "0", false))
        .execute(conn)
        .await?;
    conn.batch_execute(EMPTY).await
}

/// Whether something was restored, and what must not live was not ended since.
///
/// # Errors
/// When the database fails.
pub async fn is_unfinished(conn: &mut Connection) -> Result<bool> {
    diesel::select(to_regnamespace(MARK).is_not_null())
        .get_result(conn)
        .await
}

/// Takes the mark away.
///
/// # Errors
/// When the database fails.
pub async fn finish(conn: &mut Connection) -> Result<()> {
    conn.batch_execute("DROP SCHEMA IF EXISTS masthead_restore").await
}
