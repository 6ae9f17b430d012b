//! An account, as the things that it touched refer to it.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An account, as the things that it touched refer to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserRef {
    pub id: Uuid,
    pub name: String,
}
