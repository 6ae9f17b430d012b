//! The variable parts of a path.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

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
