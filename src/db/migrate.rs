//! The schema's migrations, compiled into the binary and run one server at a time.

use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Connection, bounds};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Any number that no other program on the same database takes an advisory lock on: "masthead" in ASCII.
const LOCK: i64 = 0x6d61_7374_6865_6164;

diesel::define_sql_function! {
    /// Waits for, then holds, a lock until the connection ends.
    fn pg_advisory_lock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Text;
}
diesel::define_sql_function! {
    fn pg_advisory_unlock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
}

/// Why migrating failed.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error("a migration failed and was rolled back: {0}")]
    Failed(String),
    #[error("the migrations cannot be run one server at a time: {0}")]
    Lock(#[from] diesel::result::Error),
    #[error("migrating was interrupted: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

/// One migration, and whether the database has it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct MigrationState {
    pub version: String,
    pub name: String,
    pub applied: bool,
}

/// Runs what has not been run; answers the versions run now.
///
/// # Errors
/// When a migration fails; it leaves nothing behind.
pub async fn run(mut conn: Connection) -> Result<Vec<String>, MigrateError> {
    // Nothing is locked for nothing: behind a pooler the lock may be another session's when it is given back.
    if pending(&mut conn).await.is_ok_and(|pending| pending.is_empty()) {
        return Ok(Vec::new());
    }
    locked(conn, |conn| {
        conn.run_pending_migrations(MIGRATIONS)
            .map(|versions| versions.iter().map(ToString::to_string).collect())
    })
    .await
}

/// Takes back the newest migration, and what it holds; answers its version.
///
/// # Errors
/// When there is none, or it cannot be taken back.
pub async fn revert(conn: Connection) -> Result<Option<String>, MigrateError> {
    locked(conn, |conn| {
        if conn.applied_migrations()?.is_empty() {
            return Ok(None);
        }
        conn.revert_last_migration(MIGRATIONS)
            .map(|version| Some(version.to_string()))
    })
    .await
}

/// Every migration this binary knows, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn status(conn: Connection) -> Result<Vec<MigrationState>, MigrateError> {
    locked(conn, |conn| {
        let applied: Vec<MigrationVersion<'static>> = conn.applied_migrations()?;
        let known: Vec<Box<dyn Migration<Pg>>> = MIGRATIONS.migrations()?;
        Ok(known
            .iter()
            .map(|migration| MigrationState {
                version: migration.name().version().to_string(),
                name: migration.name().to_string(),
                applied: applied.contains(&migration.name().version().as_owned()),
            })
            .collect())
    })
    .await
}

diesel::table! {
    /// Where diesel notes what it has run.
    #[sql_name = "__diesel_schema_migrations"]
    applied_migrations (version) {
        version -> Text,
    }
}

/// The versions that this binary knows and the database lacks: one query, without the lock.
///
/// # Errors
/// When the database cannot be asked.
pub async fn pending(conn: &mut Connection) -> super::Result<Vec<String>> {
    let applied: Vec<String> =
        diesel_async::RunQueryDsl::load(applied_migrations::table.select(applied_migrations::version), conn).await?;
    let known: Vec<Box<dyn Migration<Pg>>> = MIGRATIONS
        .migrations()
        .map_err(diesel::result::Error::QueryBuilderError)?;
    let known = known.iter().map(|migration| migration.name().version().to_string());
    Ok(known.filter(|version| !applied.contains(version)).collect())
}

type Wrapped = AsyncConnectionWrapper<Connection>;

/// Works under the advisory lock, off the request threads: diesel's migrations are blocking and take no lock themselves.
async fn locked<T: Send + 'static>(
    conn: Connection,
    work: impl FnOnce(&mut Wrapped) -> diesel::migration::Result<T> + Send + 'static,
) -> Result<T, MigrateError> {
    tokio::task::spawn_blocking(move || {
        let mut conn = Wrapped::from(conn);
        // The first of several servers may take its time, and so may a big table.
        for bound in bounds::OURS {
            diesel::select(bounds::set_config(bound, "0", false)).execute(&mut conn)?;
        }
        diesel::select(pg_advisory_lock(LOCK)).execute(&mut conn)?;
        let done = work(&mut conn).map_err(|error| MigrateError::Failed(error.to_string()));
        diesel::select(pg_advisory_unlock(LOCK)).execute(&mut conn)?;
        done
    })
    .await?
}
