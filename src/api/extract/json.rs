//! A JSON body: bounded in size, time and depth, with no field that is not known.

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt, StreamExt};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::objects::Objects;
use super::once::BodyHash;
use super::{after_guard, field_error};
use crate::app::Shared;
use crate::domain::check::FieldError;
use crate::error::{Code, Error, Result};

/// The body, read as `T`.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        async move {
            let body = body(&request, payload).await;
            after_guard(request, body).await.map(Self)
        }
        .boxed_local()
    }
}

/// The body, read as `T`; when there is none, what `T` is by default.
pub struct OptionalJson<T>(pub T);

impl<T: DeserializeOwned + Default + 'static> FromRequest for OptionalJson<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        async move {
            let body = optional_body(&request, payload).await;
            after_guard(request, body).await.map(Self)
        }
        .boxed_local()
    }
}

async fn optional_body<T: DeserializeOwned + Default>(request: &HttpRequest, payload: Payload) -> Result<T> {
    let bytes = read(request, payload).await?;
    if bytes.is_empty() {
        return Ok(T::default());
    }
    require_json(request)?;
    parse(&bytes)
}

async fn body<T: DeserializeOwned>(request: &HttpRequest, payload: Payload) -> Result<T> {
    require_json(request)?;
    parse(&read(request, payload).await?)
}

/// The media type of the body, without its parameters.
pub(super) fn media_type(request: &HttpRequest) -> String {
    let given = request.headers().get(CONTENT_TYPE);
    let given = given.and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn require_json(request: &HttpRequest) -> Result<()> {
    let essence = media_type(request);
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok(());
    }
    Err(Error::new(
        Code::UnsupportedMediaType,
        "Send the body as `Content-Type: application/json`.",
    ))
}

/// Reads the whole body within the limits of the settings.
pub(super) async fn read(request: &HttpRequest, mut payload: Payload) -> Result<BytesMut> {
    let settings = &request.app_data::<Shared>().ok_or_else(no_app)?.config.http;
    let limit = settings.body_limit;
    let too_large = || {
        Error::new(
            Code::PayloadTooLarge,
            format!("The body may have {limit} bytes at most."),
        )
    };
    let declared = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut body = BytesMut::with_capacity(declared.unwrap_or(0));
    let whole = async {
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Error::new(Code::InvalidJson, "The body broke off before its end."))?;
            if body.len() + chunk.len() > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(())
    };
    match tokio::time::timeout(settings.body_timeout, whole).await {
        Ok(read) => {
            read?;
            request.extensions_mut().insert(BodyHash::of(&body));
            Ok(body)
        }
        Err(_) => Err(Error::new(Code::RequestTimeout, "The body did not arrive in time.")),
    }
}

fn no_app() -> Error {
    Error::new(Code::InternalError, "The server was built without its settings.")
}

/// serde would take a list of the values, in the order of the fields, for an object too.
fn require_object(bytes: &[u8]) -> Result<()> {
    if bytes.trim_ascii_start().starts_with(b"{") {
        return Ok(());
    }
    serde_json::from_slice::<IgnoredAny>(bytes).map_err(|error| not_json(&error))?;
    let problem = FieldError::field(
        "",
        "invalid_type",
        "must be a JSON object, such as `{\"name\": \"...\"}`",
    );
    Err(Error::invalid(vec![problem]))
}

fn not_json(error: &serde_json::Error) -> Error {
    Error::new(Code::InvalidJson, format!("The body is not valid JSON: {error}."))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    require_object(bytes)?;
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(Objects(&mut deserializer)).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() {
            let path = if path == "." { "" } else { &path };
            Error::invalid(vec![field_error(path, &inner.to_string())])
        } else {
            not_json(&inner)
        }
    })?;
    deserializer.end().map_err(|error| not_json(&error))?;
    Ok(value)
}
