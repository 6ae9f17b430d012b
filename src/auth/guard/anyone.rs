//! Delivery's guard: who reads what everybody may read.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::{Ready, ready};

use super::authenticator;
use crate::auth::{AuthError, Authenticator};
use crate::db::pool::PoolError;
use crate::db::{Joined, Pooled};

/// Anybody at all: delivery's guard. It reads no credential, and is the only way for a public read to the database.
pub struct Anyone {
    authenticator: web::Data<Authenticator>,
}

impl Anyone {
    /// A connection for a public read: to a replica that shows all that is known to have changed, else to the primary.
    ///
    /// # Errors
    /// When none is to be had.
    pub async fn connect(&self) -> Result<Pooled, PoolError> {
        match self.authenticator.replicas.get().await {
            Some(replica) => Ok(replica),
            None => self.authenticator.pool.get().await,
        }
    }

    /// The same for questions about so many articles that are answered in a moment: others may be asking over it as well.
    ///
    /// # Errors
    /// When none is to be had.
    pub async fn join(&self, articles: u32) -> Result<Joined, PoolError> {
        match self.authenticator.replicas.get().await {
            Some(replica) => Ok(replica.into()),
            None => self.authenticator.pool.join(articles).await,
        }
    }

    /// A connection to the primary.
    ///
    /// # Errors
    /// When none is to be had.
    pub async fn connect_to_primary(&self) -> Result<Pooled, PoolError> {
        self.authenticator.pool.get().await
    }
}

impl FromRequest for Anyone {
    type Error = AuthError;
    type Future = Ready<Result<Self, AuthError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(authenticator(request).map(|authenticator| Self { authenticator }))
    }
}
