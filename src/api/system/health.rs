//! Is the process alive, and can it do its work?

use std::sync::{Mutex, PoisonError};

use actix_web::{get, web};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::guard::Anyone;
use crate::db;
use crate::error::{Code, Error, Result};

/// How a server is.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`: what is not ok is a problem.
    pub status: String,
}

impl Health {
    fn ok() -> Reply<Self> {
        Reply::ok(Self {
            status: "ok".to_owned(),
        })
    }
}

/// Is the process alive?
///
/// Answers without touching the database: a restart would not mend a database that is away.
#[utoipa::path(
    tag = "System",
    operation_id = "get_health",
    responses((status = 200, description = "It is.", body = Health))
)]
#[get("/healthz")]
pub async fn get_health() -> Reply<Health> {
    Health::ok()
}

/// When the database was last found to be well; asked again after a second.
#[derive(Default)]
pub struct Readiness(Mutex<Option<DateTime<Utc>>>);

impl Readiness {
    fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| (TimeDelta::zero()..TimeDelta::seconds(1)).contains(&(now - last)))
    }

    fn found_well(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }
}

/// Can requests be answered?
///
/// They can when the database is reached and has every migration. A load balancer asks this.
#[utoipa::path(
    tag = "System",
    operation_id = "get_readiness",
    responses((status = 200, description = "They can.", body = Health))
)]
#[get("/readyz")]
pub async fn get_readiness(anyone: Anyone, app: Shared, readiness: web::Data<Readiness>) -> Result<Reply<Health>> {
    let now = app.clock.now();
    if !readiness.is_fresh(now) {
        let mut conn = anyone.connect_to_primary().await?;
        let pending = db::migrate::pending(&mut conn).await?;
        if !pending.is_empty() {
            let lacking = match pending.len() {
                1 => "1 migration".to_owned(),
                several => format!("{several} migrations"),
            };
            let detail = format!("The database lacks {lacking}; run `masthead migrate run`.");
            return Err(Error::new(Code::DatabaseUnavailable, detail));
        }
        readiness.found_well(now);
    }
    Ok(Health::ok())
}
