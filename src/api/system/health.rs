//! Is the process alive, and can it do its work?

use std::sync::atomic::Ordering;

use actix_web::{get, web};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use tokio::sync::Mutex;
use utoipa::ToSchema;

use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::guard::Anyone;
use crate::clock::Clock;
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

/// How the database was found last; asked again after a second, by one of those who want to know.
#[derive(Default)]
pub struct Readiness(Mutex<Option<(DateTime<Utc>, Result<()>)>>);

impl Readiness {
    /// What is known, or else what `look` finds. Whoever asks meanwhile waits for that.
    async fn known_or(&self, clock: &Clock, look: impl Future<Output = Result<()>>) -> Result<()> {
        let mut last = self.0.lock().await;
        let fresh = |at: DateTime<Utc>| (TimeDelta::zero()..TimeDelta::seconds(1)).contains(&(clock.now() - at));
        if let Some((_, found)) = last.as_ref().filter(|(at, _)| fresh(*at)) {
            return found.clone();
        }
        let found = look.await;
        // However long that took, it is news to those who waited.
        *last = Some((clock.now(), found.clone()));
        found
    }
}

/// Can requests be answered?
///
/// They can when the database is reached and has every migration, until the server is told to end. A load balancer asks this.
#[utoipa::path(
    tag = "System",
    operation_id = "get_readiness",
    responses((status = 200, description = "They can.", body = Health))
)]
#[get("/readyz")]
pub async fn get_readiness(anyone: Anyone, app: Shared, readiness: web::Data<Readiness>) -> Result<Reply<Health>> {
    if app.closing.load(Ordering::Acquire) {
        return Err(Error::new(
            Code::Overloaded,
            "This server is about to end; ask another one.",
        ));
    }
    let look = look(&anyone, app.config.role.serves_staff());
    let found = readiness.known_or(&app.clock, look).await;
    found.map(|()| Health::ok())
}

/// Whether the database is there, with every migration; and takes changes, where that is all there is to do.
async fn look(anyone: &Anyone, writes: bool) -> Result<()> {
    let mut conn = anyone.connect_to_primary().await?;
    let pending = db::migrate::pending(&mut conn).await?;
    let lacking = match pending.len() {
        0 if writes && db::settings::is_read_only(&mut conn).await? => {
            let detail = "The database takes no changes at the moment.";
            return Err(Error::new(Code::DatabaseUnavailable, detail));
        }
        0 => return Ok(()),
        1 => "1 migration".to_owned(),
        several => format!("{several} migrations"),
    };
    let detail = format!("The database lacks {lacking}; run `masthead migrate run`.");
    Err(Error::new(Code::DatabaseUnavailable, detail))
}
