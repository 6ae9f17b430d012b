//! An account or an API key, as the things that it touched refer to it.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An account, as the things that it touched refer to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserRef {
    pub id: Uuid,
    pub name: String,
}

impl UserRef {
    /// The account with this id, while it has a name.
    #[must_use]
    pub fn of(id: Option<Uuid>, name: Option<String>) -> Option<Self> {
        id.zip(name).map(|(id, name)| Self { id, name })
    }
}

/// An API key, as what it did refers to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApiKeyRef {
    pub id: Uuid,
    pub name: String,
}

impl ApiKeyRef {
    /// The key with this id, while it has a name.
    #[must_use]
    pub fn of(id: Option<Uuid>, name: Option<String>) -> Option<Self> {
        id.zip(name).map(|(id, name)| Self { id, name })
    }
}
