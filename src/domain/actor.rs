//! Who acts, and when.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::permission::{Permission, Role};

/// A signed-in account, as it was loaded for this request.
#[derive(Clone, Debug)]
pub struct Actor {
    pub user_id: Uuid,
    pub session_id: Uuid,
    pub name: String,
    pub email: String,
    pub role: Role,
}

impl Actor {
    /// Whether this account may do `permission`.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.role.may(permission)
    }
}

/// What every change is told: by whom, at which instant, asked for by which request.
///
/// `actor` is `None` when the program itself acts (the command line, the demo content, a job).
#[derive(Clone, Debug)]
pub struct Act {
    pub actor: Option<Actor>,
    pub now: DateTime<Utc>,
    pub request_id: Option<String>,
}

impl Act {
    /// An act of the program itself.
    #[must_use]
    pub fn system(now: DateTime<Utc>) -> Self {
        Self {
            actor: None,
            now,
            request_id: None,
        }
    }

    /// The account that acts.
    #[must_use]
    pub fn user_id(&self) -> Option<Uuid> {
        self.actor.as_ref().map(|actor| actor.user_id)
    }

    /// Whether this may be done: the program itself may do everything.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.actor.as_ref().is_none_or(|actor| actor.may(permission))
    }
}
