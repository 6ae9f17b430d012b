//! A form, as OAuth asks for at the token endpoint. Elsewhere bodies are JSON.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

use super::{after_guard, json, query};
use crate::error::{Code, Error, Result};

/// The body, an `application/x-www-form-urlencoded` form, read as `T`.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        async move {
            let form = form(&request, payload).await;
            after_guard(request, form).await.map(Self)
        }
        .boxed_local()
    }
}

async fn form<T: DeserializeOwned>(request: &HttpRequest, payload: Payload) -> Result<T> {
    if json::media_type(request) != "application/x-www-form-urlencoded" {
        return Err(Error::new(
            Code::UnsupportedMediaType,
            "Send the form as `Content-Type: application/x-www-form-urlencoded`.",
        ));
    }
    let bytes = json::read(request, payload).await?;
    // What is not UTF-8 was not encoded as a form is; its replacement characters match no password.
    query::parse(&String::from_utf8_lossy(&bytes))
}
