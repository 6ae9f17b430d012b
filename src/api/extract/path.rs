//! The variable parts of a path.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::after_guard;
use crate::error::{Error, Result};

/// The variable parts of a path, read as `T`. A part that cannot be read names nothing that exists: 404.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let parts = web::Path::<T>::from_request(request, payload);
        let request = request.clone();
        async move {
            let parts = parts.await.map(|parts| Self(parts.into_inner()));
            after_guard(request, parts.map_err(|_| Error::not_found("thing"))).await
        }
        .boxed_local()
    }
}

/// What names a resource in a path: its id or its slug. A slug never looks like an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdOrSlug {
    Id(Uuid),
    Slug(String),
}

impl From<&str> for IdOrSlug {
    fn from(text: &str) -> Self {
        Uuid::try_parse(text).map_or_else(|_| Self::Slug(text.to_owned()), Self::Id)
    }
}

impl<'de> Deserialize<'de> for IdOrSlug {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // PostgreSQL holds no NUL, and no slug is this long: such a name is nobody's.
        if text.contains('\0') || text.len() > 1000 {
            return Err(serde::de::Error::custom("no name"));
        }
        Ok(Self::from(text.as_str()))
    }
}
