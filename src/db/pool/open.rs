//! Opening a connection, and what each is told then.

use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use tokio_postgres::error::SqlState;

use super::PoolOptions;
use crate::db::silence::Silence;
use crate::db::tls::{Target, TargetError};

/// Opens one connection outside the pool.
///
/// # Errors
/// When the database cannot be reached or refuses us.
pub async fn connect(url: &str, options: &PoolOptions) -> Result<AsyncPgConnection, ConnectError> {
    Ok(open(&prepare(Target::parse(url)?, options), &Silence::default()).await?)
}

/// Why a single connection could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error("the database cannot be reached: {0}")]
    Unreachable(#[from] ConnectionError),
}

/// What every connection is told: UTC, bounded statements, no transaction left open by a lost client. And no compiling of
/// plans: it takes PostgreSQL longer (60 ms and more) than any statement of ours. And that what is read by an index is
/// mostly in memory, as it is here: else small tables are read whole for each article of a page. What the address of the
/// database says otherwise holds.
///
/// Both ends notice when the other one is gone: what was sent must be confirmed in time, and who is quiet is asked for a sign
/// of life.
pub fn prepare(mut target: Target, options: &PoolOptions) -> Target {
    let own = format!(
        "-c timezone=UTC -c jit=off -c random_page_cost=1.1 -c statement_timeout={}ms -c lock_timeout=5s \
         -c idle_in_transaction_session_timeout=30s -c tcp_user_timeout=10s -c tcp_keepalives_idle=10 \
         -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3",
        options.statement_timeout.as_millis()
    );
    let given = target.config.get_options().map(|given| format!("{own} {given}"));
    let config = target
        .config
        .options(given.unwrap_or(own))
        .application_name("masthead")
        .connect_timeout(options.connect_timeout);
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(options.connect_timeout);
    }
    if config.get_keepalives_interval().is_none() {
        config
            .keepalives_idle(Duration::from_secs(10))
            .keepalives_interval(Duration::from_secs(5))
            .keepalives_retries(3);
    }
    target
}

/// Opens one connection.
///
/// # Errors
/// When the database cannot be reached or refuses us.
pub async fn open(target: &Target, silence: &Silence) -> ConnectionResult<AsyncPgConnection> {
    let (client, connection) = target
        .config
        .connect(target.tls.clone())
        .await
        .map_err(|error| ConnectionError::BadConnection(reason(&error)))?;
    let ended = silence.ended();
    tokio::spawn(async move {
        tokio::select! {
            closed = connection => if let Err(error) = closed {
                tracing::debug!(error = reason(&error), "a connection to the database ended");
            },
            () = ended => {}
        }
    });
    speak_english(&client).await?;
    pack_quickly(&client).await?;
    AsyncPgConnection::try_from(client).await
}

/// Errors are told apart by what they say as well. Only a superuser, or whom one lets, chooses the language; `masthead doctor`
/// says so where that matters.
async fn speak_english(client: &tokio_postgres::Client) -> ConnectionResult<()> {
    match client.batch_execute("SET lc_messages TO 'C'").await {
        Err(error) if error.code() != Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
            Err(ConnectionError::BadConnection(reason(&error)))
        }
        _ => Ok(()),
    }
}

/// Long texts are packed by lz4, in a fraction of the time that PostgreSQL's own way takes; where it was built without, by that.
async fn pack_quickly(client: &tokio_postgres::Client) -> ConnectionResult<()> {
    match client.batch_execute("SET default_toast_compression TO 'lz4'").await {
        Err(error) if error.code() != Some(&SqlState::INVALID_PARAMETER_VALUE) => {
            Err(ConnectionError::BadConnection(reason(&error)))
        }
        _ => Ok(()),
    }
}

/// tokio-postgres says "db error" and keeps the reason in its source.
fn reason(error: &tokio_postgres::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}
