//! Tells shared caches in front of us what changed.

use std::time::Duration;

use super::{Job, Tools, Trouble};
use crate::db;
use crate::domain::purge::{NODES_HEAR, Purge, PurgeKind};
use crate::newsroom::{self, Told};
use crate::outbound::{Letter, Outbound};

/// How much longer than every node's hearing of a change its telling waits: what left before is on its way.
const MARGIN: Duration = Duration::from_millis(100);
/// How often changes are looked for.
const LOOK: Duration = Duration::from_millis(200);
/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_secs(5);
/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long all of them may take: the transaction that notes it is open meanwhile, and PostgreSQL ends one that idles for 30.
const ALL: Duration = Duration::from_secs(20);
/// Nothing in an answer matters but its status.
const MOST_ANSWER: usize = 64 * 1024;

/// A shared cache, and how it is reached.
#[derive(Clone, Debug)]
pub struct SharedCache {
    pub outbound: Outbound,
    pub kind: PurgeKind,
    /// Without a slash at the end.
    pub url: String,
    pub token: Option<secrecy::SecretString>,
}

/// Tells this shared cache of every change.
impl Job for SharedCache {
    const NAME: &'static str = "purger";
    const AGAIN: Duration = AGAIN;

    async fn once(&self, tools: &Tools) -> Result<Duration, Trouble> {
        let mut conn = tools.pool.get().await?;
        let now = db::time::agreed(&mut conn, &tools.clock).await?;
        let name = format!("{} {}", self.kind, self.url);
        let tell = |purge: Purge| async move {
            tokio::time::sleep(NODES_HEAR + MARGIN).await;
            let heard = tokio::time::timeout(ALL, self.tell(&purge)).await.unwrap_or(false);
            tools.metrics.purges.count(if heard { "heard" } else { "unheard" });
            heard
        };
        Ok(match newsroom::purge_shared_cache(&mut conn, &name, now, tell).await? {
            Told::Nothing => LOOK,
            // What changed meanwhile has waited.
            Told::Heard => Duration::ZERO,
            Told::Unheard => AGAIN,
        })
    }
}

impl SharedCache {
    /// Whether it heard everything.
    async fn tell(&self, purge: &Purge) -> bool {
        let token = self.token.as_ref().map(secrecy::ExposeSecret::expose_secret);
        for request in purge.requests(self.kind, token) {
            let letter = Letter {
                url: &format!("{}{}", self.url, request.path),
                headers: request.headers,
                body: request.body.into_bytes(),
                timeout: PATIENCE,
                most_answer: MOST_ANSWER,
            };
            match self.outbound.post(letter).await {
                Ok(answer) if (200..300).contains(&answer.status) => {}
                Ok(answer) => {
                    tracing::warn!(
                        status = answer.status,
                        endpoint = self.url,
                        "a shared cache refused to be told what changed"
                    );
                    return false;
                }
                Err(error) => {
                    tracing::warn!(%error, endpoint = self.url, "a shared cache did not hear what changed");
                    return false;
                }
            }
        }
        true
    }
}
